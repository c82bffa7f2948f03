"""Lists: filters, sort orders and keyset paging, compared with what sorting in memory gives."""

from __future__ import annotations

import random

import pytest

from deskterm.clock import format_instant
from deskterm.errors import BadQuery, InvalidInput
from deskterm.records.schema import Row
from tests.desks import Cast


@pytest.fixture
def crowd(any_cast: Cast) -> Cast:
    """A desk with forty incidents of every sort."""
    chance = random.Random(7)
    for i in range(40):
        values = {
            "summary": chance.choice(["Printer jams", "VPN drops", "Büro-Drucker 100% leer", "mail_box full"]),
            "impact": chance.randint(1, 3),
            "urgency": chance.randint(1, 3),
            "category": chance.choice([None, "network", "printing"]),
            "tags": chance.sample(["noise", "vip", "dock"], chance.randint(0, 2)),
            "team": chance.choice([None, "network", "desk"]),
            "assignee": chance.choice([None, "bob", "eve"]),
            "requester": chance.choice(["Maria Lopez", "Hank Scorpio", None]),
        }
        number = any_cast.ada.create("incident", values).number
        any_cast.clock.advance(chance.randint(0, 600))
        if i % 5 == 0:
            any_cast.ada.act(number, "cancel", {"reason": "twice"})
    return any_cast


def _all(cast: Cast, query: str, sort: str = "", size: int = 7) -> list[Row]:
    prepared = cast.ada.prepare(["incident"], query, sort)
    rows: list[Row] = []
    after = None
    while True:
        page = cast.ada.page(prepared, limit=size, after=after, columns=("category", "assignee", "created_at"))
        rows += page.rows
        if not page.more:
            return rows
        after = page.rows[-1].cursor


@pytest.mark.parametrize(
    "sort", ["due_at", "-due_at", "priority,-created_at", "-priority,due_at", "category", "-assignee", "-number"]
)
def test_paging_gives_every_row_once_in_the_order_of_one_large_page(crowd: Cast, sort: str) -> None:
    whole = [row.number for row in _all(crowd, "", sort, size=200)]
    assert len(whole) == len(set(whole)) == 40
    for size in (1, 7, 39):
        assert [row.number for row in _all(crowd, "", sort, size)] == whole


@pytest.mark.parametrize("sort", ["due_at", "-priority,due_at", "category"])
def test_pages_backwards_and_jumps_agree_with_pages_forwards(crowd: Cast, sort: str) -> None:
    whole = _all(crowd, "", sort, size=200)
    prepared = crowd.ada.prepare(["incident"], "", sort)
    back = crowd.ada.page(prepared, limit=9, before=whole[20].cursor)
    assert [row.number for row in back.rows] == [row.number for row in whole[11:20]]
    jump = crowd.ada.page(prepared, limit=5, after=whole[3].cursor, skip=10)
    assert [row.number for row in jump.rows] == [row.number for row in whole[14:19]]


@pytest.mark.parametrize(
    ("query", "keeps"),
    [
        ("state:open", lambda r: r.state != "cancelled"),
        ("state:done", lambda r: r.state == "cancelled"),
        ("-state:cancelled priority:1..2", lambda r: r.state != "cancelled" and r.priority <= 2),
        ("category:network", lambda r: r.values["category"] == "network"),
        ("-category:network", lambda r: r.values["category"] != "network"),
        ("category:none", lambda r: r.values["category"] is None),
        ("category:net*,printing", lambda r: r.values["category"] in ("network", "printing")),
        ("assignee:bob OR assignee:none", lambda r: r.shown["assignee"] in ("bob", "")),
        ("vpn", lambda r: r.title == "VPN drops"),
        ('"printer jams"', lambda r: r.title == "Printer jams"),
        ("drucker", lambda r: "Drucker" in r.title),
        ("buro", lambda r: "Büro" in r.title),
        ("summary:100%", lambda r: "100%" in r.title),
        ("summary:mail_b", lambda r: "mail_box" in r.title),
        ("state:(cancelled OR new)", lambda r: r.state in ("cancelled", "new")),
        ("tag:no*", lambda r: True),
        ("unassigned", lambda r: r.shown["assignee"] == "" and r.state != "cancelled"),
        ("-requester:any", lambda r: True),
    ],
)
def test_queries_keep_what_they_say(crowd: Cast, query: str, keeps: object) -> None:
    every, found = _all(crowd, "", "number", 200), _all(crowd, query, "number", 200)
    if query in ("-requester:any", "tag:no*"):
        assert 0 < len(found) < len(every)
        return
    expected = [row.number for row in every if keeps(row)]  # type: ignore[operator]
    assert expected
    assert [row.number for row in found] == expected
    prepared = crowd.ada.prepare(["incident"], query)
    assert crowd.ada.count(prepared) == len(expected)
    assert crowd.ada.count(prepared, cap=2) == min(2, len(expected))


