"""Rollouts for tests: a release that may go out, to CIs at two sites, and what the CMDB says of them."""

from __future__ import annotations

from typing import Any

from deskterm.desk import Desk
from deskterm.release.reading import view
from deskterm.release.schema import Cell
from tests.change.changing import assessing, board
from tests.desks import Cast
from tests.release.scenes import REHEARSED, servers, signed

PILOT, REST = ("app-1", "app-2"), ("app-3", "app-4", "app-5")


def ready(cast: Cast, **values: Any) -> tuple[Desk, str, str]:
    """Make a release that is ready, its CIs in no wave yet; return who manages it, its number and its change's."""
    cast.ada.create("agent", {"login": "rex", "roles": ["agent", "release-manager"]})
    board(cast, "sue")
    servers(cast.ada, *PILOT, location="Haus A")
    servers(cast.ada, *REST, location="Haus B")
    for name in (*PILOT, *REST):
        cast.ada.edit(_number(cast, name), {"installed_version": "1.0"})
    change = assessing(cast.as_("bob"))
    cast.as_("sue").act(change, "approve")
    desk = cast.as_("rex")
    now = cast.clock.now()
    number = signed(desk, cast, changes=[change], release_version="1.1", **REHEARSED, backout_rehearsed_at=now, **values)
    desk.act(number, "ready")
    return desk, number, change


def _number(cast: Cast, name: str) -> str:
    return cast.ada.page(cast.ada.prepare(("ci",), f"name:{name}"), limit=1).rows[0].number


def rolling(cast: Cast, **values: Any) -> tuple[Desk, str, str]:
    """Make a release whose rollout began: a pilot wave and the rest."""
    desk, number, change = ready(cast, **values)
    desk.act(number, "plan-wave", {"name": "Pilot", "cis": list(PILOT)})
    desk.act(number, "plan-wave", {"name": "Rest", "sites": ["Haus B"]})
    desk.act(number, "roll-out")
    return desk, number, change


def states(desk: Desk, number: str) -> dict[str, str]:
    """Return how the cells of a release stand, by the name of the CI."""
    return {cell.name: cell.state.value for cell in view(desk, number).cells}


def installed(cast: Cast) -> dict[str, str | None]:
    """Return what the CMDB says is installed, by the name of the CI."""
    rows = cast.ada.page(cast.ada.prepare(("ci",), "name:app*", "name"), limit=50, columns=("installed_version",)).rows
    return {row.title: row.values["installed_version"] for row in rows}


def cell(desk: Desk, number: str, name: str) -> Cell:
    """Return one cell of a release."""
    return next(one for one in view(desk, number).cells if one.name == name)


def through(desk: Desk, number: str, wave: int) -> None:
    """Take a wave from planned to accepted."""
    desk.act(number, "go", {"wave": wave})
    desk.act(number, "report", {"outcome": "installed", "wave": wave})
    desk.act(number, "accept-wave", {"wave": wave})
