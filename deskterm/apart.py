"""Jobs in a process of their own: what they load and hold goes when they end, and nobody at the console waits for them.

`run` is called by the scheduler of a console, and starts this module as a program, which runs the named jobs once and ends. It
needs no lead: two runs at once do no harm, as with `deskterm jobs run`. A process that is ended midway leaves nothing half done.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from data.engine import Database

LOCATION = "DESKTERM_JOBS_ON"
"""Tells the process its desk: not on the command line, where everybody on the machine could read a password."""
LOOK_SECONDS = 0.25
"""How often it is asked whether to stop."""
NICE = 10


def run(database: Database, names: Sequence[str], stopping: Callable[[], bool]) -> int | None:
    """Run jobs once in a process of their own and wait for its end.

    Returns:
        Its exit status, 0 where all went well; None where it was told to stop.

    Raises:
        OSError: there can be no process just now.
    """
    environ = {**os.environ, LOCATION: str(database.path or database.url.render_as_string(hide_password=False))}
    # From where this program is, not from the folder that somebody happens to be in (-P).
    environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH"))))
    command = [sys.executable, "-P", "-m", "deskterm.apart", *names]
    nothing = subprocess.DEVNULL
    process = subprocess.Popen(command, env=environ, stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True)
    while True:
        with suppress(subprocess.TimeoutExpired):
            return process.wait(LOOK_SECONDS)
        if stopping():
            process.kill()
            process.wait()
            return None


def main(names: Sequence[str]) -> int:
    """Run jobs by name, in the process that was started for it."""
    import deskterm.launch  # noqa: F401  finds the folded packages
    from data.engine import Database
    from deskterm.job_runs import run_due
    from deskterm.kinds import declared

    if hasattr(os, "nice"):
        os.nice(NICE)
    database = Database(os.environ[LOCATION])
    try:
        registry = declared()
        for name in names:
            run_due(database, registry, name=name)
    finally:
        database.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
