"""A release as it is read whole: check list, builds, tests, waves with their cells, and the incidents of its early life."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from data.queries import release as q
from deskterm.desk import Desk
from deskterm.records import reading, resolve, store
from deskterm.records.draft import Draft
from deskterm.release import checklist, early_life
from deskterm.release.cells import CellState, counts_of, shut
from deskterm.release.distribution import INSTALLED
from deskterm.release.schema import Build, BuildItem, Campaign, Case, Cell, ReleaseView, Wave
from deskterm.release.waves import gates_of


def view(desk: Desk, number: str) -> ReleaseView:
    """Return a release, whole.

    Raises:
        NotFound: there is none by that number.
    """
    with desk.database.read() as connection:
        draft = reading.find_one_of(connection, desk.registry, desk.actor, number, "release")
        names = resolve.names(connection, {key for name in ("unit", "manager") if (key := draft.get(name))})
        until = draft.get("early_life_until")
        return ReleaseView(
            id=draft.id,
            number=draft.number,
            title=str(draft.get("summary")),
            state=draft.state,
            version=draft.version,
            release_version=str(draft.get("release_version") or ""),
            category=str(draft.get("category")),
            type=str(draft.get("type")),
            unit=_title(names, draft.get("unit")),
            manager=_title(names, draft.get("manager")),
            target_at=draft.get("target_at"),
            progress=str(draft.get("progress") or ""),
            early_life_days=int(draft.get("early_life_days") or 0),
            rolled_out_at=draft.get("rolled_out_at"),
            early_life_until=until,
            changes=tuple(
                (one.number, one.title, one.state) for one in checklist.changes_of(connection, desk.registry, draft.id)
            ),
            gates=checklist.of(connection, desk.registry, draft),
            builds=builds(connection, draft.id),
            campaigns=campaigns(connection, draft.id),
            waves=waves(connection, desk, draft),
            incidents=early_life.incidents(connection, draft.id, desk.moment + 1 if until is None else until),
        )


def _title(names: Mapping[int, Any], key: int | None) -> str:
    return names[key].title if key is not None and key in names else ""


def builds(connection: Connection, release_id: int) -> tuple[Build, ...]:
    """Return the build records of a release, the oldest first."""
    key = {"release": release_id}
    items: dict[int, list[BuildItem]] = {}
    for row in connection.execute(q.BUILD_ITEMS, key):
        item = BuildItem(row.number, row.name, row.item_version, row.sha256, row.size_bytes, row.verified_at)
        items.setdefault(row.build_id, []).append(item)
    return tuple(
        Build(
            row.id, row.position, row.state, row.started_by, row.started_at, row.finished_by or "", row.finished_at,
            row.note or "", row.digest or "", tuple(items.get(row.id, ())),
        )
        for row in connection.execute(q.BUILDS, key)
    )  # fmt: skip


def campaigns(connection: Connection, release_id: int) -> tuple[Campaign, ...]:
    """Return the test campaigns of a release, round by round."""
    key = {"release": release_id}
    cases: dict[int, list[Case]] = {}
    for row in connection.execute(q.CASES, key):
        case = Case(
            row.id, row.position, row.name, bool(row.mandatory), row.result, row.tested_by or "", row.tested_at,
            row.evidence or "",
        )  # fmt: skip
        cases.setdefault(row.campaign_id, []).append(case)
    return tuple(
        Campaign(
            row.id, row.name, row.round, row.build_position, row.verdict or "", row.signed_by or "", row.signed_at,
            row.note or "", tuple(cases.get(row.id, ())),
        )
        for row in connection.execute(q.CAMPAIGNS, key)
    )  # fmt: skip


def waves(connection: Connection, desk: Desk, draft: Draft) -> tuple[Wave, ...]:
    """Return the waves of a release with their cells, each with what the CMDB says of its CI now."""
    key = {"release": draft.id}
    rows, cells = connection.execute(q.WAVES, key).all(), connection.execute(q.CELLS, key).all()
    gates = gates_of(rows, cells)
    installed = _installed(connection, desk, [cell.ci_id for cell in cells])
    return tuple(
        Wave(
            row.id, row.position, row.name, row.planned_at, row.accepted_by or "", row.accepted_at, row.note or "",
            shut(gates, row.position), tuple(_cell(cell, installed) for cell in cells if cell.wave_id == row.id),
        )
        for row in rows
    )  # fmt: skip


def _installed(connection: Connection, desk: Desk, ids: Sequence[int]) -> dict[int, str]:
    drafts = store.load(connection, desk.registry.kind("ci"), ids)
    return {key: str(one.get(INSTALLED) or "") for key, one in drafts.items()}


def _cell(row: Any, installed: Mapping[int, str]) -> Cell:
    return Cell(
        row.id, row.position, row.ci_id, row.number or "", row.title or f"record {row.ci_id}", row.site, CellState(row.state),
        row.version or "", row.previous or "", installed.get(row.ci_id, ""), row.ci_state or "gone", row.changed_at,
        row.changed_by, row.reason or "",
    )  # fmt: skip


def progress(desk: Desk, ids: Sequence[int]) -> dict[int, str]:
    """Return by row id how the cells of releases stand, in words."""
    found: dict[int, list[CellState]] = {}
    with desk.database.read() as connection:
        for row in connection.execute(q.PROGRESS_OF, {"ids": list(ids)}):
            found.setdefault(row.release_id, []).extend([CellState(row.state)] * row.cells)
    return {key: counts_of(states) for key, states in found.items()}
