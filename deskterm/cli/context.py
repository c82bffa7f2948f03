"""What a command is handed: who calls, which desk, where to read and write. The desk is opened when it is first asked for."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from deskterm.cli import plain_text
from deskterm.errors import DeskError, InvalidInput, NotAllowed, UsageError

if TYPE_CHECKING:
    from data.engine import Database
    from deskterm.clock import Clock
    from deskterm.desk import Desk
    from deskterm.kinds import Registry

FIXED_AGENT = "DESKTERM_FIXED_AGENT"
"""Set by the line that let an SSH key in: who it is. Nobody can be anybody else then."""

LONGEST_INPUT = 16 * 2**20
"""Bytes that a value from a file or standard input may have; far more than any field takes."""


def default_database() -> str:
    """Return the file of a desk that nobody named, in the user's data folder."""
    import platformdirs

    return str(platformdirs.user_data_path("deskterm", appauthor=False) / "desk.db")


@dataclass(slots=True)
class Options:
    """The options before the command, with what stands in the environment where they are absent."""

    database: str
    login: str | None
    """None is the login on this machine; asked for only by commands that need to know."""
    at: int | None = None
    json: bool = False
    own_place: bool = False
    """Nobody named a database: it is the user's own default file."""

    @classmethod
    def of(
        cls, database: str | None, login: str | None, at: str | None, as_json: bool, environment: Mapping[str, str]
    ) -> Options:
        """Fill in what was not given.

        Raises:
            NotAllowed: `--as` where the identity is fixed.
            UsageError: `--at` is no instant.
        """
        fixed = environment.get(FIXED_AGENT)
        if fixed and login is not None:
            raise NotAllowed(f"--as is refused: this connection belongs to {fixed}")
        named = database or environment.get("DESKTERM_DATABASE")
        return cls(
            named or default_database(),
            fixed or login or environment.get("DESKTERM_AGENT"),
            _instant(at),
            as_json,
            own_place=not named,
        )


def _os_login() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        raise UsageError("this machine does not say who you are; name your login with --as") from None


def _instant(text: str | None) -> int | None:
    if text is None:
        return None
    from deskterm.clock import parse_instant

    try:
        return parse_instant(text)
    except InvalidInput as problem:
        raise UsageError(f"--at: {problem.message}") from None


@dataclass(frozen=True, slots=True)
class VisibleLines:
    """A stream to a terminal on which nothing is obeyed but the ends of lines."""

    terminal: TextIO

    def write(self, text: str) -> int:
        """Write a text with its lines made visible."""
        return self.terminal.write("\n".join(plain_text.visible_lines(text)))


