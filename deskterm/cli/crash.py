"""What is left of an error that nobody foresaw: an id for the person, and a log that says where it happened.

The log holds classes and places only. A message or a local variable may quote what somebody typed, or a password.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import traceback
from collections.abc import Iterator
from pathlib import Path

from deskterm.errors import DeskError

LARGEST = 2**20
"""Bytes of the log at which it starts anew; one older log is kept."""


class Unforeseen(DeskError):
    """A fault of the program; `code` for scripts, an id for the log."""

    code = "internal"


def log_path() -> Path:
    """Return where errors are logged: the user's state folder."""
    import platformdirs

    return platformdirs.user_state_path("deskterm", appauthor=False) / "errors.log"


def report(problem: BaseException) -> Unforeseen:
    """Log an error and return what to tell the person; a log that cannot be written is no second error."""
    error_id = secrets.token_hex(4)
    path = log_path()
    try:
        _append(path, "\n".join(_entry(error_id, problem)) + "\n")
    except OSError:
        return Unforeseen(f"something went wrong that nobody foresaw, and it could not be logged ({_name(problem)}, {error_id})")
    return Unforeseen(f"something went wrong that nobody foresaw; report it with id {error_id}, details are in {path}")


def _append(path: Path, text: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.suppress(FileNotFoundError):
        if path.stat().st_size > LARGEST:
            path.replace(path.with_suffix(".log.1"))
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as file:
        file.write(text)


def _entry(error_id: str, problem: BaseException) -> Iterator[str]:
    import platform

    import deskterm
    from deskterm.clock import SystemClock, format_instant

    now = format_instant(SystemClock().now())
    yield f"{now} {error_id} deskterm {deskterm.__version__}, Python {platform.python_version()}, {platform.system()}"
    seen: set[int] = set()
    current: BaseException | None = problem
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield f"  {_name(current)}"
        for frame in traceback.extract_tb(current.__traceback__):
            yield f"    {frame.filename}:{frame.lineno} in {frame.name}"
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)


def _name(problem: BaseException) -> str:
    return f"{type(problem).__module__}.{type(problem).__qualname__}"
