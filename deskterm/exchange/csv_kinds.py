"""`deskterm import csv`: a table with headings, as spreadsheets and our own export write it, taken apart into rows."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from deskterm.csv_cells import unguard
from deskterm.exchange.importing import ImportResult, Job
from deskterm.exchange.mapping import rules_of
from deskterm.exchange.source import undecodable
from deskterm.exchange.table_columns import DELIMITERS, TableRules
from deskterm.exchange.table_rows import TableImport

_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def load(job: Job) -> ImportResult:
    """Load a CSV file; see `docs/import.md`."""
    rules = rules_of(TableRules, job.mapping)
    table = TableImport(job, rules)
    lines = _Lines(job, rules.encoding)
    first = next(lines, None)
    if first is None:
        if not job.faults:
            job.faults.add(1, "", "is empty; a table begins with its headings")
        job.refuse()
    delimiter = rules.delimiter or _delimiter(first)
    lines.again(first)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        headings = _headings(job, table, next(reader))
    except csv.Error as problem:
        job.faults.add(1, "", f"holds no headings: {problem}")
    if job.faults:
        job.refuse()
    while True:
        lines.begun = 0
        try:
            cells = next(reader)
        except StopIteration:
            return table.result()
        except csv.Error as problem:
            job.faults.add(lines.begun, "", f"is not a row of a CSV file: {problem}")
            table.skip()
            continue
        if lines.bad:
            lines.bad = False
            table.skip()
        elif len(cells) != len(headings) and any(cells):
            short = "is cut short" if len(cells) < len(headings) else "is garbled"
            job.faults.add(lines.begun, "", f"{short}: it has {len(cells)} of {len(headings)} cells")
            table.skip()
        elif any(cells):
            table.take(lines.begun, {name: unguard(cell) for name, cell in zip(headings, cells, strict=True)}, 1)


class _Lines(Iterator[str]):
    """The file's lines as text, with an eye on where a row begins: one row may take several lines."""

    def __init__(self, job: Job, encoding: str) -> None:
        self._faults, self._encoding = job.faults, encoding
        self._lines = job.source.lines(job.faults)
        self._pushed: str | None = None
        self.begun = 0
        """The line at which the row that is being read began."""
        self.bad = False
        """A line of the row that is being read is no text; noted already."""

    def again(self, line: str) -> None:
        """Give the first line once more."""
        self._pushed = line

    def __next__(self) -> str:
        if self._pushed is not None:
            line, self._pushed = self._pushed, None
            return line
        number, raw = next(self._lines)
        self.begun = self.begun or number
        if number == 1 and raw.startswith(_UTF16):
            self._faults.add(1, "", "is UTF-16; save the file as UTF-8")
            raise StopIteration
        try:
            return raw.decode(self._encoding)
        except UnicodeDecodeError as problem:
            self.bad = True
            self._faults.add(number, "", undecodable(raw, problem, [])[1])
            return raw.decode(self._encoding, "replace")


def _delimiter(heading: str) -> str:
    """Return what parts the headings: the one of the usual characters that stands there most often, outside quotes."""
    bare = "".join(heading.split('"')[::2])
    return max(DELIMITERS, key=bare.count)


def _headings(job: Job, table: TableImport, cells: list[str]) -> list[str]:
    """Return the headings as the file has them; two of one meaning are a fault."""
    headings = [unguard(cell.strip()) for cell in cells]
    names = [table.columns.name(heading) for heading in headings]
    for heading, name in zip(headings, names, strict=True):
        if name and names.count(name) > 1:
            job.faults.add(1, heading, "stands there twice, or two headings mean the same field")
    return headings
