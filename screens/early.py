"""The first page of the queue, read by a process of its own while this one imports and paints its first frame.

Importing what paints and importing what reads take about as long, and Python does one at a time. So before Textual is imported a
child is forked that opens the desk, reads the page the queue will ask for first, and ends. What it sends are rows as the
desk's service gives them to this person. It is only ever a head start: where there is no second processor, or the child
comes to nothing, the console reads for itself, and says itself what is wrong.

Nothing imported here may import Textual or storage.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deskterm.records.schema import Row
    from screens.paging import Answer, Question

PATIENCE_SECONDS = 3.0
"""So long the child is waited for; by then it is not the desk that is slow."""

NICE = 5
"""The child gives way: on a busy machine the first frame comes first."""


@dataclass(frozen=True, slots=True)
class FirstPage:
    """The first page of a question, from before the desk was open here; stands for `screens.paging.Pages` until then."""

    question: Question
    answer: Answer

    def read(self, index: int, generation: int, after: Row | None, before: Row | None) -> Answer | None:
        """Return the first page; nothing for any other, as long as nobody can read it."""
        return None if index else self.answer


class Early:
    """The child and what it sends."""

    def __init__(self, pid: int, descriptor: int) -> None:
        """Know the child by its number, and where to read what it sends."""
        self._pid, self._descriptor = pid, descriptor

    def take(self) -> FirstPage | None:
        """Wait for the child to end and return what it read; nothing where it could not. Called once, in a thread."""
        sent = bytearray()
        try:
            while select.select([self._descriptor], [], [], PATIENCE_SECONDS)[0]:
                piece = os.read(self._descriptor, 1 << 16)
                if not piece:
                    break
                sent += piece
            else:
                os.kill(self._pid, signal.SIGKILL)
        finally:
            os.close(self._descriptor)
        _, status = os.waitpid(self._pid, 0)
        page = pickle.loads(sent) if status == 0 else None
        return page if isinstance(page, FirstPage) else None


def begin(location: str, login: str) -> Early | None:
    """Fork the child; call it while the process has one thread. Returns nothing where it would be no gain.

    Args:
        location: A file path, or a `postgresql://` URL.
        login: Who works here.
    """
    if not hasattr(os, "fork") or _processors() < 2:
        return None
    incoming, outgoing = os.pipe()
    try:
        pid = os.fork()
    except OSError:  # no more processes: not worth a word
        os.close(incoming)
        os.close(outgoing)
        return None
    if pid:
        os.close(outgoing)
        return Early(pid, incoming)
    status = 1
    try:
        os.close(incoming)
        _send(outgoing, location, login)
        status = 0
    finally:
        os._exit(status)  # whatever happened here happens to the console too, which can tell the person


def _processors() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on Linux
        return os.cpu_count() or 1


def _send(outgoing: int, location: str, login: str) -> None:
    """Read and send, in the child: without a terminal, since that is the console's."""
    os.setsid()
    os.nice(NICE)
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    from deskterm.bootstrap import open_desk
    from screens import views
    from screens.paging import Pages

    desk = open_desk(location, login)
    try:
        question = views.USUAL[0].question()
        page = FirstPage(question, Pages(desk, question).read(0, 0, None, None))
        with os.fdopen(outgoing, "wb") as out:
            pickle.dump(page, out, pickle.HIGHEST_PROTOCOL)
    finally:
        desk.database.close()
