"""The tree's branches on both databases: what stands where, page by page, and that a branch costs what stands in it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event

from deskterm.configuration import baselines
from deskterm.configuration.browsing import NOWHERE, Browser, Mode
from deskterm.configuration.details import compared, detail
from deskterm.errors import BadQuery, InvalidInput, NotAllowed
from tests.configuration.estates import ci, payroll
from tests.desks import MONDAY, Cast


def names(browser: Browser, key: str = "", limit: int = 200) -> list[str]:
    """Return the titles of a branch, read in pages of a size."""
    found, after = [], ""
    while True:
        page = browser.branch(key, after, limit)
        found += [row.title for row in page.rows]
        if not page.more:
            return found
        after = page.more


def below(browser: Browser, *titles: str) -> str:
    """Return the key of the row that these titles lead to."""
    key = ""
    for title in titles:
        key = next(row.key for row in browser.branch(key).rows if row.title == title)
    return key


@pytest.mark.parametrize("limit", [1, 2, 200])
def test_every_order_shows_everything_once_whatever_the_page(any_cast: Cast, limit: int) -> None:
    payroll(any_cast)
    for name, where in (("ändern", "Straße 1/A"), ("Zebra", "50% site"), ("apple", "Straße 1/A"), ("zulu", None)):
        ci(any_cast, name, location=where, type="laptop")
    ci(any_cast, "gone", status="retired", location="Straße 1/A")
    ada = any_cast.ada
    assert names(Browser(ada), "", limit) == ["Payroll", "Workplace"]
    by_type = Browser(ada, Mode.TYPE)
    computer = below(by_type, "hardware", "computer")
    assert names(by_type, below(by_type, "hardware", "computer", "laptop"), limit) == ["ändern", "apple", "Zebra", "zulu"]
    assert {row.title for row in by_type.branch(computer).rows} == {"laptop", "server"}
    assert not next(row for row in by_type.branch().rows if row.title == "document").opens
    places = Browser(ada, Mode.LOCATION)
    assert sorted(names(places)) == sorted([NOWHERE, "50% site", "Straße 1/A"])
    assert names(places, below(places, "Straße 1/A"), limit) == ["ändern", "apple"]
    assert names(places, below(places, "50% site")) == ["Zebra"]
    assert "zulu" in names(places, below(places, NOWHERE), limit)
    tops, bottoms = Browser(ada, Mode.DEPENDENCY), Browser(ada, Mode.DEPENDENCY, upwards=True)
    assert names(tops, "", limit) == ["report"]
    assert names(bottoms, "", limit) == ["db-pay", "rack"]
    assert names(tops, below(Browser(ada), "Payroll", "cluster"), limit) == ["db-pay", "node-1", "node-2", "node-3"]
    assert names(bottoms, below(bottoms, "rack"), limit) == ["node-1", "node-2", "node-3"]
    assert names(Browser(ada, query="type:laptop"), "", limit) == ["ändern", "apple", "Zebra", "zulu"]


def test_rows_say_how_they_stand(any_cast: Cast) -> None:
    numbers = payroll(any_cast)
    browser = Browser(any_cast.ada)
    any_cast.ada.edit(numbers["node-1"], {"status": "in-repair"})
    cluster = browser.branch(below(browser, "Payroll")).rows[0]
    assert (cluster.state, cluster.note, cluster.marks, cluster.how) == ("degraded", "2/3 up", ("SPOF now",), "depends-on")
    node = browser.branch(cluster.key).rows[1]
    assert (node.state, node.status, node.how, node.opens) == ("down", "in-repair", "depends-on, 2 of nodes", True)
    any_cast.ada.act(numbers["node-1"], "deploy")
    assert browser.branch(cluster.key).rows[1].state == "down", "how things fare is kept until it is forgotten"
    browser.forget()
    assert browser.branch(cluster.key).rows[1].state == "up"


def test_what_makes_no_branch_is_refused(any_cast: Cast) -> None:
    with pytest.raises(InvalidInput, match="no such branch"):
        Browser(any_cast.ada).branch("/nonsense:1")
    with pytest.raises(BadQuery):
        Browser(any_cast.ada, query="colour:red").branch()
    with pytest.raises(NotAllowed):
        Browser(any_cast.as_("maria")).branch()


def test_a_branch_reads_itself_alone(any_cast: Cast) -> None:
    payroll(any_cast)
    for n in range(60):
        ci(any_cast, f"other-{n:02d}", type="laptop", location=f"Room {n % 7}")
    browser = Browser(any_cast.ada)
    key = below(browser, "Payroll", "cluster")
    read: list[int] = []

    def count(_connection: Any, cursor: Any, *_rest: Any) -> None:
        read.append(1)

    engine = any_cast.database._engine
    event.listen(engine, "after_cursor_execute", count)
    try:
        assert len(browser.branch(key).rows) == 4
    finally:
        event.remove(engine, "after_cursor_execute", count)
    assert len(read) <= 12, "so many statements, however many CIs there are"


def test_everything_about_one_ci_and_what_it_was(any_cast: Cast) -> None:
    numbers = payroll(any_cast)
    first = any_cast.incident(ci="db-pay", impact=2, urgency=1)
    done = any_cast.incident(ci="db-pay")
    any_cast.ada.act(done, "resolve", {"code": "solved", "solution": "Restarted"})
    any_cast.clock.at = MONDAY + 86_400
    any_cast.ada.edit(numbers["db-pay"], {"location": "Rack 7"})
    found = detail(any_cast.ada, numbers["db-pay"])
    assert [(line.number, line.is_open) for line in found.work] == [(first, True), (done, False)]
    assert (found.standing.node.state, len(found.impact.breaks)) == ("degraded", 2)
    beside = compared(any_cast.ada, numbers["db-pay"], baselines.side_at(any_cast.ada, MONDAY))
    assert [(one.field, one.old, one.new) for one in beside.differences] == [("location", None, "Rack 7")]
    assert beside.then is not None
    assert beside.then.values.get("location") is None
    before = compared(any_cast.ada, numbers["db-pay"], baselines.side_at(any_cast.ada, MONDAY - 1))
    assert before.then is None
    assert [one.change for one in before.differences] == ["added"]
    service = detail(any_cast.ada, "SVC-00002")
    assert service.kind.name == "service"
