"""Alerts for tests: told to a desk without a file in between, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deskterm.desk import Desk
from deskterm.incident.alerts import Alert, AlertLine, Delivery, Intake, Remark, Status, alerts_of, fingerprint_of
from deskterm.records.schema import RecordView, Row
from tests.desks import MONDAY, Cast

HOUR = 3600
DAY = 24 * HOUR
SOURCE = "alertmanager"


def alert(
    name: str, start: int | None, end: int | None = None, *, labels: Mapping[str, str] | None = None, source: str = SOURCE
) -> Alert:
    """Make an alert that began `start` seconds after Monday morning, and was over at `end`."""
    known = {"alertname": name, "instance": f"{name}.example:9100", **(labels or {})}
    at = None if start is None else MONDAY + start
    over_at = None if end is None else MONDAY + end
    status = Status.FIRING if end is None else Status.RESOLVED
    return Alert(source, fingerprint_of({"alertname": name}), status, at, over_at, known, {"summary": f"{name} is wrong"})


def remark(name: str, at: int, text: str = "Acknowledged") -> Remark:
    return Remark(SOURCE, fingerprint_of({"alertname": name}), "acknowledged", MONDAY + at, text)


def tell(desk: Desk, *told: Alert | Delivery | Remark, group: str = "") -> Intake:
    """Tell a desk something; alerts that stand alone come one by one."""
    with desk.unit("alerts") as unit:
        intake = Intake(unit)
        for one in told:
            if isinstance(one, Alert):
                intake.receive(Delivery(SOURCE, (one,), group_key=group))
            elif isinstance(one, Remark):
                intake.receive(Delivery(SOURCE, remarks=(one,)))
            else:
                intake.receive(one)
        intake.finish()
    return intake


def incidents(cast: Cast, query: str = "") -> tuple[Row, ...]:
    return cast.ada.page(cast.ada.prepare(["incident"], query, "number")).rows


def only(cast: Cast) -> RecordView:
    """Return the one incident there is."""
    [row] = incidents(cast)
    return cast.ada.show(row.number)


def listed(cast: Cast, view: RecordView) -> tuple[AlertLine, ...]:
    with cast.database.read() as connection:
        return alerts_of(connection, view.id)


def story(view: RecordView) -> list[tuple[int, str, str, Any]]:
    """Return when an incident moved, in seconds after Monday morning: when, who, what, where to."""
    moves = [line for line in view.journal if line.what in ("created", "state")]
    return [(line.at - MONDAY, line.actor, line.what, line.new if line.what == "state" else None) for line in moves]


def notes(view: RecordView) -> list[str]:
    return [line.text or "" for line in view.journal if line.what == "note"]
