"""Event logs for tests: the excerpt, the whole log where it lies beside the repository, a generated one of the same shape.

And what a log comes to, counted in plain Python by the definitions of the figures that are published with it.
"""

from __future__ import annotations

import csv
import io
import math
import random
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from deskterm.desk import Desk

EXCERPT = Path(__file__).with_name("servicenow_log.csv")
WHOLE = Path(__file__).parents[2].parent / "shared" / "data" / "servicenow-incident-log"

COLUMNS = EXCERPT.read_text(encoding="utf-8").splitlines()[0].split(",")

Row = dict[str, str]


def rows_of(text: str) -> list[Row]:
    return list(csv.DictReader(io.StringIO(text)))


def instant(text: str) -> datetime:
    return datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=UTC)


def hours_to_resolve(seconds: Iterable[float]) -> dict[str, float]:
    """The distribution of times from opening to resolution, in hours."""
    hours = sorted(value / 3600 for value in seconds)
    return {
        "n": len(hours),
        "median": round(statistics.median(hours), 2),
        "mean": round(statistics.fmean(hours), 2),
        "p90_nearest_rank": round(hours[math.ceil(0.9 * len(hours)) - 1], 2),
        "max": round(hours[-1], 2),
    }


def aggregates(rows: Iterable[Row]) -> dict[str, Any]:
    """What the log comes to, in plain Python: by its last row, and for links by any row."""
    stories = [list(group) for _, group in groupby(rows, key=lambda row: row["number"])]
    last = [story[-1] for story in stories]
    over = [row for row in last if row["resolved_at"] != "?" and row["incident_state"] in ("Resolved", "Closed")]

    def linked(column: str) -> int:
        return sum(any(row[column] != "?" for row in story) for story in stories)

    return {
        "incidents": len(stories),
        "by_priority": dict(Counter(row["priority"] for row in last)),
        "made_sla_final": dict(Counter(row["made_sla"] for row in last)),
        "reopened_incidents": sum(row["reopen_count"] != "0" for row in last),
        "max_reassignment": max(int(row["reassignment_count"]) for row in last),
        "with_problem": linked("problem_id"),
        "with_rfc": linked("rfc"),
        "with_caused_by_change": linked("caused_by"),
        "with_ci": linked("cmdb_ci"),
        "opened_by_month": dict(Counter(instant(row["opened_at"]).strftime("%Y-%m") for row in last)),
        "top_groups": [list(pair) for pair in Counter(row["assignment_group"] for row in last).most_common(5)],
        "resolve_hours_opened_to_resolved": hours_to_resolve(
            (instant(row["resolved_at"]) - instant(row["opened_at"])).total_seconds() for row in over
        ),
    }


_LEVELS = {"1 - Critical": 1, "2 - High": 2, "3 - Moderate": 3, "4 - Low": 4}


def desk_aggregates(desk: Desk, like: Mapping[str, Any]) -> dict[str, Any]:
    """The same figures as the desk's own lists give them."""

    def count(query: str) -> int:
        return desk.count(desk.prepare(["incident"], query), cap=1_000_000)

    def group(name: str) -> str:
        return "-team:*" if name == "?" else f'team:"{name}"'

    resolved = list(_values(desk, "resolved_at:*", ("resolved_at", "occurred_at")))
    most = like["max_reassignment"]
    return {
        "incidents": count(""),
        "by_priority": {name: count(f"priority:{_LEVELS[name]}") for name in like["by_priority"]},
        "made_sla_final": {
            "true": count("-tag:sla-missed-at-source"),
            "false": count("tag:sla-missed-at-source"),
        },
        "reopened_incidents": count("reopens:>0"),
        "max_reassignment": most if count(f"reassignments:{most}") and not count(f"reassignments:>{most}") else None,
        "with_problem": count("problem:*"),
        "with_rfc": count("change:*"),
        "with_caused_by_change": count("caused_by:*"),
        "with_ci": count("ci:*"),
        "opened_by_month": {month: count(f"created:{month}") for month in like["opened_by_month"]},
        "top_groups": [[name, count(group(name))] for name, _ in like["top_groups"]],
        "resolve_hours_opened_to_resolved": hours_to_resolve(row["resolved_at"] - row["occurred_at"] for row in resolved),
    }


