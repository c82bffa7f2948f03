"""Test campaigns: cases, what came of each, and who signed. Signed, a campaign stands; what is tested again is another round.

A campaign is planned at any time before the release is out, and tests the build that is complete when the tests begin. After a
rebuild every campaign begins another round, with all its cases open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from data.queries import release as q
from deskterm.desk import Desk
from deskterm.errors import InvalidInput, NotFound, WorkflowRefused
from deskterm.fields import Text, long_text
from deskterm.journal import Entry, What
from deskterm.records import store
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit
from deskterm.release import builds
from deskterm.release.workflow import BEFORE_ROLLOUT

OPEN = "open"
RESULTS = ("passed", "failed", "blocked")
MOST_CASES = 1_000
_NAME, _CASE, _EVIDENCE = Text(120), Text(255), long_text(10_000)


def begin(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    """Let the campaigns test the build that is complete, those of an earlier build in another round.

    Raises:
        WorkflowRefused: there is none, or another one is under way.
    """
    there = builds.of(unit, draft.id)
    if any(row.state == builds.OPEN for row in there):
        position = next(row.position for row in there if row.state == builds.OPEN)
        raise WorkflowRefused(
            f"build {position} is under way; finish it with: deskterm build {draft.number} finish", fields={"build": "open"}
        )
    build = builds.newest_complete(unit, draft.id)
    if build is None:
        raise WorkflowRefused(f"{draft.number} has no complete build to test", fields={"build": "none"})
    cases = unit.connection.execute(q.CASES, {"release": draft.id}).all()
    for row in newest(unit, draft.id).values():
        if row.build_id is None:
            unit.connection.execute(q.CAMPAIGN_OF_BUILD, {"campaign": row.id, "build": build.id})
        elif row.build_id != build.id:
            plain = [(case.name, case.mandatory) for case in cases if case.campaign_id == row.id]
            _make(unit, draft, row.name, row.round + 1, build.id, plain)
            _say(unit, draft, f"tests {row.name}: round {row.round + 1} on build {build.position}", draft.version + 1)


def newest(unit: Unit, release_id: int) -> dict[str, Any]:
    """Return the row of the newest round of each campaign, by its name."""
    return {row.name: row for row in unit.connection.execute(q.CAMPAIGNS, {"release": release_id})}


def plan(desk: Desk, number: str, name: str, cases: Sequence[str], *, mandatory: bool = True) -> int:
    """Add cases to a campaign, which is made if there is none of this name; return how many cases it has.

    Raises:
        InvalidInput: a name is empty, too long or there already.
        WorkflowRefused: the release is out, or the campaign is signed.
    """
    title, clean = _clean("campaign", name, _NAME), [_clean("case", case, _CASE) for case in cases]
    if not clean:
        raise InvalidInput("name at least one case", fields={"cases": "required"})
    with desk.refusals(number), desk.unit("plan tests") as unit:
        draft = _plannable(unit, number)
        row = newest(unit, draft.id).get(title)
        if row is None:
            build = builds.newest_complete(unit, draft.id) if draft.state == "testing" else None
            row = _make(unit, draft, title, 1, None if build is None else build.id, [])
        _require_unsigned(row, draft)
        there = _cases(unit, draft.id, row.id)
        twice = sorted({case for case in clean if clean.count(case) > 1 or any(one.name == case for one in there)})
        if twice:
            raise InvalidInput(f"the campaign has a case {twice[0]!r} already", fields={"cases": "there already"})
        if len(there) + len(clean) > MOST_CASES:
            raise InvalidInput(f"a campaign has at most {MOST_CASES} cases", fields={"cases": "too many"})
        after = max((one.position for one in there), default=0)
        _add(unit, row.id, [(case, mandatory) for case in clean], after)
        _say(
            unit,
            draft,
            f"tests {title}: planned {len(clean)} {'mandatory ' if mandatory else ''}case{'' if len(clean) == 1 else 's'}",
        )
    return len(there) + len(clean)


def drop(desk: Desk, number: str, name: str, positions: Sequence[int]) -> None:
    """Take cases out of a campaign that is not signed.

    Raises:
        NotFound: there is no such campaign or case.
    """
    with desk.refusals(number), desk.unit("drop tests") as unit:
        draft = _plannable(unit, number)
        row, found = _found(unit, draft, name, positions)
        for case in found:
            unit.connection.execute(q.DROP_CASE, {"case_id": case.id})
        _say(unit, draft, f"tests {row.name}: dropped {', '.join(case.name for case in found)}")


def record(desk: Desk, number: str, name: str, positions: Sequence[int], result: str, evidence: str = "") -> None:
    """Say what came of tests.

    Raises:
        InvalidInput: the result is no word for one, or a failed test says nothing of what was seen.
        WorkflowRefused: the release is not being tested, or the campaign is signed.
    """
    if result not in RESULTS:
        raise InvalidInput(f"a test is {', '.join(RESULTS)}, not {result!r}", fields={"result": "unknown"})
    said = _clean("evidence", evidence, _EVIDENCE) if evidence else ""
    if result != "passed" and not said:
        raise InvalidInput(
            f"a test that {'failed' if result == 'failed' else 'is blocked'} says what was seen", fields={"evidence": "required"}
        )
    with desk.refusals(number), desk.unit("record test") as unit:
        draft = builds.fetch(unit, number)
        unit.require("act", draft.kind)
        if draft.state != "testing":
            raise WorkflowRefused(f"{draft.number} is {draft.state.replace('-', ' ')}; results are recorded while it is tested")
        row, found = _found(unit, draft, name, positions)
        for case in found:
            values = {"case_id": case.id, "came": result, "by": unit.actor.login, "when": unit.at, "said": said or None}
            unit.connection.execute(q.RESULT, values)
            text = f"test {case.position} of {row.name}, {case.name}: {result}" + (f": {said}" if said else "")
            _say(unit, draft, text)


def sign(desk: Desk, number: str, name: str, note: str = "") -> str:
    """Sign a campaign off, once every case has a result; return the verdict: passed where every mandatory one did.

    Raises:
        WorkflowRefused: a case is open, or it is signed already.
    """
    said = _clean("note", note, _EVIDENCE) if note else ""
    with desk.refusals(number), desk.unit("sign tests") as unit:
        draft = builds.fetch(unit, number)
        unit.require("act", draft.kind)
        row = _campaign(unit, draft, name)
        _require_unsigned(row, draft)
        cases = _cases(unit, draft.id, row.id)
        waiting = [case.name for case in cases if case.result == OPEN]
        if row.build_id is None:
            raise WorkflowRefused(f"the campaign {row.name} tested no build yet; it is signed while the release is tested")
        if waiting or not cases:
            why = f"{len(waiting)} not tested: {', '.join(waiting[:5])}" if waiting else "it has no case"
            raise WorkflowRefused(f"the campaign {row.name} is not signed off: {why}", fields={"cases": why})
        verdict = "passed" if all(case.result == "passed" for case in cases if case.mandatory) else "failed"
        values = {"campaign": row.id, "count": len(cases), "came": verdict, "by": unit.actor.login, "when": unit.at}
        unit.connection.execute(q.SIGN, {**values, "said": said or None})
        text = f"tests {row.name}, round {row.round}: signed off as {verdict}" + (f": {said}" if said else "")
        unit.journal(Entry(draft.id, draft.version, What.SIGNED, text=text))
        store.touch(unit, draft)
    return verdict


def repeat(desk: Desk, number: str, name: str) -> int:
    """Begin another round of a signed campaign on the same build; return its round.

    Raises:
        WorkflowRefused: it is not signed, or the release is not being tested.
    """
    with desk.refusals(number), desk.unit("repeat tests") as unit:
        draft = builds.fetch(unit, number)
        unit.require("act", draft.kind)
        row = _campaign(unit, draft, name)
        if row.signed_at is None or draft.state != "testing":
            why = (
                "is not signed yet; record its results" if row.signed_at is None else f"is over: {draft.number} is {draft.state}"
            )
            raise WorkflowRefused(f"the campaign {row.name} {why}")
        plain = [(case.name, case.mandatory) for case in _cases(unit, draft.id, row.id)]
        _make(unit, draft, row.name, row.round + 1, row.build_id, plain)
        _say(unit, draft, f"tests {row.name}: round {row.round + 1}")
    return int(row.round) + 1


def _plannable(unit: Unit, number: str) -> Draft:
    draft = builds.fetch(unit, number)
    unit.require("act", draft.kind)
    if draft.state not in BEFORE_ROLLOUT[:3]:
        raise WorkflowRefused(f"{draft.number} is {draft.state.replace('-', ' ')}; tests are planned before it is ready")
    return draft


def _campaign(unit: Unit, draft: Draft, name: str) -> Any:
    there = newest(unit, draft.id)
    wanted = name.strip().casefold()
    row = next((row for title, row in there.items() if title.casefold() == wanted), None)
    if row is None:
        known = ", ".join(there) or "none"
        raise NotFound(f"{draft.number} has no test campaign {name.strip()!r}; it has: {known}")
    return row


def _found(unit: Unit, draft: Draft, name: str, positions: Sequence[int]) -> tuple[Any, list[Any]]:
    """Return a campaign that is not signed, and some of its cases."""
    row = _campaign(unit, draft, name)
    _require_unsigned(row, draft)
    there = {case.position: case for case in _cases(unit, draft.id, row.id)}
    strange = [position for position in positions if position not in there]
    if strange or not positions:
        which = f"no case {strange[0]}" if strange else "no case was named"
        raise NotFound(f"{row.name}: {which}; it has {', '.join(map(str, there)) or 'none'}")
    return row, [there[position] for position in dict.fromkeys(positions)]


def _require_unsigned(row: Any, draft: Draft) -> None:
    if row.signed_at is not None:
        raise WorkflowRefused(
            f"the campaign {row.name} was signed by {row.signed_by}; to test again: deskterm tests {draft.number} repeat"
        )


def _cases(unit: Unit, release_id: int, campaign_id: int) -> list[Any]:
    return [row for row in unit.connection.execute(q.CASES, {"release": release_id}) if row.campaign_id == campaign_id]


def _make(unit: Unit, draft: Draft, name: str, round_: int, build: int | None, cases: Sequence[tuple[str, bool]]) -> Any:
    row = {"release_id": draft.id, "name": name, "round": round_, "build_id": build}
    unit.connection.execute(q.NEW_CAMPAIGN, row)
    made = newest(unit, draft.id)[name]
    _add(unit, made.id, cases, 0)
    return made


def _add(unit: Unit, campaign_id: int, cases: Sequence[tuple[str, bool]], after: int) -> None:
    rows = [
        {"campaign_id": campaign_id, "position": place, "name": name, "mandatory": mandatory, "result": OPEN}
        for place, (name, mandatory) in enumerate(cases, after + 1)
    ]
    if rows:
        unit.connection.execute(q.NEW_CASES, rows)


def _say(unit: Unit, draft: Draft, text: str, version: int | None = None) -> None:
    unit.journal(Entry(draft.id, version or draft.version, What.NOTE, text=text))
    store.touch(unit, draft)


def _clean(what: str, text: str, shape: Text) -> str:
    try:
        clean = str(shape.parse(text))
    except ValueError as problem:
        raise InvalidInput(f"the {what} {problem}", fields={what: str(problem)}) from None
    if not clean:
        raise InvalidInput(f"the {what} needs some text", fields={what: "required"})
    return clean
