"""A rollout, step by step: distribute, report, hold, accept, back out. What a CI has installed is written to the CI itself.

Each step is an action of the release's workflow. A CI that is gone fails visibly in its own cell; the others go on. Wave N+1
stays shut until N is accepted, and a change that lost its approval or a file that was tampered with stops the next wave.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from data.queries import release as q
from deskterm.configuration.workflow import GONE
from deskterm.errors import DeskError, InvalidInput, NotFound, WorkflowRefused
from deskterm.journal import Entry, What
from deskterm.records import store, writing
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit
from deskterm.release import checklist
from deskterm.release.behalf import on_behalf
from deskterm.release.cells import STEPS, CellState, open_wave, shut, unacceptable
from deskterm.release.waves import chosen_cells, count, gates_of, read

INSTALLED = "installed_version"
"""The field of a CI that says what is installed there."""
Inputs = Mapping[str, Any]
REASON = 400


def begin(unit: Unit, draft: Draft, inputs: Inputs) -> None:
    """Open the rollout: there is somewhere to go, and every gate is open still."""
    waves, cells = read(unit, draft.id)
    empty = [row.position for row in waves if not any(cell.wave_id == row.id for cell in cells)]
    if not cells:
        raise WorkflowRefused(
            f"{draft.number} has no wave with a CI in it; plan one with the action plan-wave", fields={"waves": "none"}
        )
    if empty:
        raise WorkflowRefused(
            f"wave {empty[0]} has no CI; add some with the action plan-wave wave={empty[0]}", fields={"waves": "empty"}
        )
    checklist.require(unit, draft, "ready any more")
    draft.new["rollout_started_at"] = unit.at
    count(unit, draft)


def go(unit: Unit, draft: Draft, inputs: Inputs) -> None:
    """Distribute to what is planned in a wave; named CIs may be tried again after a failure."""
    position, chosen = _chosen(unit, draft, inputs)
    _require_open(unit, draft, position)
    checklist.require_standing(unit, draft, f"wave {position}")
    steps = STEPS["go"] if inputs.get("cis") else {CellState.PLANNED: CellState.DISTRIBUTING}
    moving = _moving(chosen, steps, f"nothing is planned in wave {position}")
    cis = _cis(unit, moving)
    put = str(draft.get("release_version"))
    for cell in moving:
        ci = cis.get(cell.ci_id)
        gone = _gone(ci)
        if gone or ci is None:
            _change(unit, draft, cell, CellState.FAILED, reason=gone)
            continue
        was = ci.get(INSTALLED)
        _change(unit, draft, cell, CellState.DISTRIBUTING, version=put, previous=None if was is None else str(was))
    count(unit, draft)


def report(unit: Unit, draft: Draft, inputs: Inputs) -> None:
    """Say how it went where it is being distributed; an installed version is written to the CI."""
    outcome, why = str(inputs["outcome"]), str(inputs.get("reason") or "")
    if outcome != "installed" and not why:
        raise InvalidInput(f"say why it {'failed' if outcome == 'failed' else 'is unreachable'}", fields={"reason": "required"})
    position, chosen = _chosen(unit, draft, inputs, any_wave=True)
    moving = _moving(chosen, STEPS[outcome], f"nothing is being distributed in wave {position}")
    cis = _cis(unit, moving)
    for cell in moving:
        ci = cis.get(cell.ci_id)
        gone = _gone(ci) if outcome == "installed" else ""
        if outcome != "installed":
            _change(unit, draft, cell, CellState(outcome), reason=why)
        elif gone or ci is None:
            _change(unit, draft, cell, CellState.FAILED, reason=gone)
        else:
            wrong = _install(unit, ci, cell.version)
            _change(unit, draft, cell, CellState.FAILED if wrong else CellState.INSTALLED, reason=wrong, since=unit.at)
    count(unit, draft)


def hold(unit: Unit, draft: Draft, inputs: Inputs) -> None:
    """Let what is planned wait."""
    _turn(unit, draft, inputs, "hold", "nothing is planned in wave {}")


def resume(unit: Unit, draft: Draft, inputs: Inputs) -> None:
    """Let what waits be planned again."""
    _turn(unit, draft, inputs, "resume", "nothing is on hold in wave {}")


def _turn(unit: Unit, draft: Draft, inputs: Inputs, step: str, nothing: str) -> None:
    position, chosen = _chosen(unit, draft, inputs, any_wave=True)
    for cell in _moving(chosen, STEPS[step], nothing.format(position)):
        _change(unit, draft, cell, STEPS[step][CellState(cell.state)], reason=str(inputs.get("reason") or ""))
    count(unit, draft)


def accept(unit: Unit, draft: Draft, inputs: Inputs) -> None:
    """Sign for a wave; the next one opens."""
    waves, cells = read(unit, draft.id)
    gates = gates_of(waves, cells)
    position = _position(inputs, gates)
    wave, row = gates[position - 1], waves[position - 1]
    note = str(inputs.get("note") or "")
    if wave.accepted:
        raise WorkflowRefused(f"wave {position} was accepted by {row.accepted_by} already", fields={"wave": "accepted"})
    wrong = shut(gates, position) or unacceptable(wave, reason=note)
    if wrong:
        raise WorkflowRefused(f"{draft.number}: {wrong}", fields={"note" if "note" in wrong else "wave": wrong})
    values = {"wave": row.id, "by": unit.actor.login, "when": unit.at, "said": note or None}
    unit.connection.execute(q.ACCEPTANCE, values)
    text = f"wave {position} ({row.name}) accepted" + (f": {note}" if note else "")
    unit.journal(Entry(draft.id, draft.version + 1, What.SIGNED, text=text))
    count(unit, draft)


def back_out_cells(unit: Unit, draft: Draft, inputs: Inputs) -> None:
    """Put back what was there before on some CIs; a wave that is not as it was accepted has to be accepted again."""
    _, chosen = _chosen(unit, draft, inputs, any_wave=True)
    moving = _moving(chosen, STEPS["back-out"], "nothing of it is installed there")
    _put_back(unit, draft, moving, str(inputs["reason"]))
    waves, _ = read(unit, draft.id)
    touched = {cell.wave_id for cell in moving}
    for row in waves:
        if row.id in touched and row.accepted_at is not None:
            unit.connection.execute(q.ACCEPTANCE, {"wave": row.id, "by": None, "when": None, "said": row.note})
            text = f"wave {row.position} is to be accepted again: CIs in it were backed out"
            unit.journal(Entry(draft.id, draft.version + 1, What.NOTE, text=text))
    count(unit, draft)


def back_out(unit: Unit, draft: Draft, inputs: Inputs) -> None:
    """Put back what was there before, everywhere; where that cannot be, the cell says why."""
    _, cells = read(unit, draft.id)
    moving = [cell for cell in cells if CellState(cell.state) in STEPS["back-out"]]
    draft.reason = str(inputs["reason"])
    left = _put_back(unit, draft, moving, str(inputs["reason"]))
    done = len(moving) - len(left)
    text = f"backed out on {done} of {len(moving)} CIs"
    if left:
        text += f"; not on {'; '.join(f'{name}: {why}' for name, why in left.items())}"
    unit.journal(Entry(draft.id, draft.version + 1, What.NOTE, text=text))
    count(unit, draft)


def _put_back(unit: Unit, draft: Draft, cells: Sequence[Any], reason: str) -> dict[str, str]:
    """Restore the version before on CIs; return where that could not be done, and why."""
    cis = _cis(unit, cells)
    left: dict[str, str] = {}
    for cell in cells:
        ci = cis.get(cell.ci_id)
        wrong = "" if CellState(cell.state) is CellState.DISTRIBUTING else _not_restorable(ci, cell)
        if not wrong and ci is not None and CellState(cell.state) is CellState.INSTALLED:
            wrong = _install(unit, ci, cell.previous)
        if wrong:
            left[str(cell.title or f"record {cell.ci_id}")] = wrong
            _change(unit, draft, cell, CellState.FAILED, reason=f"not backed out: {wrong}", since=cell.installed_at)
        else:
            _change(unit, draft, cell, CellState.BACKED_OUT, reason=reason)
    return left


def _not_restorable(ci: Draft | None, cell: Any) -> str:
    """Return why the version before cannot be put back on a CI; empty if it can."""
    if ci is None or ci.state in GONE:
        return _gone(ci)
    now = ci.get(INSTALLED)
    if (str(now) if now is not None else None) != cell.version:
        back = cell.previous or "nothing"
        return f"{now or 'nothing'} is installed there by now, not {cell.version}; going back to {back} would lose it"
    return ""


def _gone(ci: Draft | None) -> str:
    if ci is None:
        return "it is not in the CMDB any more"
    return f"the CI is {ci.state}" if ci.state in GONE else ""


def _install(unit: Unit, ci: Draft, version: str | None) -> str:
    """Write what is installed to a CI as the CI's own rules have it; return why they refuse, empty if they do not."""
    ci.new[INSTALLED] = version
    try:
        with on_behalf(unit), unit.attempt():
            writing.edit(unit, ci, {})
    except DeskError as refusal:
        return refusal.message[:REASON]
    return ""


