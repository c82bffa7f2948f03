"""What is written about alerts on their incident: summary, description, notes. Pure, and bounded whatever an alert carries."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from deskterm.clock import format_instant
from deskterm.incident.alert_messages import Alert, Delivery, Remark

SUMMARY_LIMIT = 255
DESCRIPTION_LIMIT = 20_000
REASON_LIMIT = 255
MOST_NAMED = 20
"""So many alerts are named in one text; the others are counted, and listed with the record."""

_SUMMARIES = ("summary", "title", "subject")
_DESCRIPTIONS = ("description", "message", "info", "details")


def one_line(text: str, limit: int) -> str:
    """Return a text on one line of at most `limit` characters."""
    return shortened(" ".join(unicodedata.normalize("NFC", text).split()), limit)


def shortened(text: str, limit: int) -> str:
    """Return a text of at most `limit` characters."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def summary_of(alert: Alert) -> str:
    """Return one line that says what an alert is about."""
    told = next((alert.annotations[name] for name in _SUMMARIES if alert.annotations.get(name, "").strip()), "")
    return one_line(told or alert.name, SUMMARY_LIMIT)


def summary_of_all(delivery: Delivery, alerts: Sequence[Alert]) -> str:
    """Return one line that says what an incident of these alerts is about."""
    title = one_line(delivery.title, SUMMARY_LIMIT)
    return title if title and len(alerts) > 1 else summary_of(alerts[0])


def description_of_all(alerts: Sequence[Alert], further: str = "") -> str:
    """Return what is known of these alerts, each by itself."""
    parts = [_description(alert, named=len(alerts) > 1) for alert in alerts[:MOST_NAMED]]
    if len(alerts) > MOST_NAMED:
        parts.append(f"… and {len(alerts) - MOST_NAMED:,} more alerts.")
    text = "\n\n".join(part for part in (*parts, further) if part)
    return shortened(unicodedata.normalize("NFC", text), DESCRIPTION_LIMIT)


def _description(alert: Alert, *, named: bool) -> str:
    told = next((alert.annotations[name] for name in _DESCRIPTIONS if alert.annotations.get(name, "").strip()), "")
    known = {*_SUMMARIES, next((name for name in _DESCRIPTIONS if alert.annotations.get(name, "").strip()), "")}
    lines = [summary_of(alert)] if named else []
    lines += [told.strip()] if told else []
    lines += [f"{name}: {value}" for name, value in sorted(alert.annotations.items()) if name not in known and value.strip()]
    lines.append("labels: " + ", ".join(f"{name}={value}" for name, value in sorted(alert.labels.items())))
    if alert.generator:
        lines.append(f"shown at: {alert.generator}")
    return shortened("\n".join(lines), DESCRIPTION_LIMIT // 2)


def note_of(fired: Sequence[Alert], resolved: Sequence[Alert], remarks: Iterable[Remark], left_out: int) -> str:
    """Return what is new about an incident's alerts."""
    lines = [
        *_listed("fires", [(alert, alert.starts_at) for alert in fired], "since"),
        *_listed("resolved", [(alert, alert.ends_at) for alert in resolved], "at"),
        *(f"{one_line(remark.text, 2_000)} ({format_instant(remark.at)})" for remark in remarks),
    ]
    if left_out:
        lines.append(f"The source left out {left_out:,} further alerts of this group; it sends no more at once.")
    return shortened(unicodedata.normalize("NFC", "\n".join(lines)), DESCRIPTION_LIMIT)


def _listed(what: str, alerts: Sequence[tuple[Alert, int | None]], since: str) -> list[str]:
    named = [
        f"{what}: {summary_of(alert)}, {since} {format_instant(at)}" if at is not None else f"{what}: {summary_of(alert)}"
        for alert, at in alerts[:MOST_NAMED]
    ]
    more = len(alerts) - MOST_NAMED
    return [*named, f"{what}: {more:,} more alerts"] if more > 0 else named