def _values(desk: Desk, query: str, columns: tuple[str, ...]) -> Iterator[Mapping[str, Any]]:
    listing = desk.prepare(["incident"], query, "number")
    page = desk.page(listing, limit=200, columns=columns)
    yield from (row.values for row in page.rows)
    while page.more:
        page = desk.page(listing, limit=200, columns=columns, after=page.rows[-1].cursor)
        yield from (row.values for row in page.rows)


_STORIES = (
    ("New", "Resolved", "Closed"),
    ("New", "Active", "Resolved", "Closed"),
    ("New", "Active", "Awaiting User Info", "Resolved", "Closed"),
    ("Active", "Awaiting Vendor", "Awaiting Problem", "Active", "Resolved", "Active", "Resolved", "Closed"),
    ("New", "Awaiting User Info", "-100", "Resolved", "Closed"),
)


def generated(incidents: int, seed: int = 498) -> str:
    """A log of the same shape as the published one: same columns, words, gaps and look-ahead."""
    dice = random.Random(seed)
    lines = [",".join(COLUMNS)]
    opened = datetime(2016, 2, 29, 1, tzinfo=UTC)
    for number in range(1, incidents + 1):
        opened += timedelta(minutes=dice.randint(1, 15))
        lines += [",".join(row[column] for column in COLUMNS) for row in _story(dice, f"INC{number:07d}", opened)]
    return "\n".join(lines) + "\n"


def _when(at: datetime) -> str:
    return f"{at.day}/{at.month}/{at.year} {at:%H:%M}"


def _story(dice: random.Random, number: str, opened: datetime) -> Iterator[Row]:
    states = dice.choice(_STORIES)
    times = [opened + timedelta(minutes=5)]
    for _ in states[1:]:
        times.append(times[-1] + timedelta(minutes=dice.randint(0, 3000)))
    resolved = max(at for at, state in zip(times, states, strict=True) if state == "Resolved")
    group, reassigned, reopened = dice.randint(1, 70), 0, 0
    level = dice.choice(("1 - High", "2 - Medium", "2 - Medium", "3 - Low"))
    priority = {"1": "1 - Critical", "2": "3 - Moderate", "3": "4 - Low"}[level[0]]
    constant = {
        "number": number, "active": "true", "caller_id": f"Caller {dice.randint(1, 900)}", "opened_by": f"Opened by  {group}",
        "opened_at": _when(opened), "contact_type": "Phone", "location": f"Location {dice.randint(1, 200)}", "urgency": level,
        "category": f"Category {dice.randint(1, 44)}", "subcategory": f"Subcategory {dice.randint(1, 220)}", "impact": level,
        "priority": priority, "problem_id": dice.choice(("?", "?", "?", f"Problem ID  {group}")), "closed_code": "code 6",
        "resolved_by": f"Resolved by {group}", "resolved_at": _when(resolved), "closed_at": _when(times[-1]), "notify": "?",
    }  # fmt: skip
    for i, (state, at) in enumerate(zip(states, times, strict=True)):
        if i and dice.random() < 0.3:
            group, reassigned = group % 70 + 1, reassigned + 1
        reopened += i > 0 and states[i - 1] == "Resolved" and state == "Active"
        late = state == "Closed" and dice.random() < 0.4
        yield dict.fromkeys(COLUMNS, "?") | constant | {
            "incident_state": state, "reassignment_count": str(reassigned), "reopen_count": str(reopened),
            "sys_mod_count": str(i), "made_sla": "false" if late else "true", "sys_updated_by": f"Updated by {group}",
            "sys_updated_at": _when(at), "assignment_group": f"Group {group}", "assigned_to": f"Resolver {group}",
        }  # fmt: skip
