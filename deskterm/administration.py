"""What an administrator does beside keeping records: the policy of the whole desk, and its jobs. Every change is journalled.

A setting is no record, so its history stands in the journal of whoever changed it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete

from data.queries import records as rq
from data.tables.core import setting
from deskterm import desk_settings
from deskterm.desk import Desk
from deskterm.errors import InvalidInput, NotAllowed
from deskterm.fields import Currency
from deskterm.job_runs import JobRun, run_due
from deskterm.jobs import Fault, faults_of
from deskterm.journal import Entry, What
from deskterm.permissions import Family, require
from deskterm.records.unit import Unit

MEANINGS = {
    "desk_name": "Shown in the top bar and on printed documents.",
    "priority_matrix": "Priority by impact (rows, high first) and urgency (columns, high first): 1 2 3 / 2 3 4 / 3 4 5.",
    "auto_close_seconds": "A resolved record closes by itself after so long without a word from the caller.",
    "first_contact_reopen_days": "A record reopened within so many days was not solved at first contact.",
    "warn_percent": "Warning points of a target that names none, in percent of its amount.",
    "major_update_minutes": "How often a major incident owes a status update.",
    "categories": "Offered as category; others are allowed.",
    "resolution_codes": "Offered as resolution code; others are allowed.",
    "alert_severities": "Impact and urgency by the severity that an alert names: lists of word, impact, urgency.",
    "alert_severity_labels": "Labels of an alert that may hold its severity; the first known word counts.",
    "alert_ci_labels": "Labels of an alert that may name a configuration item.",
    "alert_service_labels": "Labels of an alert that may name a service.",
    "alert_team_labels": "Labels of an alert that may name a team.",
    "alert_reopen_seconds": "An alert that fires again so soon after its incident ended reopens it, unless it is closed.",
    "alert_flap_seconds": "An alert that fires again so soon after it was over flaps.",
    "currency": "The currency of an amount that names none, by its ISO 4217 code.",
    "financial_year_end": "The last day of the financial year, MM-DD: assets are written off by financial years.",
    "allocation_method": "How rules of allocation pass costs on: direct, step-down in the order of their turns, or reciprocal.",
    "library_folder": "Where the definitive software library keeps its files, for every console; beside the desk if empty.",
}
"""What each setting means, for whoever edits it."""
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as it stands."""

    name: str
    help: str
    value: Any
    default: Any

    @property
    def title(self) -> str:
        """Return what a person calls it."""
        words = self.name.removesuffix("_seconds").replace("_", " ")
        return words[:1].upper() + words[1:]

    @property
    def is_changed(self) -> bool:
        """Return whether the desk has agreed on something else than the default."""
        return bool(self.value != self.default)


def require_manager(desk: Desk) -> None:
    """Refuse whoever may not manage the desk.

    Raises:
        NotAllowed: it names the roles that may.
    """
    require(desk.actor, "manage", Family.ADMIN, "service_desk", "desk setting")


def settings(desk: Desk) -> tuple[Setting, ...]:
    """Return every setting, in the order of their declaration.

    Raises:
        NotAllowed: the person is a requester.
    """
    if desk.actor.restricted:
        raise NotAllowed("the policy of the desk is for its own people")
    with desk.database.read() as connection:
        now = desk_settings.load(connection)
    usual = desk_settings.DeskSettings()
    return tuple(Setting(name, help_, getattr(now, name), getattr(usual, name)) for name, help_ in MEANINGS.items())


def change(desk: Desk, name: str, value: object) -> None:
    """Change a setting from here on; what was judged by the old one stays as it is.

    Raises:
        NotAllowed: the person may not manage the desk.
        InvalidInput: there is no such setting, or the value breaks its rule; nothing was changed.
    """
    with desk.refusals():
        require_manager(desk)
    with desk.unit("change setting") as unit:
        old = getattr(desk_settings.load(unit.connection), _known(name))
        new = desk_settings.save(unit.connection, name, _checked(name, value))
        _journal(unit, name, old, getattr(new, name))


