"""Releases of the demo desk: one in the middle of its rollout, one in early life, one being planned; a library with real files.

Lived through at the end, when the rest of the quarter is written: what touches these records happens in the order of time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from data.engine import Database
from deskterm.bootstrap import desk_of
from deskterm.clock import FrozenClock
from deskterm.desk import Desk, editing
from deskterm.kinds import Registry
from deskterm.release import builds, campaigns, library
from deskterm.release.library_store import DROP_BOX

HOUR, DAY = 3_600, 86_400
MANAGER, BUILDER, CHANGES, BOARD = "piet", "olga", "grace", "Release board"
"""Who answers for releases, who checks quality, who raises the changes, and who decides on them."""
SCANNERS, YARD = ("scan-d1-1",), ("scan-d2-1", "scan-d4-1", "scan-d4-2")
SHOPS = ("scan-s07-1", "scan-s08-1", "scan-s08-2", "scan-s09-1", "scan-s09-2")
FULL = "scan-s08-1"
"""On this one there is no room."""
RECORDS = ("app-kis-01", "app-kis-02")

FILES = {
    "scan-client-4.2.sh": "#!/bin/sh\n# Scanner client 4.2\nexec /opt/scan/bin/client --keys classic\n",
    "scan-client-4.3.sh": "#!/bin/sh\n# Scanner client 4.3, reads damaged labels\nexec /opt/scan/bin/client\n",
    "scan-profile-12.ini": "[labels]\nformats = ean13, code128, datamatrix\n[wireless]\nroam_at_dbm = -68\n",
    "kis-app-7.2.conf": "laboratory.results = push\npictures.cache_mb = 512\n",
    "kis-schema-7.2.sql": "ALTER TABLE finding ADD COLUMN read_at timestamp;\nCREATE INDEX unread ON finding (read_at);\n",
    "kis-app-7.3.conf": "laboratory.results = push\npictures.cache_mb = 1024\nprescriptions.electronic = on\n",
}
"""The masters, small as they are."""
ITEMS = (
    ("scan-client", "4.2", "Scanner software", "Frame contract 2021-08, 60 devices", "scan-client-4.2.sh", "archived"),
    ("scan-client", "4.3", "Scanner software", "Frame contract 2021-08, 60 devices", "scan-client-4.3.sh", "in-library"),
    ("scan-profile", "12", "Scanner software", "Our own", "scan-profile-12.ini", "in-library"),
    ("kis-app", "7.2", "Patient records suite", "Order 4711, 2 servers", "kis-app-7.2.conf", "in-library"),
    ("kis-schema", "7.2", "Patient records suite", "Order 4711, 2 servers", "kis-schema-7.2.sql", "in-library"),
    ("kis-app", "7.3", "Patient records suite", "Order 4711, 2 servers", "kis-app-7.3.conf", "proposed"),
)
"""Name, version, unit, licence, file, and how far it has come."""
SPARES = (("scan-spare-1", "workstation"), ("scan-spare-2", "workstation"), ("lt-spare-1", "laptop"))
"""What lies in the hardware store."""
RFC: Mapping[str, Any] = {
    "category": "significant",
    "test_plan": "The campaigns of the release.",
    "downtime_seconds": "20m",
    "risk_answers": {"complexity": "low", "experience": "often", "users": "few", "tested": "fully", "backout_tested": "yes"},
}
RECORDS_PLAN = {
    "reason": "Findings arrive when they are ready, not when somebody asks.",
    "plan": "One server after the other, at night.",
    "backout_plan": "Start the old version; its schema reads the new one.",
}
SCANNERS_PLAN = {
    "reason": "Damaged labels stop the dock four times a day.",
    "plan": "Pilot, then the shops, then the yard, between two shifts.",
    "backout_plan": "The device keeps the old version; boot it with the green key.",
}


class Story:
    """Somebody's access to the desk at one instant after the other."""

    def __init__(self, database: Database, registry: Registry, now: int) -> None:
        self._database, self._registry, self.now = database, registry, now
        self._clock = FrozenClock(now)
        self._desks: dict[str, Desk] = {}

    def as_(self, login: str, ago: int) -> Desk:
        """Return somebody's access so many seconds before the present."""
        self._clock.at = self.now - ago
        if login not in self._desks:
            self._desks[login] = desk_of(self._database, login, clock=self._clock, registry=self._registry)
        return self._desks[login]


