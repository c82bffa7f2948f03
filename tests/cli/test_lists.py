"""Lists: what a query finds, page by page, as a table, CSV or JSON; and full text over everything."""

from __future__ import annotations

import csv
import io

import pytest

from tests.cli.shell import Shell


@pytest.fixture
def queue(desk: Shell) -> Shell:
    for i in range(7):
        desk.ok("new", "incident", f"summary=Case {i}", f"urgency={1 + i % 3}", f"tags={'noise' if i % 2 else 'vpn'}")
    return desk


def test_a_query_is_answered_with_its_count(queue: Shell) -> None:
    answer = queue.read("list", "incident", "state:new urgency:1")
    assert {"kind", "query", "count", "items", "next"} == answer.keys()
    assert (answer["kind"], answer["query"], answer["count"], answer["next"]) == ("incident", "state:new urgency:1", 3, None)
    first = answer["items"][0]
    assert {"number", "kind", "state", "version", "summary", "priority", "requester", "created_at"} <= first.keys()
    assert first["tags"] == ["vpn"]


def test_a_cursor_goes_on_where_the_list_ended(queue: Shell) -> None:
    words = ("list", "incident", "--sort", "-urgency,number", "--limit", "3")
    seen, cursor = [], None
    for _ in range(4):
        page = queue.read(*words, *(("--after", cursor) if cursor else ()))
        assert page["count"] == 7
        seen += [item["number"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    whole = [item["number"] for item in queue.read("list", "incident", "--sort", "-urgency,number", "--limit", "0")["items"]]
    assert seen == whole
    assert len(whole) == 7


def test_a_cursor_of_another_list_is_refused(queue: Shell) -> None:
    cursor = queue.read("list", "incident", "--limit", "1")["next"]
    assert "another list" in queue.refused("list", "incident", "urgency:1", "--after", cursor, status=2)
    assert "--after" in queue.refused("list", "incident", "--after", "nonsense!", status=2)


def test_a_table_lines_up_and_says_what_is_left_out(queue: Shell) -> None:
    done = queue("list", "incident", "--columns", "urgency,summary", "--limit", "2", "--sort", "number")
    assert done.out == "number     urgency  summary\nINC-00001        1  Case 0\nINC-00002        2  Case 1\n"
    assert done.err.startswith("2 of 7; the next ones: --after ")


def test_columns_may_be_named_as_in_a_query(queue: Shell) -> None:
    rows = queue.read("list", "incident", "--columns", "due,caller,created")["items"]
    assert {"due_at", "requester", "created_at"} <= rows[0].keys()


def test_an_argument_that_begins_with_a_dash_is_no_option(queue: Shell) -> None:
    assert queue.read("list", "incident", "-tag:noise", "--sort", "-number")["count"] == 4
    assert queue.read("list", "incident", "--sort", "-number", "-tag:noise")["items"][0]["number"] == "INC-00007"


def test_csv_has_every_column_and_no_formula(desk: Shell) -> None:
    desk.ok("new", "incident", "summary==HYPERLINK(1)", "tags=a,b", "requester=Maria Lopez")
    done = desk("list", "incident", "--csv", "--columns", "summary,tags,requester,priority")
    assert list(csv.reader(io.StringIO(done.out))) == [
        ["number", "summary", "tags", "requester", "priority"],
        ["INC-00001", "'=HYPERLINK(1)", '["a", "b"]', "Maria Lopez", "4"],
    ]
    assert "choose one" in desk.refused("--json", "list", "incident", "--csv", status=2)


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("incident", "colour:red"), 1, "column 1"),
        (("incident", "state:new AND"), 1, "column"),
        (("unicorn",), 1, "there is no kind 'unicorn'"),
        (("incident", "--sort", "colour"), 1, "cannot sort by 'colour'"),
        (("incident", "--columns", "colour"), 1, "no field 'colour'"),
        (("incident", "--limit", "many"), 2, "--limit"),
        (("incident", "--frobnicate"), 2, "--frobnicate"),
        ((), 2, "KIND"),
    ],
)
def test_what_is_not_understood_is_said(desk: Shell, words: tuple[str, ...], status: int, said: str) -> None:
    assert said in desk.refused("list", *words, status=status)


def test_times_are_reckoned_from_the_given_instant(desk: Shell) -> None:
    desk.ok("--at", "2026-11-02T10:00:00Z", "new", "incident", "summary=x")
    query = "created:>=now-1h"
    assert desk.read("--at", "2026-11-02T10:30:00Z", "list", "incident", query)["count"] == 1
    assert desk.read("--at", "2026-11-02T12:00:00Z", "list", "incident", query)["count"] == 0


def test_search_finds_every_kind(desk: Shell) -> None:
    desk.ok("new", "incident", "summary=The gateway is slow", "ci=vpn-gw-1")
    found = desk.read("search", "gat")
    assert [(item["kind"], item["title"]) for item in found["items"]] == [("incident", "The gateway is slow")]
    assert desk.read("search", "acme", "--kind", "organisation")["count"] == 1
    assert "at least one word" in desk.refused("search", "...")


def test_a_requester_lists_only_what_is_their_own(desk: Shell) -> None:
    own = desk.ok("new", "incident", "summary=Mine", "requester=Maria Lopez")
    other = desk.ok("new", "incident", "summary=Theirs", "requester=Hank Scorpio")
    maria = ("--as", "maria")
    assert [item["number"] for item in desk.read(*maria, "list", "incident")["items"]] == [own]
    assert desk.refused(*maria, "show", other) == desk.refused(*maria, "show", "INC-99999").replace("INC-99999", other)
    assert desk.read(*maria, "search", "theirs")["count"] == 0
