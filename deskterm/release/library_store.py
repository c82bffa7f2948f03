"""The folder of the definitive software library: files copied in whole, hashed while they stream, and read again later.

Knows files and nothing of records. A name from outside is one plain name or it is refused: what is stored lies at
`<item>/<hash>-<name>` below the folder, is a regular file, and is never reached through a link.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import stat
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from deskterm.errors import DeskError, InvalidInput

CHUNK = 2**20
"""Bytes read at once: whatever a file's size, no more of it is in memory."""
LONGEST_NAME = 120
"""Bytes of a file's name."""
HASH_SHOWN = 12
INCOMING = ".incoming"
"""Folder of what is still being copied."""
DROP_BOX = "incoming"
"""Folder in which files wait that somebody else brought here."""
_ITEM = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")


class LibraryUnusable(DeskError):
    """The library's folder cannot be used: not set, not there, not writable, full."""

    code = "library"


@dataclass(frozen=True, slots=True)
class Found:
    """What reading a file again found."""

    result: str
    """verified, tampered, missing or unreadable."""
    detail: str
    sha256: str | None = None
    size_bytes: int | None = None


def plain_name(name: str, longest: int = LONGEST_NAME) -> str:
    """Return the name of a file if it is one that the library can store, of at most `longest` bytes.

    Raises:
        InvalidInput: it is a path, hidden, an option, has control or invisible characters, or is too long.
    """
    wrong = ""
    if not name or name in (".", ".."):
        wrong = "is no name of a file"
    elif "/" in name or "\\" in name or ":" in name:
        wrong = "is a path; name the file alone"
    elif name[0] in ".-~ " or name[-1] in ". ":
        wrong = "begins or ends with a dot, a dash, a tilde or a blank"
    elif not name.isprintable():
        wrong = "holds a control or invisible character"
    elif len(name.encode("utf-8", "surrogatepass")) > longest:
        wrong = f"is longer than {longest} bytes"
    if wrong:
        shown = name if name.isprintable() else ascii(name)
        raise InvalidInput(f"the file name {shown[:80]!r} {wrong}; rename it first", fields={"file": wrong})
    return name


@dataclass(slots=True)
class Incoming:
    """A file that was copied into the folder, and is kept or dropped."""

    part: Path
    name: str
    sha256: str
    size_bytes: int
    store: LibraryStore
    kept: Path | None = None

    def keep(self, item: str) -> str:
        """Move it to its place and return that, relative to the folder.

        Its name there begins with its hash, so that it replaces nothing but what claims to be the same.

        Raises:
            LibraryUnusable: it cannot be moved.
        """
        place = self.store.place_of(item, f"{self.sha256[:HASH_SHOWN]}-{self.name}")
        target = self.store.folder / place
        try:
            target.parent.mkdir(mode=0o750, exist_ok=True)
            os.replace(self.part, target)
            _sync_folder(target.parent)
        except OSError as problem:
            raise LibraryUnusable(f"{place} cannot be stored: {problem.strerror}") from problem
        self.kept = target
        return str(place)

    def drop(self) -> None:
        """Remove it, wherever it is by now: the record that was to name it was not written."""
        for path in (self.part, self.kept):
            if path is not None:
                path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class LibraryStore:
    """The folder of one desk's library."""

    folder: Path

    def place_of(self, item: str, name: str) -> PurePosixPath:
        """Return where a file of an item lies, relative to the folder.

        Raises:
            InvalidInput: the one is no number, or the other no name.
        """
        if not item or not set(item) <= _ITEM:
            raise InvalidInput(f"{item!r} is no number of a library item", fields={"number": "no number"})
        return PurePosixPath(item) / plain_name(name, LONGEST_NAME + HASH_SHOWN + 1)

    @contextmanager
    def incoming(self, source: str | Path, told: Callable[[int, int], None] | None = None) -> Iterator[Incoming]:
        """Copy a file in, hashing it on the way; what is not kept by the end is gone, and so is what was when it raises.

        Args:
            source: where it lies now.
            told: called with the bytes copied and those there are, after each mebibyte.

        Raises:
            InvalidInput: it is no regular file, cannot be read, or its name is refused.
            LibraryUnusable: the folder cannot be written, or is full.
        """
        path = Path(source)
        name = plain_name(path.name)
        part = self._part()
        try:
            with _opened(path) as reader:
                digest, size = _copy(reader, part, path, told)
            arrived = Incoming(part, name, digest, size, self)
            try:
                yield arrived
            except BaseException:
                arrived.drop()
                raise
        finally:
            part.unlink(missing_ok=True)

    def _part(self) -> Path:
        folder = self.folder / INCOMING
        try:
            folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        except OSError as problem:
            raise LibraryUnusable(f"the library folder {self.folder} cannot be used: {problem.strerror}") from problem
        return folder / f"{uuid.uuid4().hex}.part"

    def check(self, place: str, sha256: str, size_bytes: int) -> Found:
        """Read a stored file again and compare it with what was recorded of it."""
        try:
            path = self._inside(place)
            with _opened(path, follow=False) as reader:
                digest, size = _digest(reader)
        except InvalidInput as problem:
            return Found("tampered", problem.message)
        except FileNotFoundError:
            return Found("missing", f"{place} is not there")
        except _Odd as problem:
            return Found("tampered", f"{place} {problem}")
        except OSError as problem:
            return Found("unreadable", f"{place} cannot be read: {problem.strerror}")
        if size != size_bytes:
            return Found("tampered", f"{place} has {size:,} bytes, recorded are {size_bytes:,}", digest, size)
        if digest != sha256:
            return Found("tampered", f"{place} has the hash {digest[:16]}…, recorded is {sha256[:16]}…", digest, size)
        return Found("verified", f"{place}, {size:,} bytes", digest, size)

    def _inside(self, place: str) -> Path:
        """Return the path of a stored place; one that was tampered with in the database leads nowhere else."""
        parts = place.split("/")
        if len(parts) != 2:
            raise InvalidInput(f"{place!r} is no place in the library")
        self.place_of(*parts)
        folder = self.folder / parts[0]
        if folder.is_symlink():
            raise InvalidInput(f"{parts[0]} was replaced by a link")
        return folder / parts[1]

    def strays(self, known: frozenset[str]) -> list[str]:
        """Return what lies in the folder and is no file of any item, relative to it."""
        found: list[str] = []
        if not self.folder.is_dir():
            return found
        for top in sorted(self.folder.iterdir()):
            if top.name in (INCOMING, DROP_BOX):
                continue
            inner = sorted(top.iterdir()) if top.is_dir() and not top.is_symlink() else []
            places = [f"{top.name}/{one.name}" for one in inner] if inner else [top.name] if not top.is_dir() else []
            found += [place for place in places if place not in known]
        return found


