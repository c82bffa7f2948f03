"""The plans on this machine, for the day on which the shared database is the casualty: Markdown to read, JSON for programs.

A folder for each desk under the folder of this account's state, one file a plan, written whole and renamed into place. Whoever
keeps a console or a worker open has a copy that is seconds old; nothing of it needs a database to be read.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from deskterm.continuity.copy_text import index_page, plan_page
from deskterm.errors import DatabaseError, DeskError, NotFound
from deskterm.whole_files import write_whole

FORMAT: Final = 1
"""Version of the files; others are not read."""
DATA: Final = "plans.json"
INDEX: Final = "README.md"
LARGEST: Final = 64 * 2**20
"""Bytes of a copy that is read."""
_NUMBER = re.compile(r"[A-Z]{1,12}-\d{1,12}")


class CopyLost(DeskError):
    """The copy cannot be written on this machine."""

    code = "copy"


def folder_for(label: str, environ: Mapping[str, str] = os.environ) -> Path:
    """Return where the plans of a desk are kept on this machine.

    Args:
        label: the desk's location, as it may be shown.
        environ: the process's environment.
    """
    from deskterm.drafts import STATE_VARIABLE

    if named := environ.get(STATE_VARIABLE):
        base = Path(named)
    else:
        from platformdirs import user_state_path

        base = user_state_path("deskterm", appauthor=False)
    return base / "plans" / hashlib.sha256(label.encode()).hexdigest()[:24]


def write(folder: Path, found: Mapping[str, Any]) -> None:
    """Write a copy into a folder, in place of what it held; plans that are there no more go.

    Raises:
        CopyLost: the disk is full, or the folder may not be written.
    """
    plans = found["plans"]
    pages = {f"{plan['number']}.md": plan_page(plan, found) for plan in plans if _NUMBER.fullmatch(str(plan["number"]))}
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, text in {**pages, INDEX: index_page(found)}.items():
            write_whole(folder / name, text.encode("utf-8", "backslashreplace"))
        write_whole(folder / DATA, json.dumps(found, indent=1).encode("ascii"))
        for left in folder.glob("*.md"):
            if left.name not in pages and left.name != INDEX and _NUMBER.fullmatch(left.stem):
                left.unlink(missing_ok=True)
    except OSError as problem:
        said = (problem.strerror or str(problem)).lower()
        raise CopyLost(f"the copy of the plans cannot be kept in {folder}: {said}; make room, or set DESKTERM_STATE") from None


def read(folder: Path) -> dict[str, Any]:
    """Return the copy in a folder.

    Raises:
        NotFound: there is none that can be read; the message says what to do.
    """
    try:
        if (folder / DATA).stat().st_size > LARGEST:
            raise ValueError("too large")
        found = json.loads((folder / DATA).read_bytes())
        if found["format"] != FORMAT or not isinstance(found["plans"], list):
            raise ValueError("of another version")
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise NotFound(
            f"this machine has no copy of the plans of this desk ({folder}); a console or worker that is open keeps one, "
            "and deskterm continuity copy makes one"
        ) from None
    return dict(found)


def label_of(location: str) -> str:
    """Return how a desk's location is shown; nothing is opened."""
    from data.engine import Database

    return Database(location).label


def at_hand(location: str) -> tuple[Path, dict[str, Any]] | None:
    """Return where this machine's copy of a desk's plans lies and what it holds; None where there is none. Needs no desk."""
    try:
        folder = folder_for(label_of(location))
        return folder, read(folder)
    except (NotFound, DatabaseError):
        return None


def offer(location: str) -> str:
    """Return where the plans can be read while the desk cannot be reached; empty where this machine has no copy."""
    found = at_hand(location)
    if found is None:
        return ""
    folder, kept = found
    return f"the continuity plans as of {kept['at']} lie in {folder}; read them with: deskterm continuity read"


def page(kept: Mapping[str, Any], word: str = "") -> str:
    """Return a page of a copy: that of one plan, by number or name, or the index.

    Raises:
        NotFound: there is no such plan in it.
    """
    if not word.strip():
        return index_page(kept)
    wanted = word.strip().casefold()
    for plan in kept["plans"]:
        if wanted in (str(plan["number"]).casefold(), str(plan["name"]).casefold()):
            return plan_page(plan, kept)
    known = ", ".join(f"{plan['number']} {plan['name']}" for plan in kept["plans"]) or "none"
    raise NotFound(f"the copy has no plan {word!r}; it has: {known}")
