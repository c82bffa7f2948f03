"""A service review as tables to read, on a terminal or as a Markdown document. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from deskterm.clock import format_instant
from deskterm.exchange.export_markdown import block, inline, table
from deskterm.fields import show_duration
from deskterm.service_level.review_reading import ReviewView

NOTHING = "n/a"


@dataclass(frozen=True, slots=True)
class Section:
    """A table with its title; with no rows it says why."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str
    right: tuple[int, ...] = ()


def sections(review: ReviewView) -> Iterator[Section]:
    """Yield what a review says, table by table."""
    content = review.content
    yield Section(
        "Achieved against agreed",
        ("agreement", "target", "in time", "late", "achieved", "agreed", "verdict"),
        tuple(_target(one) for one in content["targets"]),
        "No target was judged in the period, and none is promised for it.",
        (2, 3, 4, 5),
    )
    if content.get("availability"):
        yield Section(
            "Availability",
            ("service", "agreement", "measured", "agreed", "down", "of it planned", "verdict"),
            tuple(_availability(one) for one in content["availability"]),
            "No availability is agreed.",
            (2, 3, 4, 5),
        )
    left_out = content.get("breaches_left_out") or 0
    yield Section(
        "Breaches" + (f" (the first {len(content['breaches'])} of {len(content['breaches']) + left_out})" if left_out else ""),
        ("late since", "record", "priority", "metric", "agreement", "met", "summary"),
        tuple(_breach(one) for one in content["breaches"]),
        "Nothing was late.",
    )
    yield Section(
        "Open actions",
        ("action", "due", "owner", "state", "summary"),
        tuple(_action(one) for one in content["actions"]),
        "The improvement programme has nothing open for it.",
    )
    if review.sealed_at is not None:
        yield Section(
            "Since then",
            ("what", "which", "as published", "today"),
            tuple((one.what, one.name, one.sealed or "not there", one.now or "not there") for one in review.since),
            "Nothing has changed since it was published.",
        )


def _target(one: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        one["agreement"], one["target"], str(one["met"]), str(one["missed"]), percent(one["met_percent"]),
        percent(one["objective_percent"]), one["verdict"],
    )  # fmt: skip


def _availability(one: Mapping[str, Any]) -> tuple[str, ...]:
    down, planned = (
        NOTHING if one[name] is None else show_duration(one[name]) for name in ("downtime_seconds", "planned_seconds")
    )
    return (one["service"], one["agreement"], measured(one), percent(one["objective_percent"]), down, planned, one["verdict"])


def measured(one: Mapping[str, Any]) -> str:
    """Return what a service was up of the agreed time, cut to three decimals; n/a where nothing is known."""
    value = one["availability_percent"]
    return NOTHING if value is None else f"{int(value * 1000) / 1000:g} %"


def percent(value: float | None) -> str:
    """Return `97.5 %`, cut so that only what is whole is called 100 %; n/a of nothing."""
    if value is None:
        return NOTHING
    tenths = int(value * 10)
    return f"{tenths // 10} %" if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10} %"


def _breach(one: Mapping[str, Any]) -> tuple[str, ...]:
    met = "not yet" if one["met_at"] is None else format_instant(one["met_at"])
    priority = "" if one["priority"] is None else str(one["priority"])
    late = (format_instant(one["breached_at"]), one["number"], priority, one["metric"])
    return (*late, one["agreement"], met, one["title"])


def _action(one: Mapping[str, Any]) -> tuple[str, ...]:
    due = "" if one["finish_by"] is None else format_instant(one["finish_by"])
    overdue = f"{due} overdue" if one["overdue"] else due
    return (one["number"], overdue, one["owner"] or "nobody", one["state"].replace("-", " "), one["title"])


def about(review: ReviewView) -> Iterator[tuple[str, str]]:
    """Yield what stands above the tables: label and text."""
    content = review.content
    yield "Period", f"{format_instant(content['from'])} to {format_instant(content['to'])}"
    total = content["total"]
    judged = total["met"] + total["missed"]
    yield "All targets", f"{percent(total['met_percent'])} in time ({total['met']} of {judged})" if judged else NOTHING
    if content.get("held_at") is not None:
        yield "Meeting", format_instant(content["held_at"])
    if content.get("attendees"):
        yield "Attendees", str(content["attendees"])
    if review.sealed_at is None:
        yield "State", f"{review.view.state}, figures as of {format_instant(content['as_of'])}"
        return
    values = review.view.values
    yield "Published", f"{format_instant(values['published_at'])} by {values['published_by']}"
    yield "Seal", f"{values['digest']}, {'intact' if review.intact else 'BROKEN: what it says was changed in the database'}"


def markdown(review: ReviewView) -> Iterator[str]:
    """Yield the lines of a document; what people wrote stands in it as text, whatever markup it looks like."""
    yield f"# Service review {inline(review.view.number)}: {inline(str(review.content['name']))}"
    yield ""
    yield from table(("", ""), about(review))
    if review.content.get("comments"):
        yield from ("", "## Comments", "", *block(str(review.content["comments"])))
    for section in sections(review):
        yield from ("", f"## {section.title}", "")
        if section.rows:
            yield from table(section.header, section.rows)
        else:
            yield section.empty