class _Odd(OSError):
    """What lies there is no regular file."""


@contextmanager
def _opened(path: Path, *, follow: bool = True) -> Iterator[int]:
    """Yield a descriptor of a regular file; a pipe or a device is refused instead of waited for."""
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | (0 if follow else os.O_NOFOLLOW)
    try:
        descriptor = os.open(path, flags)
    except OSError as problem:
        if not follow and problem.errno == errno.ELOOP:
            raise _Odd("was replaced by a link") from None
        if follow:
            raise InvalidInput(f"{path} cannot be read: {problem.strerror}", fields={"file": "cannot be read"}) from None
        raise
    except ValueError:
        raise InvalidInput("the path holds a NUL character", fields={"file": "no path"}) from None
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            if follow:
                raise InvalidInput(f"{path} is no regular file", fields={"file": "no regular file"})
            raise _Odd("is no regular file any more")
        yield descriptor
    finally:
        os.close(descriptor)


def _digest(descriptor: int) -> tuple[str, int]:
    """Return the SHA-256 and the size of a file, read piece by piece."""
    digest, size = hashlib.sha256(), 0
    while piece := os.read(descriptor, CHUNK):
        digest.update(piece)
        size += len(piece)
    return digest.hexdigest(), size


def _copy(reader: int, part: Path, source: Path, told: Callable[[int, int], None] | None) -> tuple[str, int]:
    """Copy a file into a new one and return the SHA-256 and the size of what was written, once it is on the disk."""
    whole = os.fstat(reader).st_size
    digest, size = hashlib.sha256(), 0
    try:
        writer = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o440)
    except OSError as problem:
        raise LibraryUnusable(f"the library folder {part.parent} cannot be written: {problem.strerror}") from problem
    try:
        while True:
            piece = _piece(reader, source)
            if not piece:
                break
            _write(writer, piece, part)
            digest.update(piece)
            size += len(piece)
            if told is not None:
                told(size, whole)
        os.fsync(writer)
    finally:
        os.close(writer)
    if size != whole or os.fstat(reader).st_size != whole:
        raise InvalidInput(f"{source} changed while it was copied; nothing was stored", fields={"file": "still being written"})
    return digest.hexdigest(), size


def _piece(reader: int, source: Path) -> bytes:
    try:
        return os.read(reader, CHUNK)
    except OSError as problem:
        raise InvalidInput(f"{source} cannot be read: {problem.strerror}", fields={"file": "cannot be read"}) from None


def _write(writer: int, piece: bytes, part: Path) -> None:
    view = memoryview(piece)
    while view:
        try:
            view = view[os.write(writer, view) :]
        except OSError as problem:
            raise LibraryUnusable(f"the library folder {part.parent} cannot be written: {problem.strerror}") from problem


def _sync_folder(folder: Path) -> None:
    with contextlib.suppress(OSError):  # some file systems cannot; the name may then be lost with the power, never the bytes
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def deposited_name(place: str | None) -> str:
    """Return the name that a file of the library had when it was deposited; empty for none."""
    name = PurePosixPath(place or "").name
    return name[HASH_SHOWN + 1 :] if name[HASH_SHOWN : HASH_SHOWN + 1] == "-" else name
