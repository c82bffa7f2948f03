"""What happens to a change while it is written: its author, its template, its content, and what may not be."""

from __future__ import annotations

from typing import Any

from data.queries import change as q
from deskterm.change import reach
from deskterm.change.fields import COPIED, MATERIAL
from deskterm.change.risk_score import risk_of
from deskterm.change.rules import content_of, material_changes
from deskterm.change.workflow import DECIDED, RFC, UNDER_WAY
from deskterm.errors import InvalidInput, WorkflowRefused
from deskterm.journal import Entry, What
from deskterm.records import store
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit

GONE = ("retired", "disposed")
"""States of a CI that nothing is changed on any more."""
BOARD_OF = {"normal": "cab", "emergency": "ecab"}
UNASKED = ("draft", "cancelled", "rejected")
"""States in which a request need not be complete."""


def _author(unit: Unit, draft: Draft) -> None:
    """Whoever raises it is its author, and stays it."""
    if draft.creating and draft.get("author") is None:
        draft.new["author"] = unit.actor.agent_id


def _from_template(unit: Unit, draft: Draft) -> None:
    """Take over from the template what nobody said."""
    key = draft.get("template")
    if key is None or key == draft.old.get("template"):
        return
    template = template_of(unit, key)
    if draft.creating and "type" not in draft.given:
        draft.new["type"] = "standard"
    if not draft.get("summary"):
        draft.new["summary"] = template.get("name")
    for name in (*COPIED, "service", "cis"):
        if name not in draft.given and template.get(name) not in (None, "", []):
            draft.new[name] = template.get(name)
    start, length = draft.get("window_start"), template.get("duration_seconds")
    if start is not None and length and draft.get("window_end") is None:
        draft.new["window_end"] = start + length


def template_of(unit: Unit, key: int) -> Draft:
    """Return the template with this id."""
    return store.load(unit.connection, unit.registry.kind("change-template"), [key])[key]


def _board(unit: Unit, draft: Draft) -> None:
    """Put it before the board of its type, where nobody named one."""
    wanted = BOARD_OF.get(str(draft.get("type")))
    if wanted is None:
        draft.new["board"] = None
    elif draft.get("board") is None or (draft.get("type") != draft.old.get("type") and "board" not in draft.given):
        row = unit.connection.execute(q.BOARDS, {"type": wanted}).first()
        draft.new["board"] = None if row is None else row.id


def _content(unit: Unit, draft: Draft) -> None:
    """Digest what is decided on; an edit of it after the decision takes the decision back."""
    draft.new["content"] = content_of(draft.new, MATERIAL)
    if draft.creating or draft.action is not None or draft.state not in DECIDED:
        return
    differs = material_changes(draft.old, draft.new, MATERIAL)
    if differs:
        draft.state = "draft" if draft.get("type") == "standard" else "assessing"
        draft.reason = f"material edit of {', '.join(differs)}: the decision is void"
        draft.new["approved_at"] = draft.new["approved_content"] = None


_RISK_FROM = ("risk_answers", "cis", "type", "disruption")
_JUDGED_AT = ("submit", "assess", "schedule")
"""Actions at which the risk is reckoned anew, for history goes on while a request waits."""


def _risk(unit: Unit, draft: Draft) -> None:
    """Reckon the risk while it can still make a difference; what a change was judged by stays with it afterwards."""
    judged_now = draft.action is not None and draft.action.name in _JUDGED_AT
    changed = draft.creating or any(draft.get(name) != draft.old.get(name) for name in _RISK_FROM)
    if not (judged_now or changed) or draft.state_before in UNDER_WAY or not draft.get("risk_answers"):
        return
    cis = draft.get("cis") or []
    past = reach.past(unit.connection, cis, str(draft.get("type")), draft.id)
    found = risk_of(draft.get("risk_answers"), past, reach.hit(unit.connection, cis, draft.get("disruption"), unit.at))
    draft.new["risk"], draft.new["risk_level"] = found.points, found.level
    draft.new["risk_basis"] = [[part.name, part.points, part.most, part.why] for part in found.parts]


COMPLETE = (_author, _from_template, _board, _content, _risk)