def _cis(unit: Unit, cells: Iterable[Any]) -> dict[int, Draft]:
    """Load the CIs of cells for writing, all at once and in the order of their ids."""
    return store.load(unit.connection, unit.registry.kind("ci"), [cell.ci_id for cell in cells], locked=True)


def _change(
    unit: Unit, draft: Draft, cell: Any, to: CellState, *, reason: str = "", version: str | None = None,
    previous: str | None = None, since: int | None = None,
) -> None:  # fmt: skip
    """Move a cell to a state and journal it on the release and on the CI."""
    fresh = to is CellState.DISTRIBUTING
    unit.connection.execute(
        q.CHANGE_CELL,
        {
            "cell": cell.id, "to": to.value, "put": version if fresh else cell.version,
            "was": previous if fresh else cell.previous, "when": unit.at, "by": unit.actor.login,
            "since": since if to in (CellState.INSTALLED, CellState.FAILED) else None, "why": reason[:REASON] or None,
        },
    )  # fmt: skip
    why = f": {reason}" if reason else ""
    text = f"wave {cell.position}, {cell.title}: {cell.state} → {to.value}{why}"
    unit.journal(Entry(draft.id, draft.version + 1, What.NOTE, "cell", cell.state, to.value, text=text))
    if cell.number is not None:
        words = f"{draft.number} {draft.get('release_version')}, wave {cell.position}: {to.value}{why}"
        unit.journal(Entry(cell.ci_id, store.version_of(unit, cell.ci_id), What.NOTE, text=words))


