"""Why a backup schedule loses what it loses, and who asks for less; and why a risk is called what it is called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from data.queries import continuity as q
from deskterm.configuration import graph
from deskterm.continuity import objectives
from deskterm.continuity.kinds import IMPACT
from deskterm.continuity.rules import RISK_LEVELS, backup_gap, loses_at_worst
from deskterm.desk import Desk
from deskterm.explanations import Part
from deskterm.fields import show_duration
from deskterm.records.schema import RecordView


@dataclass(frozen=True, slots=True)
class Asked:
    """Who says how much of some data may be lost."""

    number: str
    name: str
    rpo_seconds: int
    path: tuple[str, ...]
    """Names from whoever asks down to whose data they are."""


def asked_of(connection: Connection, node: int, now: int) -> list[Asked]:
    """Return who cannot do without a service or CI and says how much may be lost, itself included; the tightest first."""
    above = graph.dependants(connection, [node], now).reached
    rated = {key: one for key, one in objectives.analyses(connection, {node, *above}).items() if one.rpo_seconds is not None}
    network, _ = objectives.network_of(connection, rated, now)
    paths = {key: path for key in rated if (path := objectives.below(network, key).get(node)) is not None}
    named = graph.named(connection, {one for path in paths.values() for one in path})
    found = [
        Asked(named[key].number, named[key].title, rated[key].rpo_seconds or 0,
              tuple(named[one].title for one in path if one in named))
        for key, path in paths.items()
        if key in named
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.rpo_seconds, one.name, one.number))


def copied(desk: Desk, view: RecordView) -> tuple[Part, Any] | None:
    """Explain what a schedule loses at worst, and by how much that is more than each RPO allows that hangs on its data."""
    if view.kind != "backup-schedule" or desk.actor.restricted:
        return None
    every, takes, lag = (int(view.values[name]) for name in ("interval_seconds", "duration_seconds", "lag_seconds"))
    node = int(view.values.get("service") or view.values["ci"])
    loses = every + takes + lag
    with desk.database.read() as connection:
        asked = asked_of(connection, node, desk.moment)
        others = [
            (row.interval_seconds, row.duration_seconds, row.lag_seconds)
            for row in connection.execute(q.BACKUPS)
            if node in (row.service_id, row.ci_id)
        ]
    best = loses_at_worst(others)
    over = [backup_gap(one.rpo_seconds, every, takes, lag) or 0 for one in asked]
    rows = tuple(
        (f"{one.number} {one.name}", show_duration(one.rpo_seconds), " → ".join(one.path[1:]),
         f"{show_duration(late)} beyond it" if late else "within it")
        for one, late in zip(asked, over, strict=True)
    )  # fmt: skip
    better = f"; another schedule of the same loses only {show_duration(best)}" if best is not None and best < loses else ""
    nobody = "" if rows else "; nobody who needs it says how much may be lost"
    title = (
        f"loses {show_duration(loses)} at worst: every {show_duration(every)} + takes {show_duration(takes)} + lag "
        f"{show_duration(lag)}{better}{nobody}"
    )
    data = {
        "loses_seconds": loses, "interval_seconds": every, "duration_seconds": takes, "lag_seconds": lag,
        "best_seconds": best,
        "asked_by": [
            {"number": one.number, "name": one.name, "rpo_seconds": one.rpo_seconds, "gap_seconds": late, "path": list(one.path)}
            for one, late in zip(asked, over, strict=True)
        ],
    }  # fmt: skip
    return Part(title, ("asked by", "RPO", "through", ""), rows, (1,)), data


def scored(desk: Desk, view: RecordView) -> tuple[Part, Any] | None:
    """Explain the score of a risk, and from which score on it is called what."""
    if view.kind != "risk":
        return None
    likelihood, impact = view.values["likelihood"], view.values["impact"]
    score, level = view.values["score"], view.values["level"]
    tops = {word: (least, (25, *(one - 1 for one, _ in RISK_LEVELS))[place]) for place, (least, word) in enumerate(RISK_LEVELS)}
    rows = tuple((word, f"{least} to {most}", "this one" if word == level else "") for word, (least, most) in tops.items())
    title = f"risk {score}, {level}: likelihood {likelihood} × impact {impact} ({IMPACT.labels[impact - 1]})"  # noqa: RUF001
    data = {"score": score, "level": level, "likelihood": likelihood, "impact": impact}
    return Part(title, ("called", "score", ""), rows, (1,)), data
