"""A CSV file with headings as whole rows, whatever they mean: what is cut short, garbled or no text is noted and left out."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator

from deskterm.csv_cells import unguard
from deskterm.exchange.importing import Job
from deskterm.exchange.source import undecodable
from deskterm.exchange.table_columns import DELIMITERS

_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class CsvLines(Iterator[str]):
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


def delimiter_of(heading: str) -> str:
    """Return what parts the headings: the one of the usual characters that stands there most often, outside quotes."""
    bare = "".join(heading.split('"')[::2])
    return max(DELIMITERS, key=bare.count)


class CsvTable:
    """The headings of a file, and its rows."""

    def __init__(self, job: Job, *, encoding: str = "utf-8", delimiter: str = "") -> None:
        """Read the headings; what is wrong with them goes to the job's faults.

        Args:
            job: Whose file it is.
            encoding: Of the text.
            delimiter: Between cells; found by itself if empty.
        """
        self._job = job
        self._lines = CsvLines(job, encoding)
        self.headings: list[str] = []
        first = next(self._lines, None)
        self.empty = first is None
        """There is not even a heading."""
        if first is None:
            return
        self._lines.again(first)
        self._reader = csv.reader(self._lines, delimiter=delimiter or delimiter_of(first), strict=True)
        try:
            self.headings = [unguard(cell.strip()) for cell in next(self._reader)]
        except csv.Error as problem:
            job.faults.add(1, "", f"holds no headings: {problem}")

    def rows(self, left_out: Callable[[], object]) -> Iterator[tuple[int, list[str]]]:
        """Yield every row that is not blank: the line it begins at, and its cells, one for each heading.

        Args:
            left_out: Called for each row that cannot be read, once its fault is noted.
        """
        lines, faults, width = self._lines, self._job.faults, len(self.headings)
        while not self.empty:
            lines.begun = 0
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error as problem:
                faults.add(lines.begun, "", f"is not a row of a CSV file: {problem}")
                left_out()
                continue
            if lines.bad:
                lines.bad = False
                left_out()
            elif not any(cells):
                continue
            elif len(cells) != width:
                short = "is cut short" if len(cells) < width else "is garbled"
                faults.add(lines.begun, "", f"{short}: it has {len(cells)} of {width} cells")
                left_out()
            else:
                yield lines.begun, cells
