"""The file that is imported, line by line: bounded in size, in the length of a line and in memory, whatever it holds."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from deskterm.errors import InvalidInput
from deskterm.exchange.faults import Faults

Progress = Callable[[int, int], None]
"""Is told how many bytes of how many are done."""

LARGEST_FILE = 1 << 30
"""Bytes. More than a desk writes in a century; a file beyond it is refused before it is read."""
LONGEST_LINE = 1 << 20
"""Bytes. Ten times what any field takes."""
_STEP = 1 << 18
"""Bytes between two reports of progress."""
_BOM = b"\xef\xbb\xbf"


@dataclass(slots=True)
class Source:
    """An open file."""

    path: Path
    file: BinaryIO
    size: int
    progress: Progress | None = None

    @property
    def name(self) -> str:
        """Return the file's name, for messages."""
        return self.path.name

    def lines(self, faults: Faults) -> Iterator[tuple[int, bytes]]:
        """Yield every line with its number from 1, without a byte order mark; a line that is too long is a fault."""
        done = told = 0
        number = 0
        while line := self.file.readline(LONGEST_LINE):
            number += 1
            done += len(line)
            if number == 1:
                line = line.removeprefix(_BOM)
            if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
                faults.add(number, "", f"is longer than {LONGEST_LINE:,} bytes; is a line break missing?")
                done += self._skip_line()
            else:
                yield number, line
            if self.progress and done - told >= _STEP:
                told = done
                self.progress(done, self.size)
        if self.progress:
            self.progress(done, max(done, self.size))

    def _skip_line(self) -> int:
        skipped = 0
        while part := self.file.readline(LONGEST_LINE):
            skipped += len(part)
            if part.endswith(b"\n"):
                break
        return skipped


@contextmanager
def opened(path: Path, progress: Progress | None = None) -> Iterator[Source]:
    """Open a file for import.

    Raises:
        InvalidInput: there is none, it cannot be read, it is no ordinary file, or it is too large.
    """
    try:
        file = path.open("rb")
    except FileNotFoundError:
        raise InvalidInput(f"there is no file {str(path)!r}", fields={"path": "not found"}) from None
    except OSError as problem:
        raise InvalidInput(f"{str(path)!r} cannot be read: {problem.strerror}", fields={"path": "unreadable"}) from None
    with file:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise InvalidInput(f"{str(path)!r} is not an ordinary file; save it as one first", fields={"path": "no file"})
        if status.st_size > LARGEST_FILE:
            too_large = (
                f"{path.name} is {status.st_size >> 20:,} MiB large, at most {LARGEST_FILE >> 20:,} MiB are read; split it"
            )
            raise InvalidInput(too_large, fields={"path": "too large"})
        yield Source(path, file, status.st_size, progress)


def undecodable(line: bytes, problem: UnicodeDecodeError, columns: list[str], delimiter: bytes = b",") -> tuple[str, str]:
    """Return the column that holds bytes which are no text, and what is wrong with them."""
    position = line.count(delimiter, 0, problem.start)
    column = columns[position] if position < len(columns) else ""
    return column, f"holds bytes that are not {problem.encoding.upper()} text, the first at byte {problem.start + 1} of the line"
