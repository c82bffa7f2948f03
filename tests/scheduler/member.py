"""One console's scheduler as a process of its own: `python -m tests.scheduler.member DATABASE [SKEW_SECONDS]`.

It runs until it is killed. With a skew, the machine's clock is that much off for everything that Python asks it.
"""

from __future__ import annotations

import datetime
import sys
import threading
import time
from dataclasses import replace

if len(sys.argv) > 2:
    _real, _skew = time.time, float(sys.argv[2])

    class _Skewed(datetime.datetime):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> _Skewed:
            return super().now(tz) + datetime.timedelta(seconds=_skew)

    time.time = lambda: _real() + _skew
    datetime.datetime = _Skewed  # type: ignore[misc]

from data.engine import Database
from deskterm.jobs import declared_jobs
from deskterm.scheduler import Scheduler


def main() -> None:
    """Run the desk's jobs, every second instead of at their usual intervals."""
    jobs = [replace(job, every_seconds=1) for job in declared_jobs()]
    Scheduler(Database(sys.argv[1]), jobs=jobs).start()
    threading.Event().wait()


if __name__ == "__main__":
    main()