@dataclass
class Context:
    """One run of the command line."""

    options: Options
    stdin: TextIO = field(default_factory=lambda: sys.stdin)
    stdout: TextIO = field(default_factory=lambda: sys.stdout)
    stderr: TextIO = field(default_factory=lambda: sys.stderr)

    # The desk

    @cached_property
    def clock(self) -> Clock:
        """The machine's clock."""
        from deskterm.clock import SystemClock

        return SystemClock()

    @cached_property
    def registry(self) -> Registry:
        """Every kind there is; needs no database."""
        from deskterm.kinds import declared

        return declared()

    @cached_property
    def database(self) -> Database:
        """The database, known to hold a desk that this program can work with."""
        from data import migrate
        from data.engine import Database

        database = Database(self.options.database)
        migrate.require_current(database)
        return database

    @property
    def login(self) -> str:
        """Who calls.

        Raises:
            UsageError: nobody knows who this is.
        """
        return self.options.login or _os_login()

    @cached_property
    def desk(self) -> Desk:
        """The desk, as the agent who calls."""
        from deskterm.bootstrap import desk_of

        return desk_of(self.database, self.login, clock=self.clock, at=self.options.at, registry=self.registry)

    def make_own_folder(self) -> None:
        """Make the folder of the person's own desk; where a place was named, its folder is theirs to make."""
        if self.options.own_place:
            Path(self.options.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)

    def close(self) -> None:
        """Let go of the database, if it was opened; where this command changed plans, their copy on this machine follows."""
        if "database" not in self.__dict__:
            return
        if "deskterm.continuity.copy_marks" in sys.modules:
            self._copy_plans()
        self.database.close()

    def _copy_plans(self) -> None:
        from deskterm.continuity import copy_marks

        if not copy_marks.take(str(self.database.url)):
            return
        from deskterm.continuity import copying

        try:
            copying.refresh(self.database, self.clock.now())
        except DeskError as problem:  # what was asked for is done; that the copy is not must be known all the same
            self.remark(f"warning: {problem.message}")

    # Reading

    def read_text(self) -> str:
        """Return all of standard input.

        Raises:
            InvalidInput: it is not UTF-8 text, or longer than anything a desk stores.
        """
        return self._decoded(self._bytes(), "standard input")

    def _bytes(self) -> bytes:
        buffer = getattr(self.stdin, "buffer", None)
        return buffer.read(LONGEST_INPUT + 1) if buffer is not None else self.stdin.read().encode("utf-8", "surrogateescape")

    @staticmethod
    def _decoded(raw: bytes, source: str) -> str:
        if len(raw) > LONGEST_INPUT:
            raise InvalidInput(f"{source} is longer than {LONGEST_INPUT >> 20} MiB; no field takes that much")
        try:
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError as problem:
            raise InvalidInput(f"{source} is not UTF-8 text: byte {problem.start + 1} is not part of it") from None

    def read_file(self, path: str) -> str:
        """Return the text of a file.

        Raises:
            InvalidInput: it cannot be read, is not UTF-8 text, or is longer than anything a desk stores.
        """
        try:
            with open(path, "rb") as file:
                raw = file.read(LONGEST_INPUT + 1)
        except OSError as problem:
            raise InvalidInput(f"{path} cannot be read: {problem.strerror or problem}") from None
        return self._decoded(raw, path)

    # Writing

    @property
    def json(self) -> bool:
        """Whether standard output is for a program."""
        return self.options.json

    def line(self, text: str = "") -> None:
        """Write one line for a person; whatever in it a terminal would obey is spelled out."""
        self.stdout.write(plain_text.visible(text) + "\n")

    def lines(self, text: str, indent: str = "") -> None:
        """Write a text of several lines for a person."""
        for line in plain_text.visible_lines(text):
            self.stdout.write(f"{indent}{line}".rstrip() + "\n")

    def table(
        self, rows: Sequence[Sequence[str]], header: Sequence[str] = (), *, right: Iterable[int] = (), indent: str = ""
    ) -> None:
        """Write rows as aligned columns; on a terminal they are cut to its width, elsewhere they are whole."""
        limit = shutil.get_terminal_size().columns - len(indent) if self.stdout.isatty() else None
        everything = [header, *rows] if header else rows
        for line in plain_text.aligned(everything, right=frozenset(right), limit=limit):
            self.stdout.write(f"{indent}{line}\n")

    def write_json(self, data: object) -> None:
        """Write the answer for a program: ASCII only, so that nothing in it is obeyed by a terminal either."""
        import json

        self.stdout.write(json.dumps(data, indent=2 if self.stdout.isatty() else None) + "\n")

    @property
    def document(self) -> TextIO | VisibleLines:
        """Where a CSV file, JSON lines or Markdown go: stored text as it is, but spelled out where a terminal would obey it."""
        return VisibleLines(self.stdout) if self.stdout.isatty() else self.stdout

    def remark(self, text: str) -> None:
        """Write one line to standard error, for a person: progress, or what is left out."""
        self.stderr.write(plain_text.visible(text) + "\n")

    def fail(self, error: DeskError) -> int:
        """Report a refusal and return its exit status."""
        self.remark(f"error: {error.message}")
        if self.json:
            self.write_json(error_json(error))
        return error.exit_status

    def quiet(self) -> None:
        """Stop writing to a reader who has gone, also when the interpreter flushes at its end."""
        devnull = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(devnull, self.stdout.fileno())
        except (OSError, ValueError):  # a captured stream has no descriptor to redirect
            pass
        finally:
            os.close(devnull)


def error_json(error: DeskError) -> dict[str, Any]:
    """Return a refusal as `--json` prints it."""
    answer: dict[str, Any] = {"error": {"code": error.code, "message": error.message, "fields": error.fields}}
    rows = getattr(error, "rows", None)
    if rows is not None:
        answer["rows"] = [{"line": row.line, "field": row.field, "message": row.message} for row in rows]
    clashes = getattr(error, "clashes", None)
    if clashes is not None:
        answer["version"] = getattr(error, "version", None)
        answer["clashes"] = [
            {"field": c.field, "base": c.base, "theirs": c.theirs, "yours": c.yours, "by": c.by} for c in clashes
        ]
    return answer
