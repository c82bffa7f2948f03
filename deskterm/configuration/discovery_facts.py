"""Facts that a scan found, in the form in which a CI stores them; and what is recorded of a CI in the same form, to compare."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, RowMapping

from data.queries import discovery as q
from deskterm.configuration import placeholders
from deskterm.configuration.discovery_rules import Index, fqdn_key, known_keys, mac_key, serial_key, uuid_key
from deskterm.configuration.discovery_schema import Found
from deskterm.kinds import Kind
from deskterm.records import writing
from deskterm.records.unit import Unit

ATTRIBUTE = "attributes."
IN_USE = ("live", "in-repair")
GONE = ("retired", "disposed")
AT_ONCE = 500
_NOT_A_FACT = frozenset({"attributes", "missing_since"})


def stored_facts(unit: Unit, kind: Kind, found: Found) -> dict[str, Any]:
    """Return what was found as a CI would store it: checked by type, without what means nothing and what the desk works out.

    Raises:
        InvalidInput: `fields` names every value that no CI can have.
    """
    said = {name: value for name, value in found.facts.items() if value not in (None, "", [], {})}
    for name, key in (("serial", serial_key), ("uuid", uuid_key), ("fqdn", fqdn_key)):
        if name in said and key(said[name]) is None:
            del said[name]
    if "mac" in said and mac_key(said["mac"]) is None and str(said["mac"]).casefold() in placeholders.MACS:
        del said["mac"]
    own = {
        name: value
        for name, value in said.items()
        if name in kind.all_fields and not kind.all_fields[name].derived and name not in _NOT_A_FACT
    }
    attributes = {name: value for name, value in said.items() if name.startswith(ATTRIBUTE) and len(name) > len(ATTRIBUTE)}
    return {**writing.read(unit, kind, own), **attributes}


def values_of(facts: Mapping[str, Any], attributes: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return facts as the fields of a CI, those of its type added to the ones it has."""
    values = {name: value for name, value in facts.items() if not name.startswith(ATTRIBUTE)}
    more = {name.removeprefix(ATTRIBUTE): value for name, value in facts.items() if name.startswith(ATTRIBUTE)}
    if more:
        values["attributes"] = {**(attributes or {}), **more}
    return values


def recorded_facts(kind: Kind, row: RowMapping) -> dict[str, Any]:
    """Return a row of `CIS` as facts."""
    own = {name: row[column.name] for name, column in kind.stored.items() if column.name in row and name != "attributes"}
    own["name"], own["status"] = row["title"], row["state"]
    attributes = row["attributes"] if isinstance(row["attributes"], Mapping) else {}
    return {**own, **{f"{ATTRIBUTE}{name}": value for name, value in attributes.items()}}


def index_of(connection: Connection, kind: Kind) -> Index:
    """Return every recorded CI by what it is known by, and by what earlier scans called it."""
    index = Index()
    for row in _streamed(connection):
        index.add(row["id"], known_keys(recorded_facts(kind, row), row["number"]), retired=row["state"] in GONE)
    for source in connection.execute(q.SOURCES):
        index.add(source.ci_id, {"source": (source.source_key,)})
    return index


def _streamed(connection: Connection) -> Iterator[RowMapping]:
    result = connection.execute(q.CIS, execution_options={"yield_per": 1000})
    for part in result.mappings().partitions():
        yield from part


def cis(connection: Connection, kind: Kind, ids: Iterable[int]) -> dict[int, tuple[str, str, dict[str, Any]]]:
    """Return number, name and facts of CIs."""
    wanted, found = sorted(set(ids)), {}
    for start in range(0, len(wanted), AT_ONCE):
        for row in connection.execute(q.CIS_BY_ID, {"ids": wanted[start : start + AT_ONCE]}).mappings():
            found[row["id"]] = (row["number"], row["title"], recorded_facts(kind, row))
    return found
