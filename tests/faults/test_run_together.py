"""A run of a continuity plan on two consoles: what one starts or finishes the other sees within a second."""

from __future__ import annotations

from pathlib import Path

from deskterm.continuity.reading import run_view
from tests.continuity.planning import approved, managed, rated, running
from tests.faults.real_console import CROWDED, ENTER, PROMISED_SECONDS, Homes, desk_of_now, start
from tests.faults.test_console_together import both_until
from tests.pty_harness import PtyApp


def open_run(app: PtyApp, number: str) -> None:
    """Go to the list of runs and open one."""
    app.wait_text("6 All")
    app.settle()
    app.send("9")
    app.wait_text("Analyses")
    app.settle()
    app.send("]]")
    app.wait_text(number)
    app.settle()
    app.send(ENTER)
    app.wait_text("to the RTO")
    app.settle()


def test_two_consoles_on_one_run_see_each_other_within_a_second(tmp_path: Path) -> None:
    homes = Homes(tmp_path)
    soon = PROMISED_SECONDS * CROWDED
    with desk_of_now(tmp_path) as cast:
        desk = managed(cast)
        rated(desk, rto_seconds="3h")
        number = running(desk, approved(desk))
        with start(cast, homes, "bob") as bob, start(cast, homes, "eve") as eve:
            both = (bob, eve)
            for app in both:
                open_run(app, number)
            bob.send("d")  # the first step
            bob.wait_until(lambda: run_view(desk, number).steps[0].who == "bob", "bob to be on the first step")
            both_until(both, lambda: all("1 running" in app.text for app in both), "the first step to run", soon)
            eve.send("jd")  # the second, beside it
            eve.wait_until(lambda: run_view(desk, number).steps[1].who == "eve", "eve to be on the second step")
            both_until(both, lambda: all("2 running" in app.text for app in both), "both steps to run", soon)
            bob.send("f")
            bob.wait_until(lambda: run_view(desk, number).steps[0].state == "finished", "the first step to be done")
            both_until(both, lambda: all("1 of 3 done" in app.text for app in both), "the first to be done", soon)
            before = eve.text
            both_until(both, lambda: eve.text != before, "the countdown to tick", soon)
