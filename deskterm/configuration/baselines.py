"""Baselines: a picture of the configuration under a name, frozen when it is taken; and comparing it, or a day, with another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert

from data.queries import accounting as q
from data.tables.configuration import baseline_item, baseline_seal
from deskterm.clock import format_instant, parse_instant
from deskterm.configuration import snapshots
from deskterm.configuration.past import BATCH
from deskterm.configuration.snapshots import Difference, Item
from deskterm.desk import Desk
from deskterm.errors import InvalidInput, NotAllowed, WorkflowRefused
from deskterm.kinds import Rules
from deskterm.permissions import require
from deskterm.records import listing, resolve
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit

KIND = "baseline"
NOW = "now"
EVERYTHING = "*"


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: an instant, or a baseline."""

    title: str
    at: int
    baseline_id: int | None = None
    scope: str = EVERYTHING


@dataclass(frozen=True, slots=True)
class Known:
    """A baseline as it is offered."""

    number: str
    title: str
    taken_at: int
    items: int


# Rules of the kind


def complete(unit: Unit, draft: Draft) -> None:
    """Say when it is taken, and that it is about everything where nobody says otherwise."""
    if draft.creating:
        draft.new["taken_at"] = unit.at
        draft.new["scope"] = draft.get("scope") or EVERYTHING


def check(unit: Unit, draft: Draft) -> None:
    """Refuse to edit what is frozen."""
    if not draft.creating and set(draft.changed) - {"status"}:
        name = next(iter(draft.changed))
        raise WorkflowRefused(f"{draft.number} is frozen since it was taken; take a new one", fields={name: "frozen"})
    if draft.creating:
        _listing(unit, str(draft.get("scope")))  # a query that is not understood is refused before anything is written


def take(unit: Unit, draft: Draft) -> None:
    """Freeze what the scope finds, as it was at the instant of the baseline, and seal it."""
    if draft.version > 1:
        return
    connection, kind = unit.connection, unit.registry.kind("ci")
    unit.flush()
    ids = list(_ids(unit, str(draft.get("scope"))))
    if not ids:
        raise InvalidInput("a baseline of nothing proves nothing: its scope finds no CI", fields={"scope": "finds nothing"})
    pending: list[dict[str, Any]] = []
    count = 0

    def add(item: Item) -> None:
        nonlocal count
        count += 1
        row = {"number": item.number, "title": item.title, "state": item.state, "facts": dict(item.facts)}
        pending.append({"baseline_id": draft.id, "ci_id": item.id, "relations": [list(one) for one in item.relations], **row})
        if len(pending) >= BATCH:
            connection.execute(insert(baseline_item), pending)
            pending.clear()

    digest = snapshots.digest_of(snapshots.at_instant(connection, kind, int(draft.get("taken_at")), ids), add)
    if pending:
        connection.execute(insert(baseline_item), pending)
    if not count:
        raise InvalidInput("none of these CIs was there yet at that instant", fields={"scope": "finds nothing"})
    last = connection.execute(q.LAST_ITEM, {"id": draft.id}).scalar_one()
    connection.execute(insert(baseline_seal), {"baseline_id": draft.id, "last_item_id": last, "items": count, "digest": digest})


RULES = Rules((complete,), (check,), (take,))


def _listing(unit: Unit, scope: str) -> listing.Listing:
    kinds = unit.registry.kinds(("ci",))
    return listing.prepare(kinds, scope, "number", unit.dialect, unit.actor.tz, unit.actor.restricted)


def _ids(unit: Unit, scope: str) -> Iterator[int]:
    prepared = _listing(unit, scope)
    edge: Any = None
    while True:
        page = listing.page(unit.connection, prepared, unit.actor, unit.at, limit=listing.MAX_PAGE, after=edge)
        yield from (row.id for row in page.rows)
        if not page.more:
            return
        edge = page.rows[-1].cursor


# Comparing


