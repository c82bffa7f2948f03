"""What Henrik hears from customers and tells them: requirements, a published review, one that is being written, improvements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from data.engine import Database
from deskterm.bootstrap import desk_of
from deskterm.clock import FrozenClock
from deskterm.demo.cast import CLINIC, SHOPS
from deskterm.demo.terms import GOLD, SHOP_FLOOR, ZONE
from deskterm.kinds import Registry

DAY, HOUR = 86_400, 3_600
MANAGER = "henrik"
PUBLISHED = (
    "Update messages of priority 1 came late five times: all of them at night, when one person sits at the desk alone. "
    "Agreed with the clinic: an automatic holding message every 25 minutes."
)


@dataclass(frozen=True, slots=True)
class Task:
    """An improvement as it is told."""

    summary: str
    days_ago: float
    due_in_days: float
    """From now; negative is overdue or over."""
    owner: str
    values: Mapping[str, Any]
    steps: tuple[tuple[float, str, Mapping[str, Any]], ...]
    """So many days ago, an action, its values."""
    reviewed: bool = True
    """It was agreed in the published review."""
    target: tuple[str, str] = ("", "")
    """The target whose share in time is measured: its agreement, and a query among its targets."""


TASKS = (
    Task(
        "Holding message to the wards every 25 minutes while a priority 1 lasts", 24, 5, "jonas",
        {"customer": CLINIC, "wanted": "95 %"},
        ((23, "approve", {}), (20, "start", {})), target=(GOLD, "metric:update"),
    ),
    Task(
        "Spare label printer at every dock", 40, -6, "lukas",
        {"customer": SHOPS, "measure": "hours lost at the dock a month", "before": "11 h", "wanted": "under 2 h"},
        ((38, "approve", {}), (30, "start", {})), reviewed=False,
    ),
    Task(
        "Second line reachable on Saturday mornings", 50, -20, "nina",
        {"customer": SHOPS, "measured_days": 20, "wanted": "95 %"},
        ((48, "approve", {}), (45, "start", {}), (21, "implement", {}),
         (2, "close", {"conclusion": "Measured for three weeks. The rota of four stays; the next review looks again."})),
        reviewed=False, target=(SHOP_FLOOR, "metric:response"),
    ),
    Task(
        "Reorder toner by itself at 20 %", 18, -1, "samira",
        {"service": "Printing", "measure": "calls about toner a week", "before": "6", "wanted": "1"},
        ((17, "approve", {}), (16, "start", {}), (3, "implement", {})), reviewed=False,
    ),
    Task("Name a deputy for the ERP on-call list", 6, 30, "olga", {"service": "ERP", "measure": "nights without anybody"}, ()),
)  # fmt: skip


WANTED: tuple[tuple[Mapping[str, Any], tuple[str, ...]], ...] = (
    ({"summary": "Tills back within two hours, Saturdays as well", "customer": SHOPS, "metric": "resolution", "priority": 1,
      "amount_seconds": 2 * HOUR, "objective": "95",
      "business_reason": "A till that stands still on a Saturday morning costs a market some 900 EUR an hour."}, ("negotiate",)),
    ({"summary": "A first answer to the wards within 15 minutes", "customer": CLINIC, "metric": "response", "priority": 1,
      "amount_seconds": HOUR // 4, "unit": "elapsed", "objective": "90"}, ()),
)  # fmt: skip
"""What customers want to be promised, and what was done about it."""


def programme(database: Database, registry: Registry, now: int) -> None:
    """Write last month's review and publish it, begin this month's, and work on what was agreed."""
    start, end = last_month(now - 3 * DAY)  # a month is looked back at once it is over for some days
    clock = FrozenClock(end + 2 * DAY + 9 * HOUR)
    desk = desk_of(database, MANAGER, clock=clock, registry=registry)
    values = {"agreement": GOLD, "from_at": start, "to_at": end, "attendees": "Dr. Wiese, Henrik Albrecht"}
    review = desk.create("service-review", values).number
    clock.advance(HOUR)
    desk.act(review, "publish", {"comments": PUBLISHED})
    clock.at = max(now - 2 * DAY, clock.at)
    for wanted, steps in WANTED:
        requirement = desk.create("requirement", {**wanted, "wanted_from": now + 60 * DAY}).number
        for step in steps:
            desk.act(requirement, step)
    desk.create("service-review", {"agreement": SHOP_FLOOR, "from_at": end, "to_at": now + 5 * DAY, "held_at": now + 8 * DAY})
    for task in TASKS:
        _live(database, registry, now, task, review)


def _live(database: Database, registry: Registry, now: int, task: Task, review: str) -> None:
    clock = FrozenClock(now - int(task.days_ago * DAY))
    desk = desk_of(database, MANAGER, clock=clock, registry=registry)
    values = {"summary": task.summary, "owner": task.owner, "finish_by": now + int(task.due_in_days * DAY), **task.values}
    if task.reviewed:
        values["review"] = review
    if task.target[0]:
        row = desk.page(desk.prepare(("target",), f'agreement:"{task.target[0]}" {task.target[1]}'), limit=1).rows[0]
        values["target"] = row.number
    number = desk.create("improvement", values).number
    for days_ago, action, given in task.steps:
        clock.at = now - int(days_ago * DAY)
        desk.act(number, action, given)


def last_month(now: int) -> tuple[int, int]:
    """Return the instants at which the last whole month began and ended, where the desk is."""
    zone = ZoneInfo(ZONE)
    today = datetime.fromtimestamp(now, zone)
    end = datetime(today.year, today.month, 1, tzinfo=zone)
    year, month = (end.year, end.month - 1) if end.month > 1 else (end.year - 1, 12)
    return int(datetime(year, month, 1, tzinfo=zone).timestamp()), int(end.timestamp())
