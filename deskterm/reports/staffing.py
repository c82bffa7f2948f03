"""How many agents each half-hour of the week needs, by Erlang C over the contacts that were logged, against the roster."""

from __future__ import annotations

from dataclasses import replace

from deskterm.capacity.staffing import DAYS, WEEK_SECONDS, Staffing, Terms, staffing, weeks_told
from deskterm.clock import format_instant
from deskterm.desk import Desk
from deskterm.errors import InvalidInput
from deskterm.reports import Column, Options, Period, Report

COLUMNS = (
    Column("day", "Day"),
    Column("from", "From"),
    Column("contacts", "Contacts", "number"),
    Column("agents", "Agents", "count"),
    Column("rostered", "Rostered", "count"),
    Column("gap", "Missing", "count"),
    Column("service_level", "In time", "percent"),
    Column("mean_wait_seconds", "Mean wait", "seconds"),
    Column("occupancy", "Busy", "percent"),
    Column("rostered_service_level", "In time as rostered", "percent"),
)

FORMULAS = {
    "contacts": "live contacts (phone, chat, walk-in) of the half-hour, a week on average, by the wall clock; weeks before the "
    "first contact was logged are no quiet weeks",
    "handle_seconds": "mean of the handle time of those contacts that have one",
    "agents": "the fewest by Erlang C that answer the share of service_level within target_seconds",
    "rostered": "shifts of the coming week that cover the half-hour x agents_per_shift",
    "gap": "agents - rostered; below 0 there are more than needed",
    "rostered_service_level": "by Erlang C with those who are rostered; empty where nobody is, or the queue would only grow",
}


def report(desk: Desk, period: Period, options: Options) -> Report:
    """Return a row per half-hour of the week in which anything came in or somebody is rostered.

    The period's end is where the weeks end that are looked back at, its length their number; else `weeks` says it.

    Options: `weeks`, `target_seconds`, `service_level` (percent), `agents_per_shift`, `channels` (a,b), `day`.
    """
    terms = _terms(options)
    from_at, to_at = period.settled(desk.moment)
    if period.from_at is not None:
        terms = replace(terms, weeks=max(1, round((to_at - from_at) / WEEK_SECONDS)))
    found = staffing(desk, terms, to_at)
    day = options.get("day", "").strip()[:3].title()
    if day and day not in DAYS:
        raise InvalidInput(f"day is one of {', '.join(DAYS)}", fields={"day": "unknown"})
    rows = tuple(slot.as_json() for slot in found.slots if (slot.contacts or slot.rostered) and day in ("", DAYS[slot.day]))
    peak = found.peak
    data = {
        "from": format_instant(found.from_at), "to": format_instant(found.to_at), "weeks": found.weeks,
        "target_seconds": terms.target_seconds, "service_level": 100 * terms.service_level, "contacts": found.contacts,
        "handle_seconds": found.handle_seconds, "withheld": found.withheld,
        "peak": None if peak is None else peak.as_json(), "short_half_hours": len(found.short), "rows": list(rows),
        "formulas": FORMULAS,
    }  # fmt: skip
    return Report(_title(found), COLUMNS, rows, data)


def _title(found: Staffing) -> str:
    aim = f"{100 * found.terms.service_level:g} % within {found.terms.target_seconds} s"
    return f"Staffing for {aim}: {found.withheld or f'{found.contacts:,} contacts in {weeks_told(found)}'}"


def _terms(options: Options) -> Terms:
    known = ("weeks", "target_seconds", "service_level", "agents_per_shift", "channels", "day")
    strange = sorted(set(options) - set(known))
    if strange:
        raise InvalidInput(
            f"this report does not take {strange[0]!r}; it takes {', '.join(known)}", fields={strange[0]: "unknown"}
        )
    usual = Terms()

    def figure(name: str, otherwise: float) -> float:
        try:
            return float(options[name].strip().removesuffix("%")) if name in options else otherwise
        except ValueError:
            raise InvalidInput(f"{name} is a number", fields={name: "a number"}) from None

    channels = tuple(word.strip() for word in options["channels"].split(",")) if "channels" in options else usual.channels
    whole = {name: figure(name, getattr(usual, name)) for name in ("weeks", "target_seconds", "agents_per_shift")}
    for name, value in whole.items():
        if value != value or abs(value) > 1e9 or value != int(value):
            raise InvalidInput(f"{name} is a whole number", fields={name: "a whole number"})
    level = figure("service_level", 100 * usual.service_level) / 100
    return Terms(int(whole["weeks"]), int(whole["target_seconds"]), level, int(whole["agents_per_shift"]), channels)