def side(desk: Desk, text: str) -> Side:
    """Return what a person means by one side of a comparison: `now`, an instant, or a baseline by number or name.

    Raises:
        InvalidInput: it is none of these, or lies in the future.
    """
    wanted = text.strip()
    if wanted.casefold() == NOW:
        return Side("now", desk.now())
    with desk.database.read() as connection:
        try:
            key = resolve.one_of(connection, wanted, (KIND,))
        except ValueError:
            key = 0
        if key:
            named = resolve.names(connection, {key})[key]
            draft = desk.registry.kind(KIND)
            from deskterm.records import store

            values = store.load(connection, draft, [key])[key].new
            return Side(f"{named.number} {named.title}", values["taken_at"], key, values["scope"])
    try:
        at = parse_instant(wanted)
    except InvalidInput:
        raise InvalidInput(
            f"{wanted!r} is neither now, nor a date such as 2026-11-01, nor a baseline", fields={"with": "not understood"}
        ) from None
    return side_at(desk, at)


def side_at(desk: Desk, at: int) -> Side:
    """Return a past instant as one side of a comparison.

    Raises:
        InvalidInput: it lies in the future.
    """
    if at > desk.now():
        raise InvalidInput("what has not happened yet cannot be compared with", fields={"day": "in the future"})
    return Side(format_instant(at), at)


def compare(desk: Desk, old: Side, new: Side, *, number: str | None = None, limit: int = 100_000) -> tuple[Difference, ...]:
    """Return what differs between two sides, CI by CI.

    Args:
        number: one CI alone; otherwise all of them, within the scope of a baseline that is one of the sides.
        limit: differences to return at most.

    Raises:
        NotAllowed: the person may not read CIs.
    """
    kind = desk.registry.kind("ci")
    require(desk.actor, "read", kind.family, kind.process, kind.name)
    if desk.actor.restricted:
        raise NotAllowed("the configuration is for the desk's own people")
    found: list[Difference] = []
    with desk.database.read() as connection:
        ids = _compared(desk, connection, old, new, number)
        pictures = [_picture(desk, connection, one, ids) for one in (old, new)]
        for difference in snapshots.differences(*pictures):
            found.append(difference)
            if len(found) >= limit:
                break
    return tuple(found)


def _compared(desk: Desk, connection: Connection, old: Side, new: Side, number: str | None) -> list[int] | None:
    """Return the CIs that are compared, None for all: a baseline of a part says nothing of the rest."""
    if number is not None:
        return [resolve.by_number(connection, number).id]
    scopes = {one.scope for one in (old, new) if one.baseline_id is not None} - {EVERYTHING}
    if not scopes:
        return None
    ids: set[int] | None = None
    for one in (old, new):
        if one.baseline_id is None or one.scope == EVERYTHING:
            continue
        frozen = {item.id for item in snapshots.of_baseline(connection, one.baseline_id)}
        prepared = listing.prepare(
            desk.registry.kinds(("ci",)), one.scope, "number", desk.database.dialect, desk.actor.tz, desk.actor.restricted
        )
        edge: Any = None
        while True:
            page = listing.page(connection, prepared, desk.actor, desk.now(), limit=listing.MAX_PAGE, after=edge)
            frozen |= {row.id for row in page.rows}
            if not page.more:
                break
            edge = page.rows[-1].cursor
        ids = frozen if ids is None else ids & frozen
    return sorted(ids or ())


def _picture(desk: Desk, connection: Connection, one: Side, ids: list[int] | None) -> Iterator[Item]:
    if one.baseline_id is not None:
        return snapshots.of_baseline(connection, one.baseline_id, ids)
    return snapshots.at_instant(connection, desk.registry.kind("ci"), one.at, ids)


def known(desk: Desk, *, limit: int = 100) -> tuple[Known, ...]:
    """Return the baselines there are, the newest first."""
    with desk.database.read() as connection:
        rows = connection.execute(q.BASELINES, {"limit": limit}).mappings()
        return tuple(Known(row["number"], row["title"], row["taken_at"], row["items"]) for row in rows)
