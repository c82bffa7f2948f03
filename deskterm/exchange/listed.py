"""What a list shows, written into a file of the person's own: the same rows, columns and order, in a format of their choice.

`exporting` writes whole records of one kind, to be read back; this is for taking a list along. No file is ever overwritten.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from deskterm.clock import format_instant
from deskterm.errors import InvalidInput
from deskterm.exchange.export_markdown import table
from deskterm.exchange.export_tables import cell, write_rows
from deskterm.exchange.exporting import PAGE, Sink

if TYPE_CHECKING:
    from deskterm.desk import Desk
    from deskterm.records.schema import Row

FORMATS: Final = {"csv": "a table for spreadsheets", "jsonl": "a JSON object a line", "md": "a Markdown table"}
FOLDER: Final = "deskterm-exports"
"""In the person's home, made when it is first needed; nobody else may look into it."""
MOST: Final = 50_000
"""Rows that are written; what is longer is a matter for `deskterm export`."""
_FIXED: Final = ("number", "kind", "state", "priority", "due_at", "title")


@dataclass(frozen=True, slots=True)
class Listed:
    """A list as it stands on the screen."""

    kinds: tuple[str, ...]
    query: str
    sort: str
    columns: tuple[str, ...]
    """Fields besides number, kind, state, priority, due instant and title."""
    name: str
    """What the file is called after."""


@dataclass(frozen=True, slots=True)
class Written:
    """What came of it."""

    path: Path
    rows: int
    more: bool
    """The list was longer than `MOST`."""


def export_list(desk: Desk, listed: Listed, form: str, folder: Path | None = None) -> Written:
    """Write a list into a new file and return where it is.

    Args:
        form: one of `FORMATS`.
        folder: where to; the folder in the person's home if nothing is said.

    Raises:
        InvalidInput: there is no such format, or the file cannot be written; then nothing of it is left.
        BadQuery: the query is not understood.
    """
    if form not in FORMATS:
        raise InvalidInput(f"there is no format {form!r}; there are: {', '.join(FORMATS)}", fields={"format": "unknown"})
    columns = tuple(name for name in dict.fromkeys(listed.columns) if name not in _FIXED)
    rows = _rows(desk, listed, columns)
    target = Path.home() / FOLDER if folder is None else folder
    path: Path | None = None
    try:
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = _new_file(target, f"{_stem(listed.name)}-{format_instant(desk.moment)[:10]}", form)
        counted = _Counted(rows)
        with path.open("w", encoding="utf-8", newline="") as out:
            _WRITERS[form](columns, counted, out)
    except OSError as problem:
        if path is not None:
            path.unlink(missing_ok=True)
        raise InvalidInput(f"the list cannot be written to {target}: {problem.strerror or problem}") from problem
    except BaseException:
        if path is not None:
            path.unlink(missing_ok=True)
        raise
    return Written(path, counted.count, counted.count == MOST and next(rows, None) is not None)


class _Counted:
    """Counts rows as they pass, and lets no more than `MOST` of them."""

    def __init__(self, rows: Iterator[Mapping[str, Any]]) -> None:
        self._rows, self.count = rows, 0

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        while self.count < MOST and (row := next(self._rows, None)) is not None:
            self.count += 1
            yield row


def _rows(desk: Desk, listed: Listed, columns: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    """Yield the values of every row by column, as JSON shows them."""
    prepared = desk.prepare(listed.kinds, listed.query, listed.sort)
    edge: Sequence[Any] | None = None
    while True:
        page = desk.page(prepared, limit=PAGE, after=edge, columns=columns)
        yield from (_values(desk, row, columns) for row in page.rows)
        if not page.more or not page.rows:
            return
        edge = page.rows[-1].cursor


def _values(desk: Desk, row: Row, columns: Sequence[str]) -> Mapping[str, Any]:
    fields = desk.registry.kind(row.kind).all_fields
    due = None if row.due_at is None else format_instant(row.due_at)
    fixed = (row.number, row.kind, row.state, row.priority, due, row.title)
    told = {name: fields[name].type.export(row.values[name], desk.known) for name in columns if row.values.get(name) is not None}
    return {**dict(zip(_FIXED, fixed, strict=True)), **{name: told.get(name) for name in columns}}


def _stem(name: str) -> str:
    """Return a file name of letters and digits alone, whatever a view is called."""
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:60] or "list"


def _new_file(folder: Path, stem: str, form: str) -> Path:
    """Make a file that was not there before, for its owner alone, and return its path."""
    for number in range(1, 1_000):
        path = folder / f"{stem}{'' if number == 1 else f'-{number}'}.{form}"
        try:
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            continue
        return path
    raise InvalidInput(f"there are a thousand files called {stem} in {folder} already; move some away")


def _csv(columns: Sequence[str], rows: _Counted, out: Sink) -> None:
    names = (*_FIXED, *columns)
    write_rows(names, ([row[name] for name in names] for row in rows), out)


def _jsonl(columns: Sequence[str], rows: _Counted, out: Sink) -> None:
    for row in rows:
        out.write(json.dumps({name: value for name, value in row.items() if value is not None}) + "\n")


def _md(columns: Sequence[str], rows: _Counted, out: Sink) -> None:
    names = (*_FIXED, *columns)
    for line in table(names, ([_plain(row[name]) for name in names] for row in rows)):
        out.write(f"{line}\n")


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else value if isinstance(value, str) else cell(value)


_WRITERS: Mapping[str, Callable[[Sequence[str], _Counted, Sink], None]] = {"csv": _csv, "jsonl": _jsonl, "md": _md}
