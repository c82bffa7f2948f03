"""Deliveries in any order, twice, together or apart: what is true in the end depends on what was told, not on when."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deskterm.incident.alerts import Alert, AlertLine, Delivery, Status
from deskterm.records.schema import RecordView
from tests.desks import MONDAY, Cast, cast_on, sqlite_file
from tests.incident.alerting import DAY, HOUR, SOURCE, alert, listed, tell

_RUNS = count()
_SLOW = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)

Life = list[tuple[int, int | None]]
"""When an alert fired, in seconds after Monday morning."""
Told = list[tuple[str, int, int | None]]
"""Messages: of which alert, when it began, when it was over."""
Way = list[list[int]]
"""A way of telling them: for each payload, the places of its messages in the list."""
Telling = tuple[Told, list[Way]]


@st.composite
def lives(draw: st.DrawFn, longest_gap: int) -> Life:
    """An alert's life: it fires and is over, again and again; the last time it may go on."""
    at, life = draw(st.integers(0, 600)), Life()
    for _ in range(draw(st.integers(1, 4))):
        end = at + draw(st.integers(1, 2000))
        life.append((at, end))
        at = end + draw(st.integers(1, longest_gap))
    if draw(st.booleans()):
        life[-1] = (life[-1][0], None)
    return life


@st.composite
def tellings(draw: st.DrawFn, longest_gap: int) -> Telling:
    """What is told of up to three alerts, and two ways of telling it."""
    told: Told = []
    for name in "abc"[: draw(st.integers(1, 3))]:
        for start, end in draw(lives(longest_gap)):
            if end is None or draw(st.booleans()):  # a beginning may be lost, what is over was told
                told.append((name, start, None))
            if end is not None:
                told.append((name, start, end))
    ways = []
    for _ in range(2):
        order = draw(st.permutations(range(len(told))))
        order += draw(st.lists(st.sampled_from(order), max_size=3))
        cuts = sorted(draw(st.sets(st.integers(1, max(1, len(order) - 1)), max_size=4)))
        ways.append([list(order[a:b]) for a, b in zip([0, *cuts], [*cuts, len(order)], strict=True)])
    return told, ways


def run(cast: Cast, told: Told, way: Way, group: str) -> list[RecordView]:
    """Tell it one way, under names of its own; return the incidents that came of it."""
    prefix = f"run{next(_RUNS)}"
    for payload in way:
        alerts = tuple(alert(f"{prefix}-{name}", start, end) for name, start, end in (told[i] for i in payload))
        tell(cast.ada, Delivery(SOURCE, alerts, group_key=f"{prefix}-{group}" if group else ""))
    rows = cast.ada.page(cast.ada.prepare(["incident"], f'symptom:"{prefix}-"*', "number"), limit=200).rows
    return [cast.ada.show(row.number) for row in rows]


def facts(cast: Cast, views: list[RecordView]) -> list[object]:
    """Return what must not depend on the order."""
    return [
        (
            view.state in ("resolved",), view.values["occurred_at"], view.extra["done_at"],
            sorted((_short(one), one.status, one.starts_at, one.ends_at, one.count, one.flaps) for one in listed(cast, view)),
        )
        for view in views
    ]  # fmt: skip


def _short(line: AlertLine) -> str:
    return line.labels["alertname"].partition("-")[2]


@pytest.fixture(scope="module")
def long_lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    """A desk that all examples share; each has alerts of its own."""
    with cast_on(sqlite_file(tmp_path_factory.mktemp("order")), now=MONDAY + 10 * DAY, agreements=False) as cast:
        yield cast


@_SLOW
@given(tellings(longest_gap=HOUR))
def test_a_group_within_reach_is_one_incident_that_any_order_brings_to_the_same(long_lived: Cast, given_: Telling) -> None:
    told, ways = given_
    first, second = (run(long_lived, told, way, "group") for way in ways)
    assert len(first) == len(second) == 1
    assert facts(long_lived, first) == facts(long_lived, second)
    [view] = first
    fires = any(one.status is Status.FIRING for one in listed(long_lived, view))
    assert (view.state == "resolved") is not fires
    assert view.values["occurred_at"] == MONDAY + min(start for _, start, _ in told)
    if not fires:
        assert view.extra["done_at"] == MONDAY + max(end for _, _, end in told if end is not None)


@_SLOW
@given(tellings(longest_gap=3 * DAY), st.sampled_from(["", "group"]))
def test_nothing_is_lost_and_no_alert_is_open_twice(long_lived: Cast, given_: Telling, group: str) -> None:
    told, ways = given_
    for way in ways:
        views = run(long_lived, told, way, group)
        lines = [(view, one) for view in views for one in listed(long_lived, view)]
        for name in {name for name, _, _ in told}:
            own = [(view, one) for view, one in lines if _short(one) == name]
            assert sum(one.count for _, one in own) == len({start for other, start, _ in told if other == name})
            is_open = [view.number for view, one in own if view.state != "resolved" and one.status is Status.FIRING]
            over = {start for other, start, end in told if other == name and end is not None}
            fires = any(other == name and start not in over for other, start, _ in told)
            assert len(is_open) == fires
        for view in views:
            assert (view.state == "resolved") is not any(one.status is Status.FIRING for one in listed(long_lived, view))


def test_two_runs_on_postgresql_come_to_the_same(postgres_cast: Cast) -> None:
    postgres_cast.clock.at = MONDAY + 10 * DAY
    told: Told = [
        ("a", 0, None), ("a", 0, 100), ("b", 50, None), ("a", 700, 900), ("b", 50, 300), ("a", 700, None),
    ]  # fmt: skip
    first = run(postgres_cast, told, [[0, 2], [1], [4], [5], [3]], "group")
    second = run(postgres_cast, told, [[3], [4, 1], [2, 0, 5], [3]], "group")
    assert facts(postgres_cast, first) == facts(postgres_cast, second)
    assert [view.extra["done_at"] for view in first] == [MONDAY + 900]


@pytest.mark.parametrize("status", list(Status))
def test_an_alert_that_contradicts_itself_is_none(status: Status) -> None:
    wrong = {"starts_at": None, "ends_at": None} if status is Status.FIRING else {"starts_at": 5, "ends_at": None}
    with pytest.raises(ValueError, match="fires has a beginning"):
        Alert(SOURCE, "x", status, labels={}, **wrong)
