"""The relations between CIs and services: their words, and what may be related to what.

A relation is a row of `link`, dated from and until. Several members may share a redundancy group, of which `need` suffice.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, or_, select

from data.queries.records import MEMBERSHIP
from data.tables.core import HOLDS, link
from deskterm.configuration.words import BACKS_UP, BY_HAND, CONNECTS_TO, NODES, PART_OF
from deskterm.configuration.workflow import GONE
from deskterm.errors import InvalidInput
from deskterm.journal import What
from deskterm.kinds import Rules
from deskterm.records import store
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit

BELONGS_TO = MEMBERSHIP
"""What the field `service` of a CI comes to; nobody makes it by hand."""

_CURRENT = select(link.c.source_id, link.c.relation, link.c.target_id).where(
    or_(link.c.source_id == bindparam("id"), link.c.target_id == bindparam("id")),
    link.c.relation.in_((*BY_HAND, BELONGS_TO)),
    HOLDS,
)
_OTHERS_NEED = (
    select(link.c.need)
    .where(
        link.c.relation == bindparam("relation"),
        link.c.group == bindparam("group_name"),
        or_(link.c.source_id == bindparam("owner"), link.c.target_id == bindparam("owner")),
        link.c.valid_until > bindparam("at"),
        link.c.need.is_not(None),
    )
    .order_by(link.c.id.desc())
)


def check(unit: Unit, source: Draft, relation: str, target: Draft, options: dict[str, Any]) -> None:
    """Refuse a relation that makes no sense between CIs and services.

    Raises:
        InvalidInput: one of the two is gone, a group disagrees with itself, or no failure passes here.
    """
    if relation not in BY_HAND:
        return
    strange = [end for end in (source, target) if end.kind.name not in NODES]
    if strange:
        said = f"{relation} relates CIs and services; {strange[0].number} is {strange[0].kind.one}"
        raise InvalidInput(said, fields={"target": "neither a CI nor a service"})
    _require_alive(unit, source, target, options)
    group, need = options.get("group"), options.get("need")
    if group is None:
        return
    if relation in (CONNECTS_TO, BACKS_UP):
        raise InvalidInput(f"{relation} carries no failure, so it has no redundancy group", fields={"group": "not here"})
    owner = target if relation == PART_OF else source
    at = unit.at if options.get("valid_from") is None else options["valid_from"]
    asked = {"relation": relation, "group_name": group, "owner": owner.id, "at": at}
    other = unit.connection.execute(_OTHERS_NEED, asked).scalar()
    if other is not None and other != need:
        said = f"the group {group} of {owner.number} needs {other} of its members already, not {need}"
        raise InvalidInput(f"{said}; unlink them and link them anew to change that", fields={"need": f"{other} already"})


def _require_alive(unit: Unit, source: Draft, target: Draft, options: dict[str, Any]) -> None:
    """Refuse a relation of what is gone, unless it ended before that: a past may be told."""
    until = options.get("valid_until")
    if until is not None and until <= unit.recorded_at:
        return
    for end in (source, target):
        if end.state in GONE:
            raise InvalidInput(
                f"{end.number} is {end.state}: what is gone carries nothing; put it in stock or live again first, "
                "or give the day on which the relation ended",
                fields={"target" if end is target else "source": end.state},
            )


RULES = Rules(link=(check,))


def end_all(unit: Unit, ci_id: int) -> None:
    """End every relation of a CI now, each journalled on both ends."""
    for row in unit.connection.execute(_CURRENT, {"id": ci_id}).all():
        if store.disconnect(unit, row.source_id, row.relation, row.target_id) and row.relation != BELONGS_TO:
            store.journal_link(unit, What.UNLINK, row.source_id, row.relation, row.target_id)
