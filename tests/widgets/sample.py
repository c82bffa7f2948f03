"""Made-up tickets and the columns of a queue: what the tests of the list, and its demonstration, show."""

from __future__ import annotations

from dataclasses import dataclass

from widgets.clock_cell import WIDTH, clock_text
from widgets.columns import Cell, Column
from widgets.paged_list import PagedList

NOW = 1_800_000_000
"""The instant the samples are seen at."""

SUMMARIES = (
    "VPN gateway drops every session",
    "Payroll run stuck at step 3",
    "Label printer prints blanks, dock 4",
    "Shared mailbox missing after migration",
    "New laptop, waiting for caller",
    "日本語の件名 in the subject, and more of it behind",
    "Monitor flickers when docked, cable swapped twice already, still flickering after ten minutes of use",
)
PEOPLE = ("ada", "bob", "–", "eve", "grace")  # noqa: RUF001
STATES = ("progress", "new", "assigned", "pending")


@dataclass(frozen=True, slots=True)
class Ticket:
    number: str
    due_at: int | None
    paused: bool
    priority: int
    summary: str
    who: str
    state: str


def ticket(index: int, summary: str | None = None) -> Ticket:
    """The ticket at a place; the first are late, then due soon, then far off."""
    return Ticket(
        number=f"INC-{20000 + index}",
        due_at=None if index % 11 == 10 else NOW - 2520 + index * 480 + index * index,
        paused=index % 7 == 4,
        priority=1 + index % 4,
        summary=SUMMARIES[index % len(SUMMARIES)] if summary is None else summary,
        who=PEOPLE[index % len(PEOPLE)],
        state=STATES[index % len(STATES)],
    )


def clock(row: Ticket, now: int) -> Cell:
    shown = clock_text(row.due_at, now, state="paused" if row.paused else "running")
    return shown.text, shown.style


COLUMNS = (
    Column[Ticket]("due", "due", WIDTH, clock, volatile=True),
    Column[Ticket]("priority", "P", 1, lambda row, _: str(row.priority), align="right"),
    Column[Ticket]("number", "number", 9, lambda row, _: row.number),
    Column[Ticket]("summary", "summary", 30, lambda row, _: row.summary, min_width=14, grow=1),
    Column[Ticket]("who", "who", 8, lambda row, _: row.who, priority=2),
    Column[Ticket]("state", "state", 9, lambda row, _: (row.state, "muted"), priority=1),
)


def queue(id: str | None = None) -> PagedList[Ticket]:  # noqa: A002
    """A list of tickets that has not been fed yet."""
    return PagedList[Ticket](COLUMNS, row_key=lambda row: row.number, now=NOW, id=id)


def answer(event: PagedList.PageWanted[Ticket], total: int) -> None:
    """Feed the page that is asked for."""
    size = 50
    rows = [ticket(index) for index in range(event.index * size, min(total, (event.index + 1) * size))]
    event.sender.feed(total, event.index, rows, generation=event.generation)
