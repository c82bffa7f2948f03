"""What is wrong with a file: every bad row by its line number, so that one look at the list repairs the whole file."""

from __future__ import annotations

from dataclasses import dataclass, field

from deskterm.errors import ImportRefused, RowError

MOST = 100_000
"""So many are listed; a file with more is no damaged copy but something else altogether."""


class TooManyFaults(Exception):
    """Reading on would only lengthen the list."""


@dataclass(slots=True)
class Faults:
    """The bad rows found so far."""

    rows: list[RowError] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.rows)

    def add(self, line: int, column: str, message: str) -> None:
        """Note what is wrong with a row.

        Args:
            line: counted from 1, the heading included.
            column: as the file names it; empty where the row as a whole is wrong.
            message: what is wrong, as the second half of "column …".

        Raises:
            TooManyFaults: there are more than anybody will read.
        """
        self.rows.append(RowError(line, column, message))
        if len(self.rows) >= MOST:
            raise TooManyFaults

    def refusal(self, name: str) -> ImportRefused:
        """Return the refusal that names every bad row, in the order of the file."""
        rows = tuple(sorted(self.rows, key=lambda row: row.line))
        lines = len({row.line for row in rows})
        first = rows[0]
        said = f"{first.field} {first.message}" if first.field else first.message
        some = "1 row is" if lines == 1 else f"{lines:,} rows are"
        more = " (reading stopped there)" if len(rows) >= MOST else ""
        return ImportRefused(f"{some} wrong in {name}{more}, nothing was loaded; line {first.line}: {said}", rows=rows)


def brief(text: str, width: int = 40) -> str:
    """Quote a value for a message, shortened."""
    return repr(text if len(text) <= width else f"{text[: width - 1]}…")
