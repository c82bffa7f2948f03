"""The lines of a CSV file as text, whatever reads its rows; and what parts its cells."""

from __future__ import annotations

from collections.abc import Iterator

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
