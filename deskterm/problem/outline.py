"""The five whys as rows: each answer under the one that it explains, judged one by one, journalled as it grows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from data.queries import problem as q
from data.vocab import Verdict
from deskterm.errors import InvalidInput, WorkflowRefused
from deskterm.journal import Entry, What
from deskterm.problem.rules import DEEPEST, MOST_WHYS, numbered
from deskterm.problem.schema import WhyLine
from deskterm.records import store
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit

MARK = "whys"
"""The `field` of the notes that tell what was done to the outline."""
TOP = "0"


def lines(connection: Connection, problem_id: int) -> tuple[WhyLine, ...]:
    """Return the outline of a problem as it is read: each answer followed by those below it."""
    rows = {row.id: row for row in connection.execute(q.WHYS, {"id": problem_id})}
    numbers = numbered([(row.id, row.parent_id, row.position) for row in rows.values()])
    return tuple(
        WhyLine(key, number, number.count("."), row.text, row.verdict, row.evidence or "", row.actor, row.at)
        for key, number in numbers.items()
        if (row := rows[key]) is not None
    )


def nested(outline: Sequence[WhyLine]) -> list[dict[str, Any]]:
    """Return an outline as JSON: what `set-whys` takes, with the numbers."""
    top: list[dict[str, Any]] = []
    path: list[list[dict[str, Any]]] = [top]
    for line in outline:
        item: dict[str, Any] = {
            "number": line.number, "text": line.text, "verdict": line.verdict, "evidence": line.evidence or None, "whys": [],
        }  # fmt: skip
        del path[line.depth + 1 :]
        path[line.depth].append(item)
        path.append(item["whys"])
    return top


def _find(outline: Sequence[WhyLine], number: str, name: str = "why") -> WhyLine:
    wanted = number.strip().rstrip(".")
    for line in outline:
        if line.number == wanted:
            return line
    there = ", ".join(line.number for line in outline[:8]) or "none"
    raise InvalidInput(f"there is no answer {number!r} in the outline; there are: {there}", fields={name: "not there"})


def _told(unit: Unit, draft: Draft, text: str, old: Any = None, new: Any = None) -> None:
    unit.journal(Entry(draft.id, draft.version, What.NOTE, MARK, old, new, text=text))
    store.touch(unit, draft)


def _parent(outline: Sequence[WhyLine], under: str | None) -> WhyLine | None:
    return None if not under or under.strip() == TOP else _find(outline, under, "under")


def _ask(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    outline = lines(unit.connection, draft.id)
    parent = _parent(outline, inputs.get("under"))
    if len(outline) >= MOST_WHYS:
        raise WorkflowRefused(f"an outline has at most {MOST_WHYS} answers; drop what was rejected")
    if parent is not None and parent.depth + 1 >= DEEPEST:
        raise WorkflowRefused(f"an outline is at most {DEEPEST} answers deep", fields={"under": "too deep"})
    beside = _children(unit, draft, parent.id if parent else None)
    _add(unit, draft, parent.id if parent else None, len(beside) + 1, inputs["text"], Verdict.OPEN, None)
    number = f"{parent.number}.{len(beside) + 1}" if parent else str(len(beside) + 1)
    _told(unit, draft, f"Why {number}: {inputs['text']}", new=inputs["text"])


def _add(unit: Unit, draft: Draft, parent: int | None, place: int, text: str, verdict: str, evidence: str | None) -> int:
    row = {
        "problem_id": draft.id, "parent_id": parent, "position": place, "text": text, "verdict": str(verdict),
        "evidence": evidence, "actor": unit.actor.login, "at": unit.at,
    }  # fmt: skip
    return int(unit.connection.execute(q.ADD_WHY, row).inserted_primary_key[0])  # type: ignore[index]


def _children(unit: Unit, draft: Draft, parent: int | None) -> list[int]:
    return [row.id for row in unit.connection.execute(q.WHYS, {"id": draft.id}) if row.parent_id == parent]


def _edit(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    outline = lines(unit.connection, draft.id)
    line = _find(outline, inputs["why"])
    rows = {row.id: row for row in unit.connection.execute(q.WHYS, {"id": draft.id})}
    own = rows[line.id]
    parent = own.parent_id
    if inputs.get("under") is not None:
        above = _parent(outline, inputs["under"])
        parent = above.id if above else None
        _check_place(outline, line, above)
    text, verdict = inputs.get("text") or own.text, inputs.get("verdict") or own.verdict
    evidence = own.evidence if inputs.get("evidence") is None else inputs["evidence"]
    beside = [key for key in _children(unit, draft, parent) if key != line.id]
    place = inputs.get("place")
    if place is None:
        place = own.position if parent == own.parent_id else len(beside) + 1
    place = max(1, min(place, len(beside) + 1))
    before = {"text": own.text, "verdict": own.verdict, "evidence": own.evidence, "under": own.parent_id, "place": own.position}
    after = {"text": text, "verdict": str(verdict), "evidence": evidence, "under": parent, "place": place}
    if before == after:
        return
    unit.connection.execute(
        q.CHANGE_WHY,
        {"key": line.id, "new_parent_id": parent, "new_position": place, "new_text": text, "new_verdict": str(verdict),
         "new_evidence": evidence},
    )  # fmt: skip
    beside.insert(place - 1, line.id)
    _place(unit, beside)
    if parent != own.parent_id:
        _place(unit, [key for key in _children(unit, draft, own.parent_id) if key != line.id])
    now = next(one for one in lines(unit.connection, draft.id) if one.id == line.id)
    moved = "" if now.number == line.number else f" (was {line.number})"
    judged = "" if verdict == own.verdict else f", {verdict}"
    shown = f": {evidence}" if evidence and evidence != own.evidence else ""
    _told(unit, draft, f"Why {now.number}{moved}: {text}{judged}{shown}", before, after)


def _check_place(outline: Sequence[WhyLine], line: WhyLine, above: WhyLine | None) -> None:
    if above is None:
        return
    if above.id == line.id or above.number.startswith(f"{line.number}."):
        raise WorkflowRefused(
            "an answer does not explain itself: put it under one that is not below it", fields={"under": "below it"}
        )
    below = [one.depth for one in outline if one.number.startswith(f"{line.number}.")]
    height = max(below, default=line.depth) - line.depth
    if above.depth + 1 + height >= DEEPEST:
        raise WorkflowRefused(f"an outline is at most {DEEPEST} answers deep", fields={"under": "too deep"})


def _place(unit: Unit, keys: Sequence[int]) -> None:
    if keys:
        unit.connection.execute(q.PLACE_WHY, [{"key": key, "place": place} for place, key in enumerate(keys, 1)])


def _drop(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    outline = lines(unit.connection, draft.id)
    line = _find(outline, inputs["why"])
    gone = [one for one in outline if one.id == line.id or one.number.startswith(f"{line.number}.")]
    parent = next(row.parent_id for row in unit.connection.execute(q.WHYS, {"id": draft.id}) if row.id == line.id)
    unit.connection.execute(q.DROP_WHYS, {"ids": [one.id for one in gone], "when": unit.at})
    _place(unit, _children(unit, draft, parent))
    more = f" and {len(gone) - 1} below it" if len(gone) > 1 else ""
    _told(unit, draft, f"Why {line.number} dropped{more}: {line.text}", old=nested(gone_from(gone)))


def gone_from(lines_: Sequence[WhyLine]) -> list[WhyLine]:
    """Return answers that were cut out of an outline as one of their own: the first is its top."""
    base = min(line.depth for line in lines_)
    return [WhyLine(one.id, one.number, one.depth - base, *(getattr(one, name) for name in _REST)) for one in lines_]


_REST = ("text", "verdict", "evidence", "actor", "at")


def _set(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    before = lines(unit.connection, draft.id)
    told = nested(before)
    if _bare(told) == _bare(inputs["whys"]):
        return
    if before:
        unit.connection.execute(q.DROP_WHYS, {"ids": [line.id for line in before], "when": unit.at})

    def add(items: Sequence[Mapping[str, Any]], parent: int | None) -> None:
        for place, item in enumerate(items, 1):
            key = _add(unit, draft, parent, place, item["text"], item["verdict"], item["evidence"])
            add(item["whys"], key)

    add(inputs["whys"], None)
    count = len(lines(unit.connection, draft.id))
    _told(unit, draft, f"The outline was set: {count} answer{'' if count == 1 else 's'}", told, inputs["whys"])


def _bare(items: Sequence[Mapping[str, Any]]) -> list[Any]:
    return [(item["text"], item["verdict"], item["evidence"], _bare(item["whys"])) for item in items]


def _root_cause(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    """Take an answer over as the root cause; what is rejected is none, and one nobody judged is confirmed by this."""
    line = _find(lines(unit.connection, draft.id), inputs["why"])
    if line.verdict == Verdict.REJECTED:
        raise WorkflowRefused(f"answer {line.number} was rejected; it cannot be the root cause", fields={"why": "rejected"})
    if line.verdict != Verdict.CONFIRMED:
        _edit(unit, draft, {"why": line.number, "verdict": Verdict.CONFIRMED})
    draft.new["root_cause"] = line.text


HANDLERS = {
    "ask-why": _ask, "edit-why": _edit, "drop-why": _drop, "set-whys": _set, "root-cause": _root_cause,
}  # fmt: skip
