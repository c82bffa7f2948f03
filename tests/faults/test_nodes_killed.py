"""Nodes of a redundant cluster die, the whole way: monitoring tells; browser and incident say what it means."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from screens.cis import CisScreen
from screens.record import RecordScreen
from tests.configuration.estates import payroll
from tests.desks import Cast
from tests.faults.real_console import Homes, desk_of_now
from tests.screens.consoles import LARGE, SMALL, console, go, screen_text, settled, shows, until

HALF_AN_HOUR = 1_800


class Monitoring:
    """What watches the nodes and tells of them as Nagios does, by mail into the command line: a process of its own."""

    def __init__(self, cast: Cast, homes: Homes) -> None:
        self.cast, self.homes = cast, homes

    def run(self, *words: str) -> str:
        """Run a command on the desk and return what it printed."""
        command = [sys.executable, "-m", "deskterm", "--database", str(self.cast.database.path), "--as", "ada", *words]
        environ = {**os.environ, **self.homes.environ}
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=environ)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def tells(self, kind: str, host: str, state: str) -> None:
        """Import a notification."""
        self.cast.clock.advance(60)
        when = datetime.fromtimestamp(self.cast.clock.at, UTC).strftime("%a %b %d %H:%M:%S UTC %Y")
        mail = (
            f"***** Nagios *****\n\nNotification Type: {kind}\nHost: {host}\nState: {state}\nAddress: 192.0.2.9\n"
            f"Info: PING {state}\n\nDate/Time: {when}\n"
        )
        path = self.homes.folder / f"{host}-{state}.txt"
        path.write_text(mail, encoding="utf-8")
        self.run("import", "nagios", str(path))

    def explained(self, number: str, *part: str) -> Any:
        """Return what the command line explains of a record."""
        return json.loads(self.run("--json", "explain", number, *part))


def row(pilot: Pilot[None], name: str) -> str:
    """Return the row of the tree with a name, without its signs for branches."""
    lines = [line.partition("│")[0] for line in screen_text(pilot).splitlines()[3:-1]]
    found = [" ".join(line.replace("▸", " ").replace("▾", " ").split()) for line in lines]
    return next((line for line in found if line.split(" ")[0] == name), "")


async def reads(pilot: Pilot[None], name: str, told: str) -> None:
    """Read the tree again until a row says something."""
    await go(pilot, "", "f5")
    await until(pilot, lambda: row(pilot, name) == told)


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_one_of_three_degrades_and_the_second_breaks(size: tuple[int, int], tmp_path: Path) -> None:
    with desk_of_now(tmp_path) as cast:
        cast.clock.at -= HALF_AN_HOUR  # what monitoring tells of has happened by the machine's clock
        numbers = payroll(cast)
        monitoring = Monitoring(cast, Homes(tmp_path))
        async with console(cast, "sam", "cis", size=size) as pilot:
            await go(pilot, "", "right", "j", "right")
            await until(pilot, lambda: row(pilot, "cluster") == "cluster 3/3 up up")

            monitoring.tells("PROBLEM", "node-1", "DOWN")
            await reads(pilot, "cluster", "cluster 2/3 SPOF ▲ degraded")
            assert row(pilot, "node-1").endswith("✖ down")
            assert row(pilot, "Payroll") == "Payroll ▲ degraded"
            assert monitoring.explained(numbers["cluster"])["state"]["state"] == "degraded"

            monitoring.tells("PROBLEM", "node-2", "DOWN")
            await reads(pilot, "cluster", "cluster 1/3 up ✖ down")
            assert row(pilot, "Payroll") == "Payroll ✖ down"
            await shows(pilot, "1/3 up")
            assert monitoring.explained("SVC-00002")["state"]["state"] == "down"
            affected = monitoring.explained("INC-00002", "affected")["affected"]["services"]
            assert [(one["name"], one["breaks"]) for one in affected] == [("Payroll", True)]

            await go(pilot, "", "colon")
            await pilot.press(*"INC-00002")
            await shows(pilot, "Open INC-00002")
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, RecordScreen))
            await shows(pilot, "INC-00002")
            if size == SMALL:
                await go(pilot, "", "f")
            await shows(pilot, "Payroll  breaks  0/1 up")
            await shows(pilot, "node-2 → cluster → Payroll")
            await go(pilot, "", "escape")
            await until(pilot, lambda: isinstance(pilot.app.screen, CisScreen))

            monitoring.tells("RECOVERY", "node-1", "UP")
            await reads(pilot, "cluster", "cluster 2/3 SPOF ▲ degraded")
            assert cast.ada.show("INC-00001").state == "resolved"
            monitoring.tells("RECOVERY", "node-2", "UP")
            await reads(pilot, "Payroll", "Payroll up")
            await settled(pilot)
        monitoring.run("doctor")