def releases(database: Database, registry: Registry, now: int) -> None:
    """Fill the library, and live through three releases."""
    story = Story(database, registry, now)
    items = _library(story)
    story.as_("otto", 41 * DAY).create("board", {"name": BOARD, "members": ["olga", "tarik"], "rule": "any", "quorum": 1})
    _records(story, [items["kis-app", "7.2"], items["kis-schema", "7.2"]])
    _scanners(story, [items["scan-client", "4.3"], items["scan-profile", "12"]])
    _web_shop(story)
    for name, type_ in SPARES:
        given = {"name": name, "type": type_, "status": "in-stock", "location": "Data centre Potsdam, shelf 4"}
        story.as_("lukas", 38 * DAY).create("ci", given)


def _library(story: Story) -> dict[tuple[str, str], str]:
    """Deposit the masters, small files that are really there."""
    piet = story.as_(MANAGER, 40 * DAY)
    box = library.library(piet).folder / DROP_BOX
    box.mkdir(mode=0o750, parents=True, exist_ok=True)
    for unit, service, level in (
        ("Scanner software", "Scanning", "suite"),
        ("Patient records suite", "Patient records", "system"),
    ):
        piet.create("release-unit", {"name": unit, "service": service, "level": level})
    found: dict[tuple[str, str], str] = {}
    for place, (name, version, unit, licence, file, end) in enumerate(ITEMS):
        ago = (40 - 2 * place) * DAY if end != "proposed" else 2 * DAY
        desk = story.as_(MANAGER, ago)
        number = desk.create("definitive-item", {"name": name, "item_version": version, "unit": unit, "licence": licence}).number
        found[name, version] = number
        _deposit(desk, number, box / file)
        if end == "proposed":
            continue
        told = {
            "qa_result": "passed",
            "qa_evidence": "Installed on the test system, scanned for viruses, signature of the maker checked.",
        }
        story.as_(MANAGER, ago - HOUR).act(number, "check-quality", told)
        story.as_(MANAGER, ago - 2 * HOUR).act(number, "accept")
        if end == "archived":
            story.as_(MANAGER, 20 * DAY).act(number, "archive", {"reason": "4.3 takes its place"})
    box.rmdir()
    return found


def _deposit(desk: Desk, number: str, file: Path) -> None:
    file.write_text(FILES[file.name], encoding="utf-8")
    library.deposit(desk, number, file)
    file.unlink()


def _change(story: Story, ago: int, summary: str, cis: Sequence[str], window: tuple[int, int], **values: Any) -> str:
    """Raise a change and have it approved and scheduled; the window is in seconds before the present."""
    given = {
        **RFC,
        "summary": summary,
        "cis": list(cis),
        "window_start": story.now - window[0],
        "window_end": story.now - window[1],
        **values,
    }
    number = story.as_(CHANGES, ago).create("change", given).number
    story.as_(CHANGES, ago - HOUR).act(number, "submit")
    story.as_(CHANGES, ago - 2 * HOUR).act(number, "assess", {"board": BOARD})
    story.as_(BUILDER, ago - DAY).act(number, "approve", {"comment": "Yes, with the pilot first."})
    story.as_(CHANGES, ago - DAY - HOUR).act(number, "schedule")
    return number


def _tested(story: Story, number: str, items: Sequence[str], ago: int, cases: Sequence[str]) -> None:
    """Build a release, test it and declare it ready, within ten days."""
    story.as_(MANAGER, ago).act(number, "build")
    builds.add(story.as_(MANAGER, ago - HOUR), number, items)
    builds.finish(story.as_(MANAGER, ago - 2 * HOUR), number, "From the masters, on the build server.")
    campaigns.plan(story.as_(MANAGER, ago - 3 * HOUR), number, "acceptance", cases)
    story.as_(MANAGER, ago - DAY).act(number, "test")
    positions = list(range(1, len(cases) + 1))
    campaigns.record(
        story.as_(BUILDER, ago - 2 * DAY), number, "acceptance", positions, "passed", "On the test system, with two users."
    )
    campaigns.sign(story.as_(BUILDER, ago - 2 * DAY - HOUR), number, "acceptance")
    rehearsal = {"backout_rehearsed_at": story.now - ago + 2 * DAY, "backout_evidence": "Back on the old version in 12 minutes."}
    story.as_(MANAGER, ago - 3 * DAY).act(number, "ready", rehearsal)


def _installed_before(story: Story, names: Sequence[str], version: str) -> None:
    desk = story.as_("lukas", 39 * DAY)
    numbers = [desk.page(desk.prepare(("ci",), f'name:"{name}"'), limit=1).rows[0].number for name in names]
    desk.bulk(numbers, "note what is installed", editing({"installed_version": version}))


