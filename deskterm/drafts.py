"""What is being typed, kept on this machine: a crash, a dropped line or a lost database costs at most a second of it.

Each open form or reply is one small file, rewritten whole by a thread of its own: to a temporary name, to the disk, then
renamed, so that a file is always whole. Every session holds a lock for as long as it lives; drafts of a session whose lock is
free are offered to the next one of the same desk and login. When to keep, and what to ask the person, is the console's.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from deskterm.clock import Clock
from deskterm.errors import DeskError, NotFound
from deskterm.whole_files import write_whole

FORMAT: Final = 1
"""Version of the files; others are left alone."""
LARGEST: Final = 4 * 1024 * 1024
"""Bytes of one draft; what is larger is not kept, and the person is told."""
MOST: Final = 200
"""Drafts kept for one desk and login; the oldest goes when another is begun."""
PAUSE_SECONDS: Final = 0.4
"""Between two writes: typing goes to the disk twice a second, not with every key."""
RETRY_SECONDS: Final = 2.0
"""After a failure, such as a full disk, it is tried again this often."""
STATE_VARIABLE: Final = "DESKTERM_STATE"
"""Environment variable: the folder for drafts, instead of the usual one."""


class DraftLost(DeskError):
    """What is typed cannot be kept on this machine just now; the form stays open and goes on."""

    code = "draft"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a draft is about: enough to open its form again."""

    form: str
    """The sort of form: `new`, `edit`, `act`, `reply`, `note`, `contact`."""
    kind: str = ""
    number: str = ""
    """The record, where there is one already."""
    action: str = ""
    base_version: int | None = None
    """The version of the record that the person saw."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft that can be taken up again."""

    id: str
    subject: Subject
    title: str
    """What a person knows it by: its summary, or the beginning of its text."""
    content: Mapping[str, Any]
    """What was typed, as the form gave it."""
    saved_at: int


class Pen:
    """One form's hold on its draft. `keep` costs next to nothing: a thread writes."""

    def __init__(self, journal: DraftJournal, draft_id: str, subject: Subject) -> None:
        """Belong to a journal; made by `DraftJournal.begin` and `DraftJournal.take_up`."""
        self._journal = journal
        self.id = draft_id
        self.subject = subject

    def keep(self, content: Mapping[str, Any], title: str = "") -> None:
        """Keep what is typed, in place of what was kept before; nothing typed keeps nothing."""
        self._journal._put(self.id, _Page(self.subject, title, dict(content)) if content else None)

    def discard(self) -> None:
        """It was saved, or the person wants it gone."""
        self._journal._put(self.id, None)
        self._journal._release(self.id)

    def lay_down(self) -> None:
        """The form is closed and the draft stays: it is offered again, also in this session."""
        self._journal._release(self.id)


@dataclass(frozen=True, slots=True)
class _Page:
    subject: Subject
    title: str
    content: dict[str, Any]


@dataclass(slots=True)
class _Desk:
    """What the writer and the forms share, under one lock."""

    pending: dict[str, _Page | None] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)
    fault: str = ""


