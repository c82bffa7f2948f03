"""The places of the console: what each is called, its key, and where its screen is found. Screens load when first gone to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deskterm.late import named

if TYPE_CHECKING:
    from screens.base import DeskScreen
    from screens.session import Session


@dataclass(frozen=True, slots=True)
class Place:
    """One place, reached by key or by name."""

    name: str
    title: str
    screen: str
    """`module:Class`; the class is made with the session alone."""
    help: str
    nouns: tuple[str, ...]
    """What the palette knows it by."""

    def make(self, session: Session) -> DeskScreen[object]:
        """Return a new screen of the place."""
        build: Callable[[Session], DeskScreen[object]] = named(self.screen)
        return build(session)


PLACES = (
    Place(
        "queue",
        "Desk queue",
        "screens.queue:QueueScreen",
        "Incidents and requests.",
        ("queue", "desk", "inc", "incidents", "requests"),
    ),
    Place("problems", "Problems", "screens.problems:ProblemsScreen", "Problems and known errors.", ("prb", "problems", "ke")),
    Place("cis", "CI browser", "screens.cis:CisScreen", "Configuration items and what depends on them.", ("ci", "cmdb", "cis")),
    Place(
        "inbox",
        "Inbox of scans",
        "screens.inbox:InboxScreen",
        "What discovery found, to be verified.",
        ("inbox", "scans", "discovery", "dsc"),
    ),
    Place("audits", "Audits", "screens.audits:AuditsScreen", "What should be there, and what is.", ("audits", "audit", "aud")),
    Place("changes", "Changes", "screens.changes:ChangesScreen", "Changes and their calendar.", ("chg", "changes", "calendar")),
    Place("releases", "Releases", "screens.releases:ReleasesScreen", "Releases and where they stand.", ("rel", "releases")),
    Place("levels", "Service levels", "screens.board:BoardScreen", "What is late, at risk and met.", ("sla", "levels", "board")),
    Place(
        "availability",
        "Availability",
        "screens.availability:AvailabilityScreen",
        "Outages and what was up.",
        ("avail", "availability", "outages"),
    ),
    Place("capacity", "Capacity", "screens.capacity:CapacityScreen", "What fills up, and when.", ("cap", "capacity")),
    Place(
        "continuity", "Continuity", "screens.continuity:ContinuityScreen", "Plans, exercises and recovery.", ("bcp", "continuity")
    ),
    Place("finance", "Finance", "screens.finance:FinanceScreen", "What services cost.", ("fin", "finance", "costs")),
    Place(
        "assessment",
        "Self-assessment",
        "screens.assessment:AssessmentScreen",
        "How mature each system is, with the evidence.",
        ("assessment", "maturity"),
    ),
    Place("overview", "Overview", "screens.overview:OverviewScreen", "All eleven systems at a glance.", ("overview", "home")),
    Place(
        "handover",
        "Shift handover",
        "screens.handover:HandoverScreen",
        "What one shift leaves to the next.",
        ("handover", "shift"),
    ),
    Place("knowledge", "Knowledge", "screens.knowledge:KnowledgeScreen", "What the desk knows.", ("kb", "knowledge")),
    Place("jobs", "Jobs", "screens.jobs:JobsScreen", "What the desk does by itself.", ("jobs",)),
    Place(
        "administration",
        "Administration",
        "screens.administration:AdministrationScreen",
        "People, teams, calendars, agreements.",
        ("admin", "administration"),
    ),
)
"""Every place, in the order of the palette."""

BY_KEY = {
    "1": "queue", "2": "problems", "3": "cis", "4": "changes", "5": "releases", "6": "levels", "7": "availability",
    "8": "capacity", "9": "continuity", "0": "finance", "o": "overview", "h": "handover",
}  # fmt: skip
"""The keys that lead to places, from everywhere."""


OWN_SCREENS = {
    "DSC": "screens.scan:ScanScreen",
    "AUD": "screens.audits:AuditScreen",
    "REL": "screens.release_cockpit:ReleaseCockpit",
    "BCP": "screens.recovery_plan:PlanScreen",
    "EXE": "screens.recovery_run:RunScreen",
    "RES": "screens.resource:ResourceScreen",
    "CPL": "screens.capacity_plan:CapacityPlanScreen",
}
"""By the prefix of their numbers: records that open in a screen of their own."""


def screen_of(where: str, session: Session, number: str) -> DeskScreen[None]:
    """Return a new screen of a record, `module:Class`."""
    build: Callable[[Session, str], DeskScreen[None]] = named(where)
    return build(session, number)


def place(name: str) -> Place | None:
    """Return a place by name or noun."""
    wanted = name.strip().casefold()
    return next((one for one in PLACES if wanted == one.name or wanted in one.nouns), None)
