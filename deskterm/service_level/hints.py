"""While an agreement or a target is typed: whether what teams and suppliers promise still fits into it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection

from deskterm.desk import Desk
from deskterm.fields import as_list
from deskterm.forms.schema import Hint
from deskterm.kinds import Kind
from deskterm.records import resolve
from deskterm.service_level import back_to_back
from deskterm.service_level import back_to_back_words as words
from deskterm.service_level.service import amount_words

SHOWN = 3
NEW = 0
"""Stands for the row id of what is not saved yet."""


def hints(desk: Desk, kind: Kind, values: Mapping[str, Any]) -> list[Hint]:
    """Return the hints of an agreement or a target; the other kinds of the process have none."""
    if kind.name not in ("agreement", "target") or desk.actor.restricted:
        return []
    with desk.database.read() as connection:
        promises = back_to_back.read(connection, desk.moment)
        changed = _with_target if kind.name == "target" else _with_agreement
        about = changed(connection, promises, values)
    if about is None:
        return []
    tried, agreement = about
    return list(_told(back_to_back.findings(tried, desk.moment, [agreement]), values, desk.actor.tz))


def _with_target(
    connection: Connection, promises: back_to_back.Promises, values: Mapping[str, Any]
) -> tuple[back_to_back.Promises, int] | None:
    """Return the promises with the target as the form says it; None while it does not say enough."""
    agreement = resolve.meant(connection, values.get("agreement"), "agreement")
    amount, days = values.get("amount_seconds"), values.get("days")
    metric, unit = values.get("metric"), values.get("unit")
    if agreement not in promises.agreements or not metric or not unit:
        return None
    if metric != "availability" and (isinstance(days, int) and days > 0) == (isinstance(amount, int) and amount > 0):
        return None
    if (unit == "business-days") != isinstance(days, int) and metric != "availability":
        return None
    priorities = _numbers(values.get("priorities"))
    row = {
        "id": NEW, "agreement_id": agreement, "metric": metric, "unit": unit, "amount_seconds": amount, "days": days,
        "priorities": priorities, "kinds": as_list(values.get("kinds")), "objective": _share(values.get("objective")),
        "number": str(values.get("number") or ""), "title": f"{metric} {amount_words(amount, days)}",
    }  # fmt: skip
    return promises.with_target(resolve.meant(connection, values.get("number"), "target"), row), agreement


def _numbers(given: object) -> list[int]:
    return [int(text) for part in as_list(given) if (text := str(part)).isdigit()]


def _share(given: object) -> str | None:
    try:
        return str(float(str(given)))
    except ValueError:
        return None


def _with_agreement(
    connection: Connection, promises: back_to_back.Promises, values: Mapping[str, Any]
) -> tuple[back_to_back.Promises, int] | None:
    """Return the promises with the agreement as the form says it; a new one has no targets, and nothing to check."""
    key = resolve.meant(connection, values.get("number"), "agreement")
    calendar = resolve.meant(connection, values.get("calendar"), "calendar")
    if key not in promises.agreements or calendar is None:
        return None
    refers = {"service_id": "service", "customer_id": "organisation", "team_id": "team"}
    fields = {"service_id": "service", "customer_id": "customer", "team_id": "team"}
    told = {column: resolve.meant(connection, values.get(fields[column]), kind) for column, kind in refers.items()}
    return promises.with_agreement(key, {**told, "calendar_id": calendar}), key


def _told(found: list[back_to_back.Finding], values: Mapping[str, Any], tz: str) -> Iterator[Hint]:
    late = [one for one in found if one.verdict == back_to_back.LATE]
    judged = [one for one in found if one.verdict != back_to_back.UNKNOWN]
    if not found:
        return
    if not judged:
        yield Hint("Back to back: n/a", ("No OLA or UC has a target that stands behind it.",))
        return
    if not late:
        yield Hint("Back to back: fits", (f"{len(judged)} of {len(judged)} fit behind it, calendars included",), tone="good")
        return
    for one in late[:SHOWN]:
        yield Hint(f"Too late: {one.agreement}: {words.named(one)}", tuple(words.arithmetic(one, tz)), tone="risk")
    if len(late) > SHOWN:
        yield Hint(f"{len(late) - SHOWN} more are too late", tone="soon")