class DraftJournal:
    """The drafts of one person on one desk, as this process sees them."""

    def __init__(self, folder: Path, clock: Clock, *, on_fault: Callable[[str], None] | None = None) -> None:
        """Open the journal and take this session's lock.

        Args:
            folder: Where the drafts of this desk and login are; made if it is not there, for its owner alone.
            clock: Says when a draft was kept.
            on_fault: Told from the writer's thread, in a sentence, when drafts cannot be kept, and "" when they can again.

        Raises:
            DraftLost: the folder cannot be made or written.
        """
        self.folder = folder
        self._clock = clock
        self._on_fault = on_fault
        self._session = uuid.uuid4().hex
        self._count = 0
        self._state = _Desk()
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._wake = threading.Event()
        self._closing = threading.Event()
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._held = _hold(self._lock_of(self._session))
        except OSError as problem:
            raise DraftLost(f"drafts cannot be kept in {folder}: {_reason(problem)}") from problem
        self._writer = threading.Thread(target=self._write_on, name="deskterm-drafts", daemon=True)
        self._writer.start()

    @property
    def fault(self) -> str:
        """Why drafts cannot be kept just now; empty while they can."""
        return self._state.fault

    # Writing

    def begin(self, subject: Subject) -> Pen:
        """Begin a draft; its file appears with its first word."""
        with self._lock:
            self._count += 1
            name = f"{self._session}.{self._count:04}"
            self._state.open.add(name)
        return Pen(self, name, subject)

    def flush(self) -> None:
        """Write everything now, in this thread: the process is about to end."""
        self._write_pending()

    def close(self) -> None:
        """Write everything and give the lock back: what is left is offered to the next session."""
        self._closing.set()
        self._wake.set()
        self._writer.join(timeout=5)
        self._write_pending()
        with contextlib.suppress(OSError):
            if not any(self.folder.glob(f"{self._session}.*.draft")):
                self._lock_of(self._session).unlink(missing_ok=True)
            os.close(self._held)

    def _put(self, name: str, page: _Page | None) -> None:
        with self._lock:
            self._state.pending[name] = page
        self._wake.set()

    def _release(self, name: str) -> None:
        with self._lock:
            self._state.open.discard(name)

    def _write_on(self) -> None:
        """The writer's life: write as soon as something is kept, and again soon after a failure."""
        with contextlib.suppress(OSError):  # a folder that cannot be tidied can still be written
            self._sweep()
        while not self._closing.is_set():
            self._wake.wait(RETRY_SECONDS if self._state.fault else None)
            self._wake.clear()
            self._write_pending()
            self._closing.wait(PAUSE_SECONDS)

    def _write_pending(self) -> None:
        with self._writing:
            with self._lock:
                work, self._state.pending = self._state.pending, {}
            fault = ""
            for name, page in work.items():
                try:
                    self._write(name, page)
                except OSError as problem:
                    fault = f"what you type cannot be kept as a draft: {_reason(problem)}. The form stays open; save soon"
                    with self._lock:
                        self._state.pending.setdefault(name, page)
                except DraftLost as problem:
                    fault = problem.message
            self._tell(fault if work else self._state.fault)

    def _tell(self, fault: str) -> None:
        if fault != self._state.fault:
            self._state.fault = fault
            if self._on_fault is not None:
                self._on_fault(fault)

    def _write(self, name: str, page: _Page | None) -> None:
        path = self._file(name)
        if page is None:
            path.unlink(missing_ok=True)
            return
        shape = {"format": FORMAT, "saved_at": self._clock.now(), "title": page.title[:200], "content": page.content}
        # Lone surrogates cannot be encoded, so they are written as JSON's own escapes.
        data = json.dumps(shape | {"subject": asdict(page.subject)}, default=str).encode("ascii")
        if len(data) > LARGEST:
            raise DraftLost("this is too much text to be kept as a draft; save it, or attach it as a file")
        write_whole(path, data)

    # Reading

    def left(self) -> tuple[Kept, ...]:
        """Return the drafts that nobody is typing in: of ended sessions, and closed ones of this session; newest first.

        A file that is damaged or of another version is passed over and stays where it is.
        """
        self._write_pending()
        with self._lock:
            busy = set(self._state.open)
        alive: dict[str, bool] = {self._session: False}
        found = []
        for path in self.folder.glob("*.draft"):
            session = path.name.partition(".")[0]
            if session not in alive:
                alive[session] = _is_held(self._lock_of(session))
            if not alive[session] and path.stem not in busy and (kept := _read(path)) is not None:
                found.append(kept)
        return tuple(sorted(found, key=lambda kept: (kept.saved_at, kept.id), reverse=True))

    def take_up(self, kept: Kept) -> Pen:
        """Go on with a draft. It belongs to this session from now on.

        Raises:
            NotFound: somebody else took it up, or it was discarded.
        """
        pen = self.begin(kept.subject)
        try:
            os.rename(self._file(kept.id), self._file(pen.id))
        except OSError:
            self._release(pen.id)
            raise NotFound("that draft is not there any more; another session took it up or discarded it") from None
        return pen

    def discard(self, kept: Kept) -> None:
        """Throw a draft away."""
        self._file(kept.id).unlink(missing_ok=True)

    # Files

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.draft"

    def _lock_of(self, session: str) -> Path:
        return self.folder / f"{session}.lock"

    def _sweep(self) -> None:
        """Clear away what ended sessions left besides drafts, and the oldest drafts where there are far too many."""
        for kept in self.left()[MOST:]:
            self.discard(kept)
        sessions = {path.name.partition(".")[0] for path in self.folder.glob("*.draft")}
        for pattern in ("*.lock", "*.part"):
            for path in self.folder.glob(pattern):
                session = path.name.partition(".")[0]
                idle = session != self._session and not _is_held(self._lock_of(session))
                if idle and (pattern == "*.part" or session not in sessions):
                    path.unlink(missing_ok=True)


def folder_for(desk: str, login: str, environ: Mapping[str, str]) -> Path:
    """Return where the drafts of a desk and login are kept on this machine.

    Args:
        desk: The desk's location, as it may be shown.
        login: Whose drafts: several agents may share one account of the machine.
        environ: The process's environment.
    """
    if named := environ.get(STATE_VARIABLE):
        base = Path(named)
    else:
        from platformdirs import user_state_path

        base = user_state_path("deskterm", appauthor=False)
    return base / "drafts" / hashlib.sha256(f"{desk}\n{login}".encode()).hexdigest()[:24]


def _read(path: Path) -> Kept | None:
    try:
        if path.stat().st_size > LARGEST:
            return None
        shape = json.loads(path.read_bytes())
        if shape["format"] != FORMAT or not isinstance(shape["content"], dict):
            return None
        return Kept(path.stem, Subject(**shape["subject"]), str(shape["title"]), shape["content"], int(shape["saved_at"]))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _hold(path: Path) -> int:
    """Take a lock file that nobody else can hold or clear away while this process lives; return its descriptor."""
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(handle, fcntl.LOCK_EX)  # at most a moment: another session may be looking whether it is held
        if os.fstat(handle).st_nlink:
            os.write(handle, f"{os.getpid()}\n".encode())
            return handle
        os.close(handle)  # somebody cleared it away between the two calls


def _is_held(path: Path) -> bool:
    """Return whether a living process holds a lock file."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False
    try:  # shared, for others may be looking at this moment, and none of them is the session
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False


def _reason(problem: OSError) -> str:
    return (problem.strerror or str(problem)).lower()
