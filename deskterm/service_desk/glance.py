"""A record at one glance, for the pane beside a list: who calls and how they fare, what it is about, what looks like it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from deskterm.records import store
from deskterm.records.schema import RecordView, Row
from deskterm.service_desk import news, similar
from deskterm.service_desk.schema import Likeness, Similar
from deskterm.workflow import Phase

if TYPE_CHECKING:
    from deskterm.change.suspects import Suspect
    from deskterm.configuration.schema import EffectLine
    from deskterm.desk import Desk
    from deskterm.problem.schema import Dossier

CONTACTS = ("incident", "request")
TOLD_OF = ("requirement", "agreement", "service-review")
"""Kinds of which service level management tells more than their fields."""
STEPS = 50
"""Work orders shown of a change."""
OPEN_UP_TO = 100
"""A caller's open records are counted so far."""
RESEMBLED = ("incident", "request", "problem", "change")
"""Kinds beside which it helps to see what is like them."""


Section: TypeAlias = tuple[str, tuple[tuple[str, str], ...]]
"""A title, and lines below it with the style of each."""


@dataclass(frozen=True, slots=True)
class Glance:
    """What the pane shows."""

    view: RecordView
    caller: str = ""
    vip: bool = False
    caller_open: int = 0
    """How many open records the caller has, this one included; counted up to `OPEN_UP_TO`."""
    similar: tuple[Similar, ...] = ()
    """What may be behind it (known errors, problems), open records that resemble it, articles; of each the likest first."""

    dossier: Dossier | None = None
    """What hangs on it, where it is a problem."""
    news_by: str = ""
    """Who changed it last since the person last had it open, where they watch it; empty for nothing new."""

    suspects: tuple[Suspect, ...] = ()
    """Of an incident: changes that ended on its CI, or upstream of it, not long before it began."""
    steps: tuple[Row, ...] = ()
    """Of a change: its work orders, in their order."""

    affected: tuple[EffectLine, ...] = ()
    """Of an open incident: the services that the failure of its CI reaches. Only `whole` looks for them."""
    sections: tuple[Section, ...] = ()
    """What its process tells of it besides, as `affected`: how far a requirement is met, what stands behind an agreement, what a
    review says."""

    @property
    def known_error(self) -> str:
        """The known error whose workaround one key applies: the likest, unless one is applied already."""
        if self.view.kind != "incident" or self.view.values.get("known_error") is not None:
            return ""
        return next((one.number for one in self.similar if one.kind == "known-error"), "")

    @property
    def caller_words(self) -> str:
        """The caller's open records in words: `2 open`, `99+ open`; empty for none."""
        if self.caller_open >= OPEN_UP_TO:
            return f"{OPEN_UP_TO - 1}+ open"
        return f"{self.caller_open} open" if self.caller_open else ""


def glance(desk: Desk, number: str) -> Glance:
    """Return a record with what an agent needs to decide.

    Raises:
        NotFound: there is no such record, or none for this person.
    """
    view = desk.show(number)
    requester = view.values.get("requester")
    caller, vip, count = "", False, 0
    if requester is not None and requester in view.names:
        caller = view.names[requester].title
        with desk.database.read() as connection:
            person = store.load(connection, desk.registry.kind("person"), [requester]).get(requester)
        vip = bool(person and person.get("vip"))
        count = desk.count(desk.prepare(CONTACTS, f"state:open requester:{view.names[requester].number}"), cap=OPEN_UP_TO)
    alike, dossier, suspects = _similar(desk, view), _dossier(desk, view), _suspects(desk, view)
    return Glance(view, caller, vip, count, alike, dossier, _news_by(desk, view), suspects, _steps(desk, view))


def _news_by(desk: Desk, view: RecordView) -> str:
    if desk.actor.agent_id not in (view.values.get("watchers") or ()) or view.id not in news.among(desk, (view.id,)):
        return ""
    return next((line.actor for line in reversed(view.journal) if line.actor != desk.actor.login), "")


def whole(desk: Desk, number: str) -> Glance:
    """Return a record as its own page shows it: the glance, and what the failure of its CI does to services.

    Raises:
        NotFound: there is no such record, or none for this person.
    """
    seen = glance(desk, number)
    if seen.view.kind in TOLD_OF and not desk.actor.restricted:
        from deskterm.service_level.record_facts import sections  # the engine of calendars is only needed for these

        return replace(seen, sections=sections(desk, seen.view))
    ci_id = seen.view.values.get("ci")
    over = desk.registry.kind(seen.view.kind).workflow.phase(seen.view.state) in (Phase.DONE, Phase.FINAL)
    if seen.view.kind != "incident" or ci_id is None or desk.actor.restricted or over:
        return seen
    from deskterm.configuration.impact import affected_services  # the graph is only needed for an incident with a place

    return replace(seen, affected=affected_services(desk, ci_id))


def _dossier(desk: Desk, view: RecordView) -> Dossier | None:
    if view.kind != "problem" or desk.actor.restricted:
        return None
    from deskterm.problem import dossier  # only a problem needs it

    return dossier.of_view(desk, view)


def _steps(desk: Desk, view: RecordView) -> tuple[Row, ...]:
    if view.kind != "change":
        return ()
    listing = desk.prepare(("work-order",), f"change:{view.number}", "position")
    return desk.page(listing, limit=STEPS, columns=("assignee", "planned_start")).rows


def _suspects(desk: Desk, view: RecordView) -> tuple[Suspect, ...]:
    if view.kind != "incident" or not (view.values.get("ci") or view.values.get("service")):
        return ()
    from deskterm.change.suspects import suspects_for  # the graph is only needed for an incident with a place

    return suspects_for(desk, view)


def _similar(desk: Desk, view: RecordView) -> tuple[Similar, ...]:
    if view.kind not in RESEMBLED:
        return ()
    # The blank behind the summary says that its last word is ended.
    likeness = Likeness(f"{view.title} ", "", view.values.get("ci"), view.values.get("service"), without=view.number)
    causes = similar.known_errors(desk, likeness, limit=3) if view.kind in CONTACTS else ()
    return (*causes, *similar.open_work(desk, likeness), *similar.articles(desk, likeness, limit=3))
