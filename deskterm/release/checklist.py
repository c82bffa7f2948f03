"""The check list of a release as the desk knows it now: facts read for the gates, and the refusal that names all of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from data.queries import release as q
from deskterm.errors import WorkflowRefused
from deskterm.kinds import Registry
from deskterm.records import store
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit
from deskterm.release import gates
from deskterm.release.builds import COMPLETE, OPEN


def changes_of(connection: Connection, registry: Registry, release_id: int) -> tuple[gates.ChangeFact, ...]:
    """Return the changes that a release carries out, as they stand now."""
    rows = connection.execute(q.LINKED_CHANGES, {"release": release_id}).all()
    facts = []
    for row in rows:
        code = ""
        if row.kind in registry and "code" in registry.kind(row.kind).all_fields:
            code = str(store.load(connection, registry.kind(row.kind), [row.id])[row.id].get("code") or "")
        facts.append(gates.ChangeFact(row.number, row.title, row.state, code))
    return tuple(facts)


def facts_of(connection: Connection, registry: Registry, draft: Draft) -> gates.ReleaseFacts:
    """Return everything that the gates of a release look at."""
    there = connection.execute(q.BUILDS, {"release": draft.id}).all()
    build = next((row for row in reversed(there) if row.state == COMPLETE), None)
    return gates.ReleaseFacts(
        changes=changes_of(connection, registry, draft.id),
        build=None if build is None else build.position,
        building=any(row.state == OPEN for row in there),
        items=() if build is None else _items(connection, build.id),
        campaigns=() if build is None else _campaigns(connection, draft.id, build.id),
        has_backout_plan=bool(draft.get("backout_plan")),
        rehearsed_at=draft.get("backout_rehearsed_at"),
        has_evidence=bool(draft.get("backout_evidence")),
    )


def of(connection: Connection, registry: Registry, draft: Draft) -> tuple[gates.Gate, ...]:
    """Return the check list of a release."""
    return gates.gates(facts_of(connection, registry, draft))


def require(unit: Unit, draft: Draft, what: str) -> None:
    """Refuse a step that a closed gate stands before.

    Raises:
        WorkflowRefused: with everything that is missing, by gate.
    """
    found = of(unit.connection, unit.registry, draft)
    lacking = gates.missing(found)
    if lacking:
        beside = {gate.name: "; ".join(gate.missing) for gate in found if not gate.is_open}
        raise WorkflowRefused(f"{draft.number} is not {what}: {'; '.join(lacking)}", fields=beside)


def require_standing(unit: Unit, draft: Draft, before: str) -> None:
    """Stop a rollout whose changes are not approved any more, or whose files are not what was built and tested.

    Raises:
        WorkflowRefused: it names them, and says what to do.
    """
    facts = facts_of(unit.connection, unit.registry, draft)
    found = {"changes": gates.disapproved(facts.changes), "build": gates.damaged(facts.items)}
    cures = {"changes": "Have it approved again", "build": "Put the file right and verify it"}
    wrong = {name: "; ".join(sentences) for name, sentences in found.items() if sentences}
    if wrong:
        said, cure = "; ".join(wrong.values()), ", ".join(cures[name] for name in wrong)
        raise WorkflowRefused(f"{draft.number} is stopped before {before}: {said}. {cure}, or back the release out", fields=wrong)


def _items(connection: Connection, build_id: int) -> tuple[gates.ItemFact, ...]:
    rows: list[Any] = list(connection.execute(q.BUILT, {"build": build_id}))
    return tuple(
        gates.ItemFact(
            row.number, row.name, row.item_version, row.sha256, row.library_sha256, row.state, row.integrity or "", row.unit_id
        )
        for row in rows
    )


def _campaigns(connection: Connection, release_id: int, build_id: int) -> tuple[gates.CampaignFact, ...]:
    """Return the newest round of each campaign that tests a build."""
    rows = {row.name: row for row in connection.execute(q.CAMPAIGNS, {"release": release_id}) if row.build_id == build_id}
    cases = connection.execute(q.CASES, {"release": release_id}).all()
    return tuple(
        gates.CampaignFact(
            name,
            row.signed_by or "",
            tuple(gates.CaseFact(name, one.name, one.mandatory, one.result) for one in cases if one.campaign_id == row.id),
        )
        for name, row in rows.items()
    )
