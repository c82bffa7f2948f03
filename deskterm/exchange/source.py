"""The file that is imported, line by line: bounded in size, in the length of a line and in memory, whatever it holds."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from deskterm.errors import InvalidInput
from deskterm.exchange.faults import Faults

Progress = Callable[[int, int], None]
"""Is told how many bytes of how many are done."""

LARGEST_FILE = 1 << 30
"""Bytes. More than a desk writes in a century; a file beyond it is refused before it is read."""
MOST_MEMBERS = 50_000
"""Files of a folder that is imported as one."""
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

    members: tuple[Path, ...] = ()
    """The files of a folder that is imported as one; there is nothing else in it then."""

    @property
    def name(self) -> str:
        """Return the file's name, for messages."""
        return self.path.name

    def digest(self) -> str:
        """Return the SHA-256 of everything that is to be read, by which the same file is known again; reading begins anew."""
        found = hashlib.sha256()
        for part in self.parts():
            if self.members:
                found.update(f"\0{part.name}\0{part.size}\0".encode("utf-8", "surrogateescape"))
            while piece := part.file.read(_STEP):
                found.update(piece)
        self.file.seek(0)
        return found.hexdigest()

    def parts(self) -> Iterator[Source]:
        """Yield the file itself, or each file of a folder, opened one after the other.

        Raises:
            InvalidInput: a file of the folder cannot be read.
        """
        if not self.members:
            yield self
            return
        for member in self.members:
            with opened(member) as source:
                yield source

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
def opened(path: Path, progress: Progress | None = None, *, folders: bool = False) -> Iterator[Source]:
    """Open a file for import.

    Args:
        path: where it is.
        progress: told how far the reading is.
        folders: a folder of files will do as well.

    Raises:
        InvalidInput: there is none, it cannot be read, it is no ordinary file, or it is too large.
    """
    if folders and path.is_dir():
        yield _folder(path, progress)
        return
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


def _folder(path: Path, progress: Progress | None) -> Source:
    try:
        members = tuple(sorted(one for one in path.iterdir() if one.is_file() and not one.name.startswith(".")))
    except OSError as problem:
        raise InvalidInput(f"{str(path)!r} cannot be read: {problem.strerror}", fields={"path": "unreadable"}) from None
    size = sum(one.stat().st_size for one in members)
    if not members:
        raise InvalidInput(f"there is no file in {str(path)!r}", fields={"path": "empty"})
    if len(members) > MOST_MEMBERS or size > LARGEST_FILE:
        most = f"at most {MOST_MEMBERS:,} files of {LARGEST_FILE >> 20:,} MiB together are read"
        raise InvalidInput(
            f"{path.name} holds {len(members):,} files of {size >> 20:,} MiB; {most}", fields={"path": "too large"}
        )
    return Source(path, BytesIO(), size, progress, members)


def undecodable(line: bytes, problem: UnicodeDecodeError, columns: list[str], delimiter: bytes = b",") -> tuple[str, str]:
    """Return the column that holds bytes which are no text, and what is wrong with them."""
    position = line.count(delimiter, 0, problem.start)
    column = columns[position] if position < len(columns) else ""
    return column, f"holds bytes that are not {problem.encoding.upper()} text, the first at byte {problem.start + 1} of the line"