def _records(story: Story, items: Sequence[str]) -> None:
    """Patient records 7.2: out everywhere, in early life."""
    _installed_before(story, RECORDS, "7.1")
    plan = RECORDS_PLAN
    change = _change(story, 32 * DAY, "Patient records 7.2 on both servers", RECORDS, (8 * DAY, 5 * DAY), **plan)
    given = {
        "summary": "Findings are pushed to the wards", "service": "Patient records", "unit": "Patient records suite",
        "category": "minor", "release_version": "7.2", "changes": [change], "early_life_days": 14, "plan": plan["plan"],
        "backout_plan": plan["backout_plan"], "target_at": story.now - 4 * DAY,
        "description": "Laboratory and radiology push their findings; the wards see what nobody has read yet.",
    }  # fmt: skip
    number = story.as_(MANAGER, 30 * DAY).create("release", given).number
    _tested(
        story,
        number,
        items,
        20 * DAY,
        ("a finding arrives on ward 3", "unread findings are marked", "pictures open in 2 seconds"),
    )
    story.as_(CHANGES, 8 * DAY).act(change, "implement")
    story.as_(MANAGER, 9 * DAY).act(number, "plan-wave", {"name": "First server", "cis": RECORDS[:1]})
    story.as_(MANAGER, 9 * DAY - 60).act(number, "plan-wave", {"name": "Second server", "cis": RECORDS[1:]})
    story.as_(MANAGER, 8 * DAY - HOUR).act(number, "roll-out")
    for wave, ago in ((1, 8 * DAY - 2 * HOUR), (2, 6 * DAY)):
        _wave(story, number, wave, ago)
    story.as_(MANAGER, 5 * DAY).act(number, "early-life")
    story.as_(CHANGES, 5 * DAY - HOUR).act(
        change, "complete", {"code": "successful", "review": "Both servers within their windows."}
    )


def _wave(story: Story, number: str, wave: int, ago: int) -> None:
    """Distribute to a wave, and accept it the next day."""
    story.as_(MANAGER, ago).act(number, "go", {"wave": wave})
    story.as_(MANAGER, ago - HOUR).act(number, "report", {"outcome": "installed", "wave": wave})
    story.as_(MANAGER, ago - 20 * HOUR).act(number, "accept-wave", {"wave": wave, "note": "No complaint over night."})


def _scanners(story: Story, items: Sequence[str]) -> None:
    """Scanner software 4.3: the pilot is accepted, the shops are being done, the yard waits."""
    everywhere = (*SCANNERS, *SHOPS, *YARD)
    _installed_before(story, everywhere, "4.2")
    plan = SCANNERS_PLAN
    change = _change(story, 18 * DAY, "Scanner software 4.3 on all handheld scanners", everywhere, (3 * DAY, -4 * DAY), **plan)
    given = {
        "summary": "Scanners read damaged labels", "service": "Scanning", "unit": "Scanner software", "category": "minor",
        "release_version": "4.3", "changes": [change], "plan": plan["plan"], "backout_plan": plan["backout_plan"],
        "target_at": story.now + 3 * DAY,
        "description": "The client reads damaged labels and keeps counting without the network.",
    }  # fmt: skip
    number = story.as_(MANAGER, 16 * DAY).create("release", given).number
    _tested(story, number, items, 10 * DAY, ("a torn label is read", "count goes on without network", "green key boots 4.2"))

    def step(ago: int, action: str, values: Mapping[str, Any]) -> None:
        story.as_(MANAGER, ago).act(number, action, values)

    step(4 * DAY, "plan-wave", {"name": "Pilot", "cis": list(SCANNERS)})
    step(4 * DAY - 60, "plan-wave", {"name": "Shops", "cis": list(SHOPS)})
    step(4 * DAY - 120, "plan-wave", {"name": "Yard", "cis": list(YARD), "planned_at": story.now + DAY})
    story.as_(CHANGES, 3 * DAY).act(change, "implement")
    step(3 * DAY - HOUR, "roll-out", {})
    _wave(story, number, 1, 3 * DAY - 2 * HOUR)
    step(5 * HOUR, "go", {"wave": 2})
    step(3 * HOUR, "report", {"outcome": "installed", "cis": [name for name in SHOPS if name != FULL]})
    step(2 * HOUR, "report", {"outcome": "failed", "cis": [FULL], "reason": "No room on the device: 3 MB short."})
    step(HOUR, "hold", {"cis": ["scan-d4-2"], "reason": "Dock 4 counts stock until Friday."})


def _web_shop(story: Story) -> None:
    """The next one, only planned."""
    given = {
        "summary": "Web shop takes gift cards",
        "service": "Web shop",
        "category": "major",
        "target_at": story.now + 45 * DAY,
    }
    story.as_(MANAGER, 3 * DAY + 30).create("release", given)
