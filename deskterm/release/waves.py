"""Planning a rollout: waves, and which CIs or sites are in each. A CI is in one wave of a release, and in no other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from data.queries import release as q
from deskterm.configuration.workflow import GONE
from deskterm.errors import InvalidInput, NotFound, WorkflowRefused
from deskterm.journal import Entry, What
from deskterm.records import resolve, store
from deskterm.records.draft import Draft
from deskterm.records.relations import ROLLS_OUT_TO
from deskterm.records.unit import Unit
from deskterm.release.cells import WAITING, CellState, WaveGate, progress

NO_SITE = "no location"
MOST_CELLS = 2_000


def gates_of(waves: Iterable[Any], cells: Iterable[Any]) -> tuple[WaveGate, ...]:
    """Return the waves of a release as the gate between them sees them."""
    by_wave: dict[int, list[CellState]] = {}
    for cell in cells:
        by_wave.setdefault(cell.wave_id, []).append(CellState(cell.state))
    return tuple(WaveGate(row.position, row.name, row.accepted_at is not None, tuple(by_wave.get(row.id, ()))) for row in waves)


def read(unit: Unit, release_id: int) -> tuple[list[Any], list[Any]]:
    """Return the rows of a release's waves and cells."""
    key = {"release": release_id}
    return list(unit.connection.execute(q.WAVES, key)), list(unit.connection.execute(q.CELLS, key))


def count(unit: Unit, draft: Draft) -> None:
    """Write how far the rollout has come into the release."""
    waves, cells = read(unit, draft.id)
    draft.new["progress"] = progress(gates_of(waves, cells)) or None


def plan(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    """Make a wave, or add CIs to one that nothing was sent to yet.

    Raises:
        InvalidInput: a CI is not there, is gone, or is in a wave already; a site has nothing. All of them are named.
    """
    waves, cells = read(unit, draft.id)
    position = inputs.get("wave") or len(waves) + 1
    if position > len(waves) + 1:
        raise InvalidInput(f"the next wave is number {len(waves) + 1}", fields={"wave": f"at most {len(waves) + 1}"})
    wanted = _targets(unit, draft, inputs, cells)
    if len(cells) + len(wanted) > MOST_CELLS:
        raise InvalidInput(f"a rollout has at most {MOST_CELLS} CIs; make several releases of it", fields={"cis": "too many"})
    wave = waves[position - 1] if position <= len(waves) else _new_wave(unit, draft, position, inputs)
    if wave.accepted_at is not None:
        raise WorkflowRefused(f"wave {position} is accepted; add a new one", fields={"wave": "accepted"})
    sites = {row.id: row.location for row in unit.connection.execute(q.SITES_OF, {"ids": list(wanted) or [0]})}
    rows = [
        {
            "release_id": draft.id, "wave_id": wave.id, "ci_id": key, "site": sites.get(key) or NO_SITE,
            "state": CellState.PLANNED.value, "changed_at": unit.at, "changed_by": unit.actor.login,
        }
        for key in wanted
    ]  # fmt: skip
    if rows:
        unit.connection.execute(q.NEW_CELLS, rows)
    said = f"wave {position} ({wave.name}): {', '.join(wanted.values()) or 'no CI yet'}"
    unit.journal(Entry(draft.id, draft.version + 1, What.NOTE, text=said))
    for key in wanted:
        text = f"planned for {draft.number} {draft.get('release_version')}, wave {position}"
        unit.journal(Entry(key, store.version_of(unit, key), What.NOTE, text=text))
        if store.connect(unit, draft.id, ROLLS_OUT_TO, key):
            store.journal_link(unit, What.LINK, draft.id, ROLLS_OUT_TO, key)
    count(unit, draft)


def drop(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    """Take CIs out of their waves, as long as nothing was sent to them.

    Raises:
        InvalidInput: a CI is in no wave, or something was sent to it.
    """
    _, cells = read(unit, draft.id)
    chosen = chosen_cells(cells, inputs["cis"])
    sent = [f"{cell.title} is {cell.state}" for cell in chosen if CellState(cell.state) not in WAITING]
    if sent:
        raise WorkflowRefused(f"nothing is dropped: {'; '.join(sent)}", fields={"cis": "; ".join(sent)})
    for cell in chosen:
        unit.connection.execute(q.DROP_CELL, {"cell": cell.id})
        if store.disconnect(unit, draft.id, ROLLS_OUT_TO, cell.ci_id):
            store.journal_link(unit, What.UNLINK, draft.id, ROLLS_OUT_TO, cell.ci_id)
        text = f"dropped from {draft.number}, wave {cell.position}"
        unit.journal(Entry(cell.ci_id, store.version_of(unit, cell.ci_id), What.NOTE, text=text))
    said = f"dropped from their waves: {', '.join(cell.title for cell in chosen)}"
    unit.journal(Entry(draft.id, draft.version + 1, What.NOTE, text=said))
    count(unit, draft)


def chosen_cells(cells: Sequence[Any], words: Sequence[str]) -> list[Any]:
    """Return the cells that numbers or names of CIs mean.

    Raises:
        NotFound: a word means none; all of those are named.
    """
    by_word: dict[str, Any] = {}
    for cell in cells:
        by_word.setdefault(str(cell.title).casefold(), cell)
        by_word[str(cell.number).casefold()] = cell
    strange = [word for word in words if word.strip().casefold() not in by_word]
    if strange:
        raise NotFound(f"not in this rollout: {', '.join(strange)}")
    found = {by_word[word.strip().casefold()].id: by_word[word.strip().casefold()] for word in words}
    return list(found.values())


def _new_wave(unit: Unit, draft: Draft, position: int, inputs: Mapping[str, Any]) -> Any:
    name = str(inputs.get("name") or f"Wave {position}")
    row = {"release_id": draft.id, "position": position, "name": name, "planned_at": inputs.get("planned_at")}
    unit.connection.execute(q.NEW_WAVE, row)
    return unit.connection.execute(q.WAVES, {"release": draft.id}).all()[-1]


def _targets(unit: Unit, draft: Draft, inputs: Mapping[str, Any], cells: Sequence[Any]) -> dict[int, str]:
    """Return the CIs that are meant, by id, with their names; those at a site that are in a wave already stay where they are."""
    wrong: dict[str, str] = {}
    named: dict[int, None] = {}
    for word in inputs.get("cis") or ():
        try:
            named[resolve.one_of(unit.connection, word, ("ci",))] = None
        except ValueError as problem:
            wrong[word] = str(problem)
    placed = {cell.ci_id: cell for cell in cells}
    at_sites: dict[int, None] = {}
    for site in inputs.get("sites") or ():
        key = {"site": site.strip().lower(), "service": draft.get("service") or 0}
        found = [row.id for row in unit.connection.execute(q.AT_SITE, key)]
        if not found:
            wrong[site] = f"there is no live CI{' of the service' if key['service'] else ''} at {site!r}"
        at_sites |= dict.fromkeys(one for one in found if one not in placed)
    drafts = store.load(unit.connection, unit.registry.kind("ci"), [*named, *at_sites])
    for named_id in named:
        one = drafts[named_id]
        if named_id in placed:
            wrong[one.number] = f"{one.get('name')} is in wave {placed[named_id].position} already; a CI is in one wave"
        elif one.state in GONE:
            wrong[one.number] = f"{one.get('name')} is {one.state}"
    if wrong:
        raise InvalidInput("; ".join(wrong.values()), fields=wrong)
    return {one: str(drafts[one].get("name")) for one in (named | at_sites)}
