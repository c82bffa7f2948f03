"""What to work on next: urgency before priority before age, among what this person can go on with."""

from __future__ import annotations

import pytest

from deskterm.records.schema import Row
from deskterm.service_desk.next_best import Urgency, choose, next_best, urgency
from tests.desks import Cast

NOW = 1_800_000_000
HOUR = 3600


def row(number: int, *, priority: int | None = 3, due: int | None = None, clock: str | None = None, since: int = 0) -> Row:
    due_at = None if due is None else NOW + due
    return Row(number, "incident", f"INC-{number}", "x", "new", 1, priority, due_at, clock, {"open_since": NOW - since}, {}, ())


@pytest.mark.parametrize(
    ("one", "pressing"),
    [
        (row(1, due=-1), Urgency.BREACHED),
        (row(1, due=HOUR, clock="breached"), Urgency.BREACHED),
        (row(1, due=5 * HOUR, clock="at-risk"), Urgency.AT_RISK),
        (row(1, due=2 * HOUR - 1), Urgency.SOON),
        (row(1, due=2 * HOUR), Urgency.LATER),
        (row(1), Urgency.LATER),
    ],
)
def test_urgency_is_read_from_the_clock(one: Row, pressing: Urgency) -> None:
    assert urgency(one, NOW) is pressing


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (row(1, priority=5, due=-1), row(2, priority=1, due=HOUR)),
        (row(1, priority=5, due=9 * HOUR, clock="at-risk"), row(2, priority=1, due=HOUR)),
        (row(1, priority=5, due=HOUR), row(2, priority=1, due=3 * HOUR)),
        (row(1, priority=1, due=9 * HOUR), row(2, priority=2, due=3 * HOUR)),
        (row(2, priority=2, since=500), row(1, priority=2, since=100)),
        (row(1, priority=5), row(2, priority=None)),
        (row(1), row(2)),
    ],
)
def test_urgency_goes_before_priority_before_age(better: Row, worse: Row) -> None:
    for rows in ([better, worse], [worse, better]):
        best = choose(rows, NOW)
        assert best is not None
        assert best.row is better


def test_nothing_to_do_is_nothing() -> None:
    assert choose([], NOW) is None


def test_one_is_led_to_what_one_can_go_on_with(cast: Cast) -> None:
    late = cast.incident(assignee="eve", impact=1, urgency=1)
    waiting = cast.incident(assignee="bob", impact=1, urgency=1)
    cast.as_("bob").act(waiting, "pend", {"reason": "supplier"})
    lying = cast.incident(team="network", impact=2)
    mine = cast.incident(assignee="bob", impact=1, urgency=1)
    bob = cast.as_("bob")
    best = next_best(bob)
    assert best is not None
    assert best.row.number == mine != late
    assert "priority 1" in best.why
    then = next_best(bob, besides=frozenset({mine}))
    assert then is not None
    assert then.row.number == lying
    assert next_best(bob, besides=frozenset({mine, lying})) is None
