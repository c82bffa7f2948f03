"""Sending a workaround to whom it helps: on every open incident of its problem, each wording exactly once, whoever publishes."""

from __future__ import annotations

from data.queries import problem as q
from deskterm.journal import Entry, What
from deskterm.problem.rules import digest
from deskterm.records import store, writing
from deskterm.records.chronicle import carried
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit
from deskterm.workflow import Phase


def publish(unit: Unit, problem: Draft) -> None:
    """Post the workaround on every open incident of a problem that has not got this wording yet.

    The problem's row is held by whoever writes it, so that two who publish at once come one after the other; the unique key of
    what was posted holds even where they do not.
    """
    mark = digest(str(problem.get("workaround")))
    told = problem.get("published_digest") == mark
    kind = unit.registry.kind("incident")
    count = 0
    for key in unit.connection.execute(q.OPEN_OF, {"id": problem.id}).scalars().all():
        incident = store.load(unit.connection, kind, [key], locked=True)[key]
        count += post(unit, problem, incident)
    if told and not count:
        return  # it stands wherever it helps: publishing it again changes nothing
    problem.new["published_digest"] = mark
    problem.new["published_at"] = unit.at
    text = f"The workaround was posted on {count} open incident{'' if count == 1 else 's'}."
    unit.journal(Entry(problem.id, problem.version + 1, What.NOTE, text=text))


def post(unit: Unit, problem: Draft, incident: Draft) -> bool:
    """Post a problem's workaround on one open incident unless this wording stands there; return whether it was posted.

    The caller reads it where the workaround is meant for everybody and there is a caller; otherwise the desk alone does.
    """
    text = problem.get("workaround")
    if not text or incident.phase not in (Phase.ACTIVE, Phase.WAITING):
        return False
    row = {"incident_id": incident.id, "problem_id": problem.id, "digest": digest(str(text))}
    asked = {"incident": incident.id, "problem": problem.id, "digest": row["digest"]}
    if unit.connection.execute(q.POSTED, asked).first():
        return False
    unit.connection.execute(q.POST, {**row, "at": unit.at, "actor": unit.actor.login})
    public = problem.get("audience") == "everybody" and incident.get("requester") is not None
    said = str(text) if public else f"Workaround of {problem.number}: {text}"
    writing.note(unit, carried(incident), said, public=public)
    return True