def _chosen(unit: Unit, draft: Draft, inputs: Inputs, *, any_wave: bool = False) -> tuple[int, list[Any]]:
    """Return the position of the wave that is meant and the cells in it; with CIs named, those.

    Args:
        unit: the unit of work.
        draft: the release.
        inputs: what the action was given.
        any_wave: named CIs may be of several waves.
    """
    waves, cells = read(unit, draft.id)
    gates = gates_of(waves, cells)
    words = inputs.get("cis") or ()
    if words:
        found = chosen_cells(cells, words)
        positions = sorted({cell.position for cell in found})
        wanted = inputs.get("wave")
        if (wanted is not None and positions != [wanted]) or (len(positions) > 1 and not any_wave):
            raise InvalidInput(
                f"those CIs are in wave {', '.join(map(str, positions))}; name CIs of one wave", fields={"cis": "several waves"}
            )
        return positions[0], found
    position = _position(inputs, gates)
    return position, [cell for cell in cells if cell.position == position]


def _position(inputs: Inputs, gates: Sequence[Any]) -> int:
    """Return the wave that is meant: the one given, else the first that is not accepted.

    Raises:
        NotFound: there is no such wave.
        WorkflowRefused: every wave is accepted.
    """
    given = inputs.get("wave")
    if given is not None and not 1 <= given <= len(gates):
        raise NotFound(f"there is no wave {given}; there are {len(gates)}")
    position = given or open_wave(gates)
    if position is None:
        raise WorkflowRefused("every wave is accepted; early life begins with the action early-life")
    return int(position)


def _require_open(unit: Unit, draft: Draft, position: int) -> None:
    wrong = shut(gates_of(*read(unit, draft.id)), position)
    if wrong:
        raise WorkflowRefused(f"{draft.number}: {wrong}", fields={"wave": wrong})


def _moving(cells: Sequence[Any], steps: Mapping[CellState, CellState], nothing: str) -> list[Any]:
    """Return the cells that a step moves.

    Raises:
        WorkflowRefused: it moves none; the message says how they stand.
    """
    moving = [cell for cell in cells if CellState(cell.state) in steps]
    if not moving:
        stand = ", ".join(f"{cell.title} is {cell.state}" for cell in cells[:5])
        raise WorkflowRefused(f"{nothing}" + (f": {stand}" if stand else ""), fields={"cis": "none to move"})
    return moving