def reset(desk: Desk, name: str) -> None:
    """Put a setting back to its default.

    Raises:
        NotAllowed: the person may not manage the desk.
    """
    with desk.refusals():
        require_manager(desk)
    with desk.unit("reset setting") as unit:
        old = getattr(desk_settings.load(unit.connection), _known(name))
        unit.connection.execute(delete(setting).where(setting.c.name == name))
        _journal(unit, name, old, getattr(desk_settings.DeskSettings(), name))


def _known(name: str) -> str:
    if name not in MEANINGS:
        raise InvalidInput(f"there is no setting {name!r}", fields={name: "unknown"})
    return name


def _checked(name: str, value: object) -> object:
    """Hold a value to the shape of its default; what the numbers mean is checked where they are used."""
    usual = getattr(desk_settings.DeskSettings(), name)
    if name == "currency":
        return _currency(value)
    if name == "library_folder":
        return str(value or "").strip()  # a path, or empty: `desk_settings` says which will do
    if isinstance(usual, str):
        text = str(value or "").strip()
        if not text or len(text) > LONGEST_NAME or not text.isprintable():
            raise InvalidInput(f"{name} is one line of at most {LONGEST_NAME} characters", fields={name: "one line"})
        return text
    if name == "warn_percent":
        return _percents(name, value)
    if isinstance(usual, tuple) and usual and isinstance(usual[0], str):
        return _words(name, value)
    return value


def _currency(value: object) -> str:
    try:
        return str(Currency().parse(value))
    except ValueError as problem:
        raise InvalidInput(f"currency {problem}", fields={"currency": str(problem)}) from None


def _words(name: str, value: object) -> list[str]:
    words = [str(word).strip() for word in value] if isinstance(value, list | tuple) else []
    kept = list(dict.fromkeys(word for word in words if word))
    if not kept or any(len(word) > LONGEST_NAME or not word.isprintable() for word in kept):
        raise InvalidInput(f"{name} is a list of at least one word", fields={name: "a list of words"})
    return kept


def _percents(name: str, value: object) -> list[int]:
    points = list(value) if isinstance(value, list | tuple) else []
    try:
        numbers = sorted({int(str(point)) for point in points})
    except ValueError:
        numbers = []
    if not numbers or not all(1 <= number <= 99 for number in numbers):
        raise InvalidInput("warning points are whole numbers from 1 to 99", fields={name: "numbers from 1 to 99"})
    return numbers


def _journal(unit: Unit, name: str, old: object, new: object) -> None:
    own = unit.actor.agent_id
    if old == new or own is None:
        return
    row = unit.connection.execute(rq.SPINE, {"ids": [own]}).mappings().one()
    unit.journal(Entry(own, row["version"], What.NOTE, text=f"changed the desk setting {name} from {old} to {new}"))


def run_now(desk: Desk, name: str) -> JobRun:
    """Run one of the desk's jobs once, now; whoever leads meanwhile is in nobody's way.

    Raises:
        NotAllowed: the person may not manage the desk.
        InvalidInput: there is no such job.
    """
    with desk.refusals():
        require_manager(desk)
    return run_due(desk.database, desk.registry, desk.clock, name)[0]


@dataclass(frozen=True, slots=True)
class SetApart:
    """A record that a job could not work on."""

    number: str
    title: str
    fault: Fault


def set_apart(desk: Desk, job: str) -> Sequence[SetApart]:
    """Return the records that a job has set apart, the latest first."""
    with desk.database.read() as connection:
        faults = faults_of(connection, job)
        rows = connection.execute(rq.NAMES, {"ids": sorted(faults)}).all() if faults else []
    found = [SetApart(row.number, row.title, faults[row.id]) for row in rows]
    return sorted(found, key=lambda one: -one.fault.at)
