"""Types into a draft until it is killed: run by the tests of drafts as a process of its own.

Every tick it says on standard output how many characters it has typed so far.
"""

from __future__ import annotations

import signal
import sys
import threading
from pathlib import Path

from deskterm.clock import SystemClock
from deskterm.drafts import DraftJournal, Subject

TICK_SECONDS = 0.05
"""A key every so often: twenty a second."""


def main(folder: str) -> None:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # whoever started the tests may have been told to ignore it
    journal = DraftJournal(Path(folder), SystemClock())
    pen = journal.begin(Subject("new", "incident"))
    text = ""
    pause = threading.Event()
    while True:
        text += "x"
        pen.keep({"summary": text}, text)
        print(len(text), flush=True)  # noqa: T201 - what the test reads
        pause.wait(TICK_SECONDS)


if __name__ == "__main__":
    main(sys.argv[1])
