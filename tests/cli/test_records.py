"""Commands on records: made, shown, changed, acted on, linked, taken back; one or many, and never half."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.shell import Shell
from tests.hostile import PAYLOADS, obeyed


def test_a_record_is_made_and_its_number_printed(desk: Shell) -> None:
    number = desk.ok("new", "incident", "summary=VPN drops", "requester=Maria Lopez", "impact=high", "urgency=1")
    assert number == "INC-00001"
    shown = desk.read("show", number)
    assert (shown["kind"], shown["state"], shown["version"]) == ("incident", "new", 1)
    assert (shown["summary"], shown["requester"], shown["customer"]) == ("VPN drops", "Maria Lopez", "Acme")
    assert shown["priority"] == 1
    assert shown["occurred_at"].endswith("Z")
    assert [clock["metric"] for clock in shown["clocks"]] == ["response", "resolution"]
    assert {"seq", "at", "recorded_at", "actor", "what", "field", "old", "new", "text"} <= shown["journal"][0].keys()


def test_a_clock_explains_itself_in_segments_that_add_up(desk: Shell) -> None:
    number = desk.ok("--at", "2026-11-02T16:00:00Z", "new", "incident", "summary=x", "impact=1", "urgency=1")
    clock = next(c for c in desk.read("--at", "2026-11-03T08:30:00Z", "show", number)["clocks"] if c["metric"] == "resolution")
    assert (clock["target_seconds"], clock["elapsed_seconds"], clock["remaining_seconds"]) == (14400, 9000, 5400)
    assert (clock["due_at"], clock["state"]) == ("2026-11-03T10:00:00Z", "running")
    assert sum(segment["counted_seconds"] for segment in clock["segments"]) == clock["elapsed_seconds"]
    assert [s["state"] for s in clock["segments"]] == ["open", "closed", "open"]
    late = next(c for c in desk.read("--at", "2026-11-03T11:00:00Z", "show", number)["clocks"] if c["metric"] == "resolution")
    assert (late["state"], late["breached_at"], late["remaining_seconds"]) == ("breached", "2026-11-03T10:00:00Z", -3600)


def test_a_value_may_come_from_a_file_or_standard_input(desk: Shell, tmp_path: Path) -> None:
    (tmp_path / "report.txt").write_bytes("\ufeffIt hürts.\n\nA lot.\n".encode())
    number = desk.ok(
        "new", "incident", f"description=@{tmp_path / 'report.txt'}", "summary=-", "solution=@@home", stdin="From a pipe\n"
    )
    shown = desk.read("show", number)
    assert (shown["summary"], shown["description"], shown["solution"]) == ("From a pipe", "It hürts.\n\nA lot.", "@home")


@pytest.mark.parametrize(
    ("words", "stdin", "status", "said"),
    [
        (["summary"], b"", 2, "is not FIELD=VALUE"),
        (["summary=a", "summary=b"], b"", 2, "given twice"),
        (["summary=-", "description=-"], b"x", 2, "one field only"),
        (["summary=-"], b"a\xff", 1, "byte 2 is not part of it"),
        (["summary=@/no/such/file"], b"", 1, "cannot be read"),
        (["summary=x", "colour=red"], b"", 1, "no field 'colour'"),
        (["summary=x", "impact=5"], b"", 1, "1 high, 2 medium, 3 low"),
        (["summary="], b"", 1, "needs summary"),
        (["summary=x", "requester=Nobody"], b"", 1, "there is no person 'Nobody'"),
        (["summary=x", "state=closed"], b"", 1, "worked out by the desk"),
        (["summary=a\nb"], b"", 1, "single line"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(desk: Shell, words: list[str], stdin: bytes, status: int, said: str) -> None:
    done = desk("new", "incident", *words, stdin=stdin)
    assert done.status == status
    assert done.err.startswith("error: ")
    assert done.err.count("\n") == 1
    assert said in done.err
    assert desk.read("list", "incident")["count"] == 0


def test_one_record_is_changed_with_the_version_one_saw(desk: Shell) -> None:
    number = desk.ok("new", "incident", "summary=VPN drops")
    assert desk.ok("edit", number, "--version", "1", "urgency=1", "tags=vpn,remote") == f"{number}  new  version 2"
    assert desk.read("edit", number, "category=network", "--version", "1")["version"] == 3
    done = desk("--json", "edit", number, "urgency=3", "--version", "1")
    assert done.status == 1
    assert done.json["error"]["code"] == "conflict"
    assert done.json["version"] == 3
    assert done.json["clashes"] == [{"field": "urgency", "base": 2, "theirs": 1, "yours": 3, "by": "ada"}]
    assert desk.read("show", number)["urgency"] == 1


def test_many_change_together_or_not_at_all(desk: Shell) -> None:
    numbers = [desk.ok("new", "incident", f"summary=Case {i}") for i in range(3)]
    listed = desk.ok("list", "incident", "--sort", "number")
    table = desk.ok("edit", "-", "team=network", stdin=listed)
    assert [line.split()[0] for line in table.splitlines()] == numbers
    assert "team: nothing → network" in table
    answer = desk.read("edit", *numbers, "urgency=1", "--dry-run")
    assert [item["changes"]["urgency"] for item in answer["items"]] == [{"old": "2", "new": "1"}] * 3
    assert desk.read("list", "incident", "urgency:1")["count"] == 0
    desk.ok("do", numbers[1], "cancel", "reason=twice")
    done = desk("--json", "do", *numbers, "start")
    assert done.status == 1
    assert done.err.splitlines()[0].startswith(f"{numbers[1]}: start is not possible while cancelled")
    assert set(done.json["error"]["fields"]) == {numbers[1]}
    assert {item["state"] for item in desk.read("list", "incident", "-state:cancelled")["items"]} == {"assigned"}


def test_numbers_come_from_any_list(desk: Shell) -> None:
    first, second = (desk.ok("new", "incident", f"summary=Case {i}") for i in range(2))
    for piped in (
        f"{first}\n{second}\n",
        desk.ok("list", "incident", "--csv"),
        desk.ok("--json", "list", "incident"),
        desk.ok("search", "case"),
    ):
        assert desk.read("edit", "-", "tags=seen", stdin=piped)["count"] == 2
    assert desk.read("edit", "-", "tags=none", stdin="")["count"] == 0
    assert "there is no record" in desk.refused("edit", "-", "tags=none", stdin="NOPE-1\n")
    assert [item["number"] for item in desk.read("list", "incident", "-", stdin=f"{second}\n{first}")["items"]] == [second, first]
    assert "not a person" in desk.refused("list", "person", "-", stdin=first)


def test_an_action_moves_a_record_and_says_what_it_needs(desk: Shell) -> None:
    number = desk.ok("new", "incident", "summary=VPN drops", "requester=Maria Lopez")
    assert desk.ok("do", number, "pend", "reason=caller", "message=Does it still drop?") == f"{number}  pending  version 2"
    assert "possible while new, assigned" in desk.refused("do", number, "pend", "reason=caller", "message=x")
    assert "needs code, solution" in desk.refused("do", number, "resolve")
    done = desk("--json", "do", number, "resolve", "code=solved")
    assert done.json == {
        "error": {"code": "workflow", "message": "resolve needs solution", "fields": {"solution": "resolve needs it"}}
    }
    possible = {one["name"]: one for one in desk.read("actions", number)["actions"]}
    assert possible["resume"]["possible"]
    assert possible["resume"]["refusal"] is None
    assert not possible["close"]["possible"]
    assert possible["resolve"]["demands"] == ["code", "solution"]
    assert "what it does, or why not" in desk.ok("actions", number)


def test_a_note_is_internal_unless_it_is_public(desk: Shell) -> None:
    number = desk.ok("new", "incident", "summary=VPN drops", "requester=Maria Lopez")
    desk.ok("note", number, "The caller is upset")
    desk.ok("note", number, "-", "--public", stdin="We are on it.\nBear with us.")
    entries = [(e["what"], e["public"], e["text"]) for e in desk.read("show", number)["journal"]]
    assert ("note", False, "The caller is upset") in entries
    assert ("reply", True, "We are on it.\nBear with us.") in entries
    assert "needs some text" in desk.refused("note", number, " ")


def test_links_carry_their_dates_and_groups(desk: Shell) -> None:
    web, one, two = (desk.ok("new", "ci", f"name={name}") for name in ("web", "db-1", "db-2"))
    for other in (one, two):
        desk.ok("link", web, "depends-on", other, "--from", "2026-01-01", "--group", "db", "--need", "1")
    assert desk.read("link", web, "depends-on", one)["new"] is False
    links = desk.read("show", web)["links"]
    assert [(li["relation"], li["number"], li["from"], li["group"], li["need"]) for li in links] == [
        ("depends-on", one, "2026-01-01T00:00:00Z", "db", 1),
        ("depends-on", two, "2026-01-01T00:00:00Z", "db", 1),
    ]
    assert desk.read("show", one)["links"][0]["inverse"] is True
    desk.ok("unlink", web, "depends-on", two)
    assert desk.read("show", web)["links"][1]["until"] is not None
    assert "--group NAME and --need K" in desk.refused("link", web, "uses", one, "--group", "db", status=2)
    assert "--from" in desk.refused("link", web, "uses", one, "--from", "soon", status=2)
    assert "not linked" in desk.refused("unlink", web, "uses", one)


def test_the_newest_act_is_taken_back(desk: Shell) -> None:
    number = desk.ok("new", "incident", "summary=VPN drops")
    operation = desk.read("edit", number, "urgency=1")["operation"]
    assert desk.ok("undo") == f"{number}  put back"
    assert desk.read("show", number)["urgency"] == 2
    assert "not there to undo" in desk.refused("undo", operation)


def test_the_whole_journal_is_shown_however_long(desk: Shell) -> None:
    number = desk.ok("new", "incident", "summary=Long story")
    from deskterm.bootstrap import open_desk

    ada = open_desk(desk.database, "ada")
    for i in range(405):
        ada.note(number, f"note {i}")
    journal = desk.read("show", number)["journal"]
    assert [entry["text"] for entry in journal if entry["what"] == "note"] == [f"note {i}" for i in range(405)]
    assert [entry["seq"] for entry in journal] == sorted({entry["seq"] for entry in journal})


@pytest.mark.parametrize("name", sorted(PAYLOADS))
def test_hostile_text_is_shown_and_never_obeyed(desk: Shell, name: str) -> None:
    text = PAYLOADS[name][:90_000]
    done = desk("new", "incident", "summary=Hostile", "description=-", stdin=text.encode("utf-8", "surrogatepass"))
    if done.status:
        assert done.err.startswith("error: "), "half characters and NUL are refused"
        return
    number = done.word
    desk("edit", number, f"summary={text.strip()[:200]}")
    for words in (("show", number), ("list", "incident"), ("search", "hostile"), ("--json", "show", number)):
        shown = desk(*words)
        assert shown.status == 0
        assert [seen for seen in obeyed(shown.out) if seen != "U+000A"] == [], words
    if "\n" not in text and text.strip():
        assert desk.read("show", number)["description"] is not None


def test_a_requester_reads_every_public_word_and_no_other(desk: Shell) -> None:
    from deskterm.bootstrap import open_desk

    number = desk.ok("new", "incident", "summary=VPN drops", "requester=Maria Lopez")
    desk.ok("note", number, "We are on it", "--public")
    ada = open_desk(desk.database, "ada")
    for i in range(410):
        ada.note(number, f"internal {i}")
    desk.ok("note", number, "It is done", "--public")
    journal = desk.read("--as", "maria", "show", number)["journal"]
    assert [(entry["what"], entry["text"]) for entry in journal] == [("reply", "We are on it"), ("reply", "It is done")]
    assert "internal" not in desk.ok("--as", "maria", "show", number)


def test_a_time_may_be_said_as_in_a_form(desk: Shell) -> None:
    at = ("--at", "2026-11-02T10:00:00Z")
    number = desk.ok(*at, "new", "incident", "summary=Late", "requester=Maria Lopez", "occurred_at=1h ago")
    assert desk.read("show", number)["occurred_at"] == "2026-11-02T09:00:00Z"
    desk.ok(*at, "do", number, "snooze", "until=2h")
    assert desk.read("show", number)["snoozed_until"] == "2026-11-02T12:00:00Z"
    desk.ok(*at, "edit", number, "occurred_at=2026-11-02T08:30:00Z")
    assert desk.read("show", number)["occurred_at"] == "2026-11-02T08:30:00Z"
    assert "is not an instant" in desk.refused(*at, "do", number, "snooze", "until=when it suits")
