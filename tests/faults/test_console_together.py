"""Fault 13 and the promise beside it: two consoles on one desk see each other's work within a second, and who is typing."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

from tests.desks import Cast
from tests.faults.real_console import CROWDED, CTRL_S, PROMISED_SECONDS, Homes, desk_of_now, opened, start, write_reply
from tests.processes import PATIENCE_SECONDS
from tests.pty_harness import PtyApp
from tests.stopwatch import Stopwatch

LOOKS_SECONDS = 2 * PROMISED_SECONDS
"""A console says what it has open with the next second, and looks every other one."""


def both_until(apps: tuple[PtyApp, PtyApp], true: Callable[[], bool], what: str, limit: float) -> None:
    """Read both terminals until something is so, within the limit where nothing else is at work."""
    watch = Stopwatch()
    while not true():
        shown = "\n".join(app.text for app in apps)
        assert watch.seconds < limit, f"not within {limit} s: {what}\n{shown}"
        assert watch.wall_seconds < PATIENCE_SECONDS, f"never: {what}\n{shown}"
        for app in apps:
            app.pump(0.01)


def line_of(app: PtyApp, number: str) -> str:
    """The row of a record in a queue; empty if it is not there."""
    return next((line for line in app.lines if number in line and "▸ " not in line[1:]), "")


def assignee(cast: Cast, number: str) -> str:
    view = cast.ada.show(number)
    held = view.values.get("assignee")
    return view.names[held].title if held else ""


def test_what_one_does_the_other_sees_within_a_second(tmp_path: Path) -> None:
    homes = Homes(tmp_path)
    soon = PROMISED_SECONDS * CROWDED
    with desk_of_now(tmp_path) as cast:
        number = cast.incident(team="network", summary="Switch hums")
        with start(cast, homes, "bob") as bob, start(cast, homes, "eve") as eve:
            both = (bob, eve)
            for app in both:
                app.wait_text("6 All")
                app.settle()
                app.send("[[")  # round to the last view but one
                app.wait_text(number)
                app.settle()

            bob.send("a")
            bob.wait_until(lambda: assignee(cast, number) == "bob", "bob to have it")
            both_until(both, lambda: " bob " in line_of(eve, number), "bob in eve's row", soon)

            other = cast.as_("sue").create("incident", {"summary": "Door stays shut", "team": "network"}).number
            both_until(both, lambda: all("Door stays shut" in line_of(app, other) for app in both), "a new record", soon)

            write_reply(bob, "Dear Maria")
            both_until(both, lambda: "bob is typing here" in eve.text, "who types", LOOKS_SECONDS * CROWDED)
            bob.send(CTRL_S)
            both_until(both, lambda: "bob is typing here" not in eve.text, "typing to end", LOOKS_SECONDS * CROWDED)

            eve.send("\r")
            eve.wait_text("Dear Maria")
            bob.settle()
            bob.send("\r")
            both_until(both, lambda: "bob has it open" in eve.text, "bob in the record", LOOKS_SECONDS * CROWDED)
            both_until(both, lambda: "eve has it open" in bob.text, "eve in the record", LOOKS_SECONDS * CROWDED)
            cast.as_("sue").note(number, "the fan is worn")
            both_until(both, lambda: all("the fan is worn" in app.text for app in both), "a note in the record", soon)
            bob.send("q")
            bob.wait()
            both_until((eve, eve), lambda: "has it open" not in eve.text, "bob to be gone", LOOKS_SECONDS * CROWDED)


def test_a_console_that_slept_catches_up(tmp_path: Path) -> None:
    """Stopped as a laptop that is closed: what was written meanwhile is there as soon as it wakes."""
    homes = Homes(tmp_path)
    with desk_of_now(tmp_path) as cast:
        numbers = [cast.incident(summary=f"Lamp {i}", assignee="bob") for i in range(3)]
        with start(cast, homes) as app:
            opened(app, numbers[-1])
            app.kill(signal.SIGSTOP)
            for number in numbers:
                cast.as_("sue").edit(number, {"summary": f"Lantern {number}"})
            cast.as_("sue").act(numbers[0], "cancel", {"reason": "gone"})
            app.kill(signal.SIGCONT)
            watch = Stopwatch()
            app.wait_until(lambda: all(f"Lantern {one}" in app.text for one in numbers[1:]), "the new names")
            app.wait_until(lambda: not line_of(app, numbers[0]), "the cancelled one to leave")
            assert watch.seconds < PROMISED_SECONDS * CROWDED
            assert opened(app, "2 found").status is None
