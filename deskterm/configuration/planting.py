"""Planting the standard tree of CI types in a new desk; in an older one also the words that its CIs carry as type already."""

from __future__ import annotations

from sqlalchemy import select

from data.queries import configuration as q
from data.search import fold
from data.tables.configuration import ci
from deskterm.configuration.standard_types import STANDARD_TYPES
from deskterm.desk import Desk
from deskterm.records import writing
from deskterm.records.unit import Unit

_WORDS = select(ci.c.type).distinct().order_by(ci.c.type)


def plant(desk: Desk) -> bool:
    """Plant the tree where no type is yet, in one unit of work of the desk itself; return whether it did."""
    with desk.database.read() as connection:
        if connection.execute(q.TYPE_NAMES.limit(1)).first():
            return False
    with desk.unit("plant CI types") as unit:
        plant_in(unit)
    return True


def plant_in(unit: Unit) -> None:
    """Plant the tree within a unit of work of the desk itself."""
    kind = unit.registry.kind(q.TYPE_KIND)
    ids: dict[str, int] = {}
    for name, above, help_, attributes in STANDARD_TYPES:
        values = {"name": name, "parent": ids.get(above), "attributes": attributes or None, "open_ended": True}
        ids[name] = writing.create(unit, kind, values | {"description": help_}).id
    known = {fold(name) for name in ids}
    for word in unit.connection.execute(_WORDS).scalars().all():
        if fold(word) not in known:
            known.add(fold(word))
            values = {"name": word, "open_ended": True, "description": "Carried by CIs before the desk kept types."}
            writing.create(unit, kind, values)
