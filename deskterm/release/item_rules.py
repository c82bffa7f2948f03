"""What holds for an item of the definitive library however it is written: what enters it, and what is frozen once it is in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data.holds import hold
from data.queries import release as q
from data.search import fold
from deskterm.errors import InvalidInput, WorkflowRefused
from deskterm.journal import Entry, What
from deskterm.kinds import Rules
from deskterm.records import store
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit

IN = "in-library"
_IDENTITY = ("name", "item_version", "path", "sha256", "size_bytes")


def _quality(unit: Unit, draft: Draft) -> None:
    """Note who checked and when; what was checked was the file that is there, so another one is to be checked again."""
    if draft.old.get("sha256") and "sha256" in draft.changed:
        draft.new.update(qa_result=None, qa_evidence=None, qa_by=None, qa_at=None)
    elif "qa_result" in draft.changed or "qa_evidence" in draft.changed:
        signed = draft.get("qa_result") is not None
        draft.new.update(qa_by=unit.actor.login if signed else None, qa_at=unit.at if signed else None)


def _once(unit: Unit, draft: Draft) -> None:
    """Refuse a second item of the same name and version; one that was rejected does not count."""
    if draft.state in ("rejected", "void") or not (
        {"name", "item_version"} & draft.changed.keys() or draft.state != draft.state_before
    ):
        return
    name, version = str(draft.get("name")), str(draft.get("item_version"))
    hold(unit.connection, f"library item {fold(name)}")
    key = {"title_key": fold(name), "item_version": version.lower(), "own": draft.id}
    other = unit.connection.execute(q.SAME_ITEM, key).first()
    if other is not None:
        raise InvalidInput(
            f"{other.number} is {name} {version} already; every version is in the library once",
            fields={"item_version": f"there already: {other.number}"},
        )


def _frozen(unit: Unit, draft: Draft) -> None:
    """Refuse to make something else of what releases were built of."""
    if draft.state_before not in (IN, "archived"):
        return
    wrong = [name for name in _IDENTITY if name in draft.changed]
    if wrong:
        raise WorkflowRefused(
            f"{draft.number} is in the library; its {wrong[0].replace('_', ' ')} stands. Another version is an item of its own",
            fields=dict.fromkeys(wrong, "frozen"),
        )


def lacking(draft: Draft) -> dict[str, str]:
    """Return everything an item needs before it may be in the library, by field."""
    found: dict[str, str] = {}
    if not draft.get("sha256"):
        found["path"] = "no file was deposited, so there is no hash"
    if not draft.get("licence"):
        found["licence"] = "there is no licence reference"
    if draft.get("qa_result") != "passed":
        found["qa_result"] = "the quality check failed" if draft.get("qa_result") == "failed" else "the quality was not checked"
    elif not draft.get("qa_evidence"):
        found["qa_evidence"] = "nothing says what was checked"
    if draft.get("integrity") not in (None, "verified"):
        found["integrity"] = f"its file is {draft.get('integrity')}"
    return found


def _fit(unit: Unit, draft: Draft) -> None:
    """Refuse what is not fit for the library, with everything that is missing."""
    entering = draft.state == IN and draft.state_before != IN
    if not entering and not (draft.state == IN and draft.changed.keys() & {"licence", "qa_result", "qa_evidence"}):
        return
    missing = lacking(draft)
    if missing:
        raise WorkflowRefused(
            f"{draft.number or 'the item'} does not enter the library: {'; '.join(missing.values())}", fields=missing
        )


def _licence_is_one(unit: Unit, draft: Draft) -> None:
    key = draft.get("licence_ci")
    if key is None or "licence_ci" not in draft.changed:
        return
    found = store.load(unit.connection, unit.registry.kind("ci"), [key])
    if key in found and found[key].get("type") != "licence":
        raise InvalidInput(
            f"{found[key].number} is of type {found[key].get('type')}; name a CI of type licence",
            fields={"licence_ci": "no licence"},
        )


COMPLETE = (_quality,)
CHECK = (_once, _frozen, _licence_is_one, _fit)


def _deposit(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    """Take the file that was copied in; nobody can claim a hash."""
    if "sha256" not in draft.changed:
        raise WorkflowRefused("a file is deposited by: deskterm library deposit NUMBER FILE, or by d in the console's library")
    draft.new.update(deposited_by=unit.actor.login, deposited_at=unit.at, integrity="verified", integrity_note=None)


def _note_integrity(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    if not {"integrity", "integrity_note"} & draft.changed.keys():
        raise WorkflowRefused("a file is verified by: deskterm library verify NUMBER, or by v in the console's library")


def _because(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    """Put the reason beside the change of state."""
    draft.reason = str(inputs["reason"])


def _checked(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    """Sign for a quality check, also where it came out as the last one."""
    draft.new.update(qa_by=unit.actor.login, qa_at=unit.at)
    text = f"quality check: {draft.get('qa_result')}"
    unit.journal(Entry(draft.id, draft.version + bool(draft.changed), What.SIGNED, text=text))


HANDLERS = {
    "deposit": _deposit,
    "note-integrity": _note_integrity,
    "check-quality": _checked,
    "reject": _because,
    "archive": _because,
}
RULES = Rules(COMPLETE, CHECK, handlers=HANDLERS)
