"""Releases of a period: on time, backed out, incidents in early life, sites on the authorised version, drift from the library."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection

from data.queries import discovery as dq
from data.queries import release as q
from deskterm.clock import format_instant
from deskterm.desk import Desk
from deskterm.errors import InvalidInput
from deskterm.permissions import require
from deskterm.records import resolve, store
from deskterm.release.distribution import INSTALLED
from deskterm.release.early_life import incidents
from deskterm.release.figures import Part, Placed, drift, on_time, sites
from deskterm.release.library_store import deposited_name
from deskterm.reports import Column, Options, Period, Report, answer, heading, rules

BY = ("release", "unit", "category", "type")
"""What releases can be grouped by."""
ALL = "all"

COLUMNS = (
    Column("group", "Group"),
    Column("releases", "Releases", "count"),
    Column("on_time_percent", "On time", "percent"),
    Column("backed_out_percent", "Backed out", "percent"),
    Column("incidents_per_release", "Incidents", "number"),
    Column("installed", "Installed", "count"),
    Column("failed", "Failed", "count"),
    Column("sites_authorised_percent", "Sites on it", "percent"),
    Column("drifted", "Drift", "count"),
    Column("library_verified_percent", "Library verified", "percent"),
)
FORMULAS = {
    "releases": "releases whose rollout ended in the period: out everywhere, or backed out",
    "on_time_percent": "releases that were out everywhere by their due instant / releases out in the period that have one",
    "backed_out_percent": "releases backed out / releases whose rollout ended in the period, out or backed out",
    "incidents_per_release": "incidents on CIs with the release, from its installation to the end of early life / releases out",
    "installed": "CIs on which a release is installed now; failed: CIs on which it failed or that were unreachable",
    "sites_authorised_percent": "sites whose every CI has the version of its unit's newest release that is out / sites with one",
    "drifted": "CIs of which the CMDB knows another installed version than the last release put there, or discovery found since "
    "a file of it with another hash, or a package of it with another version, than in the library",
    "library_verified_percent": "items in the library whose file was read again and is what was recorded / items in the library",
}
CHUNK = 500
ENDED = ("early-life", "closed", "backed-out")


@dataclass(frozen=True, slots=True)
class _Ended:
    """A release whose rollout ended in the period."""

    row: Any
    ended_at: int
    incidents: int


def report(desk: Desk, period: Period, options: Options) -> Report:
    """Return the figures of the releases whose rollout ended in a period: all of them first, then group by group.

    Options: `by` (see `BY`), and `unit`, a release unit by number or name.
    """
    strange = sorted(options.keys() - {"unit", "by"})
    if strange:
        raise InvalidInput(f"this report does not take {strange[0]!r}; it takes unit or by", fields={strange[0]: "unknown"})
    by = options.get("by", "release")
    if by not in BY:
        raise InvalidInput(f"releases are grouped by {', '.join(BY)}, not by {by!r}", fields={"by": "unknown"})
    kind = desk.registry.kind("release")
    require(desk.actor, "read", kind.family, kind.process, kind.name)
    from_at, to_at = period.settled(desk.moment)
    with desk.database.read() as connection:
        unit = _unit(connection, options.get("unit"))
        everything = [row for row in connection.execute(q.RELEASES) if unit is None or row.unit_id == unit]
        ended = _ended(connection, everything, from_at, to_at, desk.moment)
        placed = _placed(connection, desk, unit)
        library = connection.execute(q.INTEGRITY).all()
        units = resolve.names(connection, {row.unit_id for row in everything if row.unit_id is not None})
    total = {**_figures(ALL, ended, placed), **_library(library)}
    groups: dict[str, list[_Ended]] = defaultdict(list)
    for one in ended:
        groups[_group(one.row, by, units)].append(one)
    rows = [_figures(name, members, _of(placed, members)) for name, members in groups.items()]
    drifted = [asdict(one) for one in drift(placed)]
    details = [_detail(one, placed) for one in ended]
    data = answer(from_at, to_at, rows, FORMULAS, by=by, total=total, drift=drifted, details=details)
    return Report(heading(f"Releases by {by}", from_at, to_at, options.get("unit", "")), COLUMNS, (total, *rows), data)


def _group(row: Any, by: str, units: Mapping[int, Any]) -> str:
    if by == "release":
        return f"{row.number} {row.release_version} {row.title}"
    if by == "unit":
        return units[row.unit_id].title if row.unit_id in units else "none"
    return str(getattr(row, by))


def _of(placed: Sequence[Placed], members: Sequence[_Ended]) -> tuple[Placed, ...]:
    own = {one.row.id for one in members}
    return tuple(cell for cell in placed if cell.release_id in own)


def _unit(connection: Connection, given: str | None) -> int | None:
    if given is None:
        return None
    try:
        return resolve.one_of(connection, given, ("release-unit",))
    except ValueError as problem:
        raise InvalidInput(f"unit: {problem}", fields={"unit": str(problem)}) from None


def _ended(connection: Connection, rows: Sequence[Any], from_at: int, to_at: int, now: int) -> list[_Ended]:
    found = []
    for row in rows:
        at = row.done_at if row.state == "backed-out" else row.rolled_out_at
        if row.state not in ENDED or at is None or not from_at <= at < to_at:
            continue
        until = row.early_life_until if row.early_life_until is not None else at
        found.append(_Ended(row, at, len(incidents(connection, row.id, min(until, now + 1)))))
    return found


def _placed(connection: Connection, desk: Desk, unit: int | None) -> tuple[Placed, ...]:
    """Return every cell that something came of, the oldest first, each with what the CMDB knows of its CI now."""
    cells = [row for row in connection.execute(q.NEWEST_CELLS) if unit is None or row.unit_id == unit]
    cis = store.load(connection, desk.registry.kind("ci"), {row.ci_id for row in cells})
    parts: dict[int, dict[int, list[Part]]] = defaultdict(lambda: defaultdict(list))
    for row in connection.execute(q.RELEASE_HASHES):
        parts[row.release_id][row.position].append(Part(row.name, row.item_version, row.sha256, deposited_name(row.path)))
    out = {row.id: row for row in connection.execute(q.RELEASES)}
    seen = _seen(connection, cells)
    return tuple(
        _place(row, cis[row.ci_id], out[row.release_id], _newest(parts.get(row.release_id)), seen.get(row.ci_id)) for row in cells
    )


def _seen(connection: Connection, cells: Sequence[Any]) -> dict[int, tuple[int, Mapping[str, str]]]:
    """Return what the newest scan that looked at software found on each CI, and when."""
    ids = sorted({row.ci_id for row in cells})
    found: dict[int, tuple[int, Mapping[str, str]]] = {}
    for start in range(0, len(ids), CHUNK):
        for row in connection.execute(dq.SOFTWARE_OF, {"ids": ids[start : start + CHUNK]}):
            found[row.ci_id] = (row.scanned_at, row.software)
    return found


def _newest(by_build: Mapping[int, list[Part]] | None) -> tuple[Part, ...]:
    return tuple(by_build[max(by_build)]) if by_build else ()


def _place(row: Any, ci: Any, release: Any, parts: tuple[Part, ...], seen: tuple[int, Mapping[str, str]] | None) -> Placed:
    attributes = ci.get("attributes")
    discovered = attributes.get("installed_sha256") if isinstance(attributes, dict) else None
    now = ci.get(INSTALLED)
    return Placed(
        row.ci_id, row.number, row.title, row.ci_state, row.site, row.release_id, row.unit_id, row.state,
        row.version or "", row.previous or "", "" if now is None else str(now), release.rolled_out_at,
        release.state in ENDED[:2], parts, str(discovered).lower() if discovered else "",
        seen[1] if seen is not None and seen[0] >= row.changed_at else {},
    )  # fmt: skip


def _detail(one: _Ended, placed: Sequence[Placed]) -> dict[str, Any]:
    own = [cell for cell in placed if cell.release_id == one.row.id]
    return {
        "number": one.row.number,
        "summary": one.row.title,
        "version": one.row.release_version,
        "state": one.row.state,
        "due_at": None if one.row.target_at is None else format_instant(one.row.target_at),
        "ended_at": format_instant(one.ended_at),
        "on_time": on_time(one.row.rolled_out_at, one.row.target_at),
        "installed": sum(cell.state == "installed" for cell in own),
        "backed_out": sum(cell.state == "backed-out" for cell in own),
        "failed": sum(cell.state in ("failed", "unreachable") for cell in own),
        "incidents": one.incidents,
    }


def _figures(group: str, ended: Sequence[_Ended], placed: Sequence[Placed]) -> dict[str, Any]:
    out = [one for one in ended if one.row.state != "backed-out"]
    judged = [timely for one in out if (timely := on_time(one.row.rolled_out_at, one.row.target_at)) is not None]
    at_sites = sites(placed)
    return {
        "group": group,
        "releases": len(ended),
        "on_time_percent": rules.percent(sum(judged), len(judged)),
        "backed_out_percent": rules.percent(len(ended) - len(out), len(ended)),
        "incidents_per_release": rules.ratio(sum(one.incidents for one in out), len(out)),
        "installed": sum(cell.state == "installed" for cell in placed),
        "failed": sum(cell.state in ("failed", "unreachable") for cell in placed),
        "sites": len(at_sites),
        "sites_authorised_percent": rules.percent(sum(at_sites.values()), len(at_sites)),
        "drifted": len(drift(placed)),
    }


def _library(rows: Sequence[Any]) -> dict[str, Any]:
    held = [row for row in rows if row.state == "in-library"]
    whole = sum(row.items for row in held if row.integrity == "verified")
    items = sum(row.items for row in held)
    return {"library_items": items, "library_verified_percent": rules.percent(whole, items)}
