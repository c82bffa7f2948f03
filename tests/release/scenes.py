"""Releases for tests: a library with real small files, and a release that has come so far as a test needs it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from deskterm.desk import Desk
from deskterm.release import builds, campaigns, library
from tests.desks import Cast

REHEARSED = {"backout_plan": "Put 1.0 back from the library.", "backout_evidence": "Restored in 12 minutes on the test system."}


def file_of(cast: Cast, name: str, text: str = "") -> Path:
    """Write a small file beside the desk."""
    folder = _folder(cast)
    path = folder / name
    path.write_bytes((text or f"the contents of {name}").encode())
    return path


def _folder(cast: Cast) -> Path:
    place = library.library(cast.ada).folder.parent
    place.mkdir(parents=True, exist_ok=True)
    return place


def proposed(desk: Desk, cast: Cast, name: str, version: str, *, text: str = "", **values: object) -> str:
    """Make a library item with a file, checked, not accepted yet."""
    given = {"name": name, "item_version": version, "licence": "Contract 17", **values}
    number = desk.create("definitive-item", given).number
    library.deposit(desk, number, file_of(cast, f"{name}-{version}.tar", text))
    desk.act(number, "check-quality", {"qa_result": "passed", "qa_evidence": "scanned and installed on the test system"})
    return number


def item(desk: Desk, cast: Cast, name: str, version: str, *, text: str = "", **values: object) -> str:
    """Make a library item that is in the library."""
    number = proposed(desk, cast, name, version, text=text, **values)
    desk.act(number, "accept")
    return number


def built(desk: Desk, cast: Cast, items: Sequence[str] = (), **values: object) -> str:
    """Make a release with a finished build."""
    number = desk.create("release", {"summary": "Payroll 1.1", **values}).number
    desk.act(number, "build")
    builds.add(desk, number, items or [item(desk, cast, "payroll", "1.1")])
    builds.finish(desk, number, "nightly 812")
    return number


def signed(desk: Desk, cast: Cast, items: Sequence[str] = (), **values: object) -> str:
    """Make a release whose tests are passed and signed."""
    number = built(desk, cast, items, **values)
    campaigns.plan(desk, number, "acceptance", ["pay slip", "bank file"])
    desk.act(number, "test")
    campaigns.record(desk, number, "acceptance", [1, 2], "passed", "run 77")
    campaigns.sign(desk, number, "acceptance")
    return number


def servers(desk: Desk, *names: str, location: str = "Haus A") -> list[str]:
    """Make CIs that are live at a site."""
    return [desk.create("ci", {"name": name, "type": "server", "location": location}).number for name in names]