def _window(unit: Unit, draft: Draft) -> None:
    start, end = draft.get("window_start"), draft.get("window_end")
    if start is not None and end is not None and end <= start:
        raise InvalidInput(
            "the window ends before it starts; window_end comes after window_start", fields={"window_end": "not after the start"}
        )
    length = draft.get("downtime_seconds")
    if length is not None and start is not None and end is not None and length > end - start:
        raise InvalidInput("the downtime is longer than the window", fields={"downtime_seconds": "longer than the window"})


def _cis_exist(unit: Unit, draft: Draft) -> None:
    """Refuse CIs that are retired, when they are named and again whenever the request moves on."""
    before = set(draft.old.get("cis") or ())
    moving = draft.state != draft.state_before and draft.state not in ("cancelled", "rejected", *UNDER_WAY)
    asked = [key for key in draft.get("cis") or () if moving or key not in before]
    rows = unit.connection.execute(q.STATES, {"ids": asked}).all() if asked else []
    gone = [row for row in rows if row.state in GONE]
    if gone:
        said = ", ".join(f"{row.number} {row.title} is {row.state}" for row in gone)
        raise InvalidInput(f"nothing is changed on a CI that is gone: {said}", fields={"cis": said})


def _whole(unit: Unit, draft: Draft) -> None:
    """Refuse to take away from a request that stands what it must say."""
    if draft.state in UNASKED or draft.creating:
        return
    missing = [name for name in RFC if draft.get(name) in (None, "", [], {})]
    if missing:
        raise WorkflowRefused(
            f"a request for change that is {draft.state} says {', '.join(missing)} as well",
            fields=dict.fromkeys(missing, f"required while {draft.state}"),
        )


def _settled(unit: Unit, draft: Draft) -> None:
    """Refuse to rewrite what is being done, what type of request was asked for, and a decision that an undo would bring about."""
    if draft.creating:
        return
    if draft.state_before in UNDER_WAY:
        differs = material_changes(draft.old, draft.new, MATERIAL)
        if differs:
            raise WorkflowRefused(
                f"{draft.number} is {draft.state_before}: {differs[0]} stays as it was decided; say in the review what differed",
                fields=dict.fromkeys(differs, "settled"),
            )
    elif draft.state_before != "draft" and draft.old.get("type") != draft.get("type"):
        raise WorkflowRefused(
            f"{draft.number} was submitted as {draft.old.get('type')}; take it back to draft to change the type",
            fields={"type": "settled"},
        )
    if draft.action is None and draft.state != draft.state_before and draft.reason == "undo":
        _undoable(draft)


def _undoable(draft: Draft) -> None:
    """An undo may take back a step of the author's, but neither make nor unmake a decision, nor what was done to a CI."""
    begun = draft.state_before in UNDER_WAY
    stands = not begun and draft.state in DECIDED and draft.get("approved_content") == content_of(draft.new, MATERIAL)
    plain = {draft.state, draft.state_before} <= {"draft", "submitted", "assessing", "cancelled"}
    if not (plain or stands):
        raise WorkflowRefused(
            f"{draft.number} went from {draft.state} to {draft.state_before}, which no undo takes back; use the actions it offers"
        )


CHECK = (_window, _cis_exist, _whole, _settled)


def _say_what_is_void(unit: Unit, draft: Draft) -> None:
    """Journal that votes lost their weight, so that whoever gave one knows."""
    if draft.creating or draft.state_before not in ("submitted", "assessing", *DECIDED):
        return
    differs = material_changes(draft.old, draft.new, MATERIAL)
    edited = draft.action is None or (draft.action.name == "move" and draft.state not in DECIDED)
    gave = votes_given(unit, draft) if differs and edited else ()
    if gave:
        text = f"{', '.join(differs)} changed: the votes of {', '.join(gave)} are void"
        unit.journal(Entry(draft.id, draft.version, What.NOTE, text=text))


def votes_given(unit: Unit, draft: Draft) -> tuple[str, ...]:
    """Return who voted on what the change said before this write."""
    from deskterm.change import voting

    old: dict[str, Any] = dict(draft.old)
    return voting.voters(unit.connection, draft.id, draft.get("approval_round") or 1, content_of(old, MATERIAL))


AFTER = (_say_what_is_void,)