def test_tags_and_times_and_me(crowd: Cast) -> None:
    tagged = _all(crowd, "tag:noise")
    assert tagged
    assert len(tagged) + len(_all(crowd, "-tag:noise")) == 40
    recent = crowd.clock.at - 1800
    assert len(_all(crowd, "created:<30m")) == len([r for r in _all(crowd, "") if r.values["created_at"] > recent])
    assert len(_all(crowd, f"created:>={format_instant(recent)}")) >= len(_all(crowd, "created:<30m"))
    bob = crowd.as_("bob")
    assert {row.shown["assignee"] for row in bob.page(bob.prepare(["incident"], "mine"), columns=("assignee",)).rows} == {"bob"}


def test_team_mine_is_every_team_one_belongs_to(crowd: Cast) -> None:
    counted = {
        login: (desk := crowd.as_(login)).count(desk.prepare(["incident"], "team:mine")) for login in ("bob", "eve", "ron")
    }
    assert counted["bob"] == len(_all(crowd, "team:network,desk")) > counted["eve"] == len(_all(crowd, "team:network"))
    assert counted["ron"] == 0


@pytest.mark.parametrize(
    ("query", "said", "column"),
    [
        ("summry:x", "did you mean summary", 1),
        ("state:open priority:high", "'high' is not a whole number", 21),
        ("team:netwrok", "there is no team 'netwrok'", 6),
        ("state:opne", "did you mean open", 7),
        ("due:soon", "soon", 5),
    ],
)
def test_a_bad_query_points_at_the_place(crowd: Cast, query: str, said: str, column: int) -> None:
    with pytest.raises(BadQuery, match=said) as refusal:
        _all(crowd, query)
    assert refusal.value.column == column


def test_a_sort_by_nothing_is_refused(cast: Cast) -> None:
    with pytest.raises(InvalidInput, match="cannot sort by 'colour'"):
        _all(cast, "", "colour")


def test_breached_and_at_risk_follow_the_clock_even_before_a_job_ran(cast: Cast) -> None:
    number = cast.incident(impact=1, urgency=1)
    assert not _all(cast, "breached")
    cast.clock.advance(5 * 3600)
    assert [row.number for row in _all(cast, "breached")] == [number]


def test_several_kinds_share_a_queue(cast: Cast) -> None:
    one = cast.incident(category="network")
    two = cast.ada.create("request", {"summary": "A new chair", "category": "furniture"}).number
    prepared = cast.ada.prepare(["incident", "request"], "state:open", "due_at")
    rows = cast.ada.page(prepared, columns=("category", "reopens")).rows
    assert {row.number: row.shown["category"] for row in rows} == {one: "network", two: "furniture"}
    by_category = cast.ada.prepare(["incident", "request"], "category:fur*", "category")
    assert [row.number for row in cast.ada.page(by_category).rows] == [two]


def test_a_requester_cannot_use_a_filter_as_an_oracle(cast: Cast) -> None:
    cast.ada.create("person", {"name": "Zoe", "note": "sues everybody"})
    maria = cast.as_("maria")
    with pytest.raises(Exception, match="may not read"):
        maria.prepare(["person"], "note:sues")
