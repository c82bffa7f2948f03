"""Alertmanager's messages as files: what becomes of them, what is refused and where, hostile ones, two importers at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text as sql

from deskterm.clock import parse_instant
from deskterm.errors import ImportRefused, InvalidInput, NotAllowed
from deskterm.exchange.importing import ImportResult, run_import
from deskterm.exchange.json_documents import LARGEST_JSON
from deskterm.incident.alerts import Alert, Delivery, Intake, Status, fingerprint_of
from tests.desks import MONDAY, Cast
from tests.hostile import PAYLOADS
from tests.incident.alerting import HOUR, incidents, listed, notes, only, story
from tests.processes import Process, eventually, processes

SAMPLES = Path(__file__).with_name("alerts")
CAPTURED = Path(__file__).parents[2].parent / "shared" / "data" / "alerts"


def load(cast: Cast, path: Path | str, **options: Any) -> ImportResult:
    return run_import(cast.as_("sue"), "alertmanager", SAMPLES / path, **options)


def written(tmp_path: Path, content: object) -> Path:
    path = tmp_path / "alerts.json"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def message(*alerts: object, **more: Any) -> dict[str, Any]:
    return {"version": "4", "status": "firing", "groupKey": "{}:{a=1}", "groupLabels": {"a": "1"}, "alerts": [*alerts], **more}


def fired(name: str = "x", **more: Any) -> dict[str, Any]:
    return {"status": "firing", "labels": {"alertname": name}, "startsAt": "2026-11-02T08:00:00Z", **more}


def faults(cast: Cast, path: Path, **options: Any) -> list[tuple[int, str, str]]:
    with pytest.raises(ImportRefused) as refusal:
        load(cast, path, **options)
    assert incidents(cast) == ()
    return [(row.line, row.field, row.message) for row in refusal.value.rows]


def test_one_that_fires_and_is_resolved_opens_and_resolves_one_incident(any_cast: Cast) -> None:
    assert load(any_cast, "alertmanager_firing.json") == ImportResult(created=1)
    view = only(any_cast)
    assert (view.title, view.state, view.values["priority"]) == ("Heap of vpn-gw-1 is 93 % full", "new", 3)
    assert (view.names[view.values["ci"]].title, view.names[view.values["service"]].title) == ("vpn-gw-1", "Workplace")
    assert "https://runbooks.example/heap" in view.values["description"]
    assert load(any_cast, "alertmanager_firing.json") == ImportResult(unchanged=1)
    assert load(any_cast, "alertmanager_resolved.json") == ImportResult(updated=1)
    assert load(any_cast, "alertmanager_resolved.json") == ImportResult(unchanged=1)
    at = MONDAY - 2 * HOUR + 12 * 60 + 16
    assert [(when + MONDAY, who, new) for when, who, _, new in story(only(any_cast))] == [
        (at, "monitoring", None),
        (at + 1815, "monitoring", "resolved"),
    ]


def test_an_old_message_without_fingerprint_is_about_the_same_alert(cast: Cast) -> None:
    assert load(cast, "alertmanager_old.json") == ImportResult(created=1)
    assert load(cast, "alertmanager_firing.json") == ImportResult(unchanged=1)
    assert load(cast, "alertmanager_resolved.json") == ImportResult(updated=1)
    assert only(cast).state == "resolved"


def test_a_group_is_one_incident(cast: Cast) -> None:
    assert load(cast, "alertmanager_group.json") == ImportResult(created=1)
    view = only(cast)
    assert (view.title, view.values["priority"], view.names[view.values["team"]].title) == (
        "Links of the core are down", 1, "network",
    )  # fmt: skip
    assert [(one.name, one.status.value) for one in listed(cast, view)] == [
        ("LinkDown on core-2", "firing"),
        ("LinkDown on core-1", "firing"),
        ("LinkDown on core-3", "resolved"),
    ]
    assert any("left out 3 further alerts" in note for note in notes(view))


def test_a_group_by_nothing_is_no_group(cast: Cast) -> None:
    assert load(cast, "alertmanager_ungrouped.json") == ImportResult(created=2)


def test_grafana_in_its_likeness(cast: Cast) -> None:
    assert load(cast, "grafana_resolved.json") == ImportResult(created=1)
    view = only(cast)
    assert (view.title, view.state) == ("数据库进程存活 on db-node1:3000", "resolved")
    assert view.values["resolved_at"] - view.values["occurred_at"] == 195


def test_messages_may_stand_in_a_list_on_lines_or_alone(cast: Cast, tmp_path: Path) -> None:
    one, two = message(fired("one")), message(fired("two"), groupLabels={"a": "2"}, groupKey="{}:{a=2}")
    lines = b"\xef\xbb\xbf" + b"\n".join(json.dumps(item).encode() for item in (one, two, fired("three"))) + b"\n\n"
    assert load(cast, written(tmp_path, lines)) == ImportResult(created=3)
    assert load(cast, written(tmp_path, [one, two, fired("three")])) == ImportResult(unchanged=3)
    pretty = "\n".join(json.dumps(item, indent=2) for item in (one, two)).encode()
    assert load(cast, written(tmp_path, pretty)) == ImportResult(unchanged=2)


def test_alerts_as_the_api_lists_them(cast: Cast, tmp_path: Path) -> None:
    listed_ = {"status": {"state": "suppressed", "silencedBy": ["x"]}, "endsAt": "2026-11-02T09:05:00Z", "receivers": []}
    assert load(cast, written(tmp_path, [fired("x") | listed_])) == ImportResult(created=1)
    assert only(cast).state == "new"


def test_without_a_status_the_group_or_the_end_says_what_it_is(cast: Cast, tmp_path: Path) -> None:
    bare = {"labels": {"alertname": "x"}, "startsAt": "2026-11-02T08:00:00Z", "endsAt": "2026-11-02T08:30:00Z"}
    assert load(cast, written(tmp_path, bare)) == ImportResult(created=1)
    assert only(cast).state == "resolved"
    later = bare | {"startsAt": "2026-11-02T08:40:00Z", "endsAt": "2026-11-02T09:40:00Z"}
    assert load(cast, written(tmp_path, later)) == ImportResult(updated=1)
    assert only(cast).state == "in-progress"


def test_a_dry_run_keeps_nothing(cast: Cast) -> None:
    assert load(cast, "alertmanager_group.json", dry_run=True) == ImportResult(created=1)
    assert incidents(cast) == ()
    assert load(cast, "alertmanager_group.json") == ImportResult(created=1)


def test_every_fault_is_named_by_line_and_path(cast: Cast, tmp_path: Path) -> None:
    bad = message(
        fired(startsAt="yesterday"), fired(status="burning"), {"labels": {"a": [1]}, "startsAt": None}, fired(startsAt=""),
        fired(status="resolved"), fired(status="resolved", endsAt="2026-11-02T07:00:00Z"), 5,
        fired(endsAt="9999-01-01T00:00:00Z"),
        truncatedAlerts=-1,
    )  # fmt: skip
    lines = "\n".join([json.dumps(fired()), json.dumps(bad), "{nonsense", "[]", "3", json.dumps({"alerts": 5})])
    found = faults(cast, written(tmp_path, lines.encode()))
    assert [(line, field) for line, field, _ in found] == [
        (2, "truncatedAlerts"), (3, ""), (5, ""), (6, "alerts"),
    ]  # fmt: skip
    lines = json.dumps(bad | {"truncatedAlerts": 0})
    assert faults(cast, written(tmp_path, lines.encode())) == [
        (1, "alerts[0].startsAt", "'yesterday' is not an instant; write 2026-11-22T14:02:00Z"),
        (1, "alerts[1].status", "must be firing or resolved"),
        (1, "alerts[2].labels.a", "must be text"),
        (1, "alerts[3].startsAt", "is missing; an alert that fires began some time"),
        (1, "alerts[4].endsAt", "is missing; an alert that is resolved was over some time"),
        (1, "alerts[5].endsAt", "lies before startsAt"),
        (1, "alerts[6]", "must be a JSON object"),
        (1, "alerts[7].endsAt", "'9999-01-01T00:00:00Z' lies outside the years 1900 to 2199, with which the desk reckons"),
    ]


def test_what_is_bad_can_be_left_out(cast: Cast, tmp_path: Path) -> None:
    bad = message(fired("bad", startsAt="x"), fired("good"))
    assert load(cast, written(tmp_path, bad), skip_bad=True) == ImportResult(created=1, skipped=1)
    assert only(cast).title == "good"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"alerts": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deeply"),
        (b'{"alerts": [' + b'{"labels":' * 100_000 + b"1" + b"}" * 100_000 + b"]}", "nested too deeply"),
        (b'{"alerts": [{"labels": {"a": NaN}}]}', "NaN is no value of JSON"),
        (b'{"alerts": [{"labels": {"a": ' + b"9" * 10_000 + b"}}]}", "is not JSON"),
        (b'{"alerts": [\xff]}', "not UTF-8"),
        (b"", "is empty"),
        (b"\x00", "is not JSON"),
        (b'"text"', "no message of Alertmanager"),
        (b"[[[]]]", "no message of Alertmanager"),
    ],
    ids=["lists", "objects", "nan", "number", "bytes", "empty", "nul", "text", "nested"],
)
def test_what_is_no_message_is_refused(cast: Cast, tmp_path: Path, content: bytes, said: str) -> None:
    [(_, _, text)] = faults(cast, written(tmp_path, content))
    assert said in text


def test_labels_are_bounded(cast: Cast, tmp_path: Path) -> None:
    long = message(fired(labels={"a": "x" * 1_000_000}), fired(labels={str(i): "x" for i in range(300)}), fired(labels={"": "x"}))
    found = faults(cast, written(tmp_path, long))
    assert [field for _, field, _ in found] == ["alerts[0].labels.a", "alerts[1].labels", "alerts[2].labels."]
    assert "1,000,000 characters long" in found[0][2]


def test_a_huge_file_is_refused_before_it_is_read(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "huge.json"
    with path.open("wb") as file:
        file.truncate(LARGEST_JSON + 1)
    with pytest.raises(InvalidInput, match="split it"):
        load(cast, path)


@pytest.mark.parametrize("name", sorted(PAYLOADS))
def test_hostile_text_is_kept_as_text_or_refused(cast: Cast, tmp_path: Path, name: str) -> None:
    text = PAYLOADS[name][:4_000]
    told = fired("x", annotations={"summary": text, "description": text}, labels={"alertname": "x", "evil": text})
    path = written(tmp_path, message(told))
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        assert [field for _, field, _ in faults(cast, path)] == [
            "alerts[0].labels.evil", "alerts[0].annotations.summary", "alerts[0].annotations.description",
        ]  # fmt: skip
        return
    assert load(cast, path) == ImportResult(created=1)
    [line] = listed(cast, only(cast))
    assert (line.labels["evil"], line.annotations["summary"]) == (text, text)
    assert "\n" not in only(cast).title


def test_many_alerts_of_a_group_are_listed_and_not_all_told(cast: Cast, tmp_path: Path) -> None:
    many = message(*(fired(f"alert {i}", annotations={"description": "d" * 2_000}) for i in range(500)))
    assert load(cast, written(tmp_path, many)) == ImportResult(created=1)
    view = only(cast)
    assert len(view.values["description"]) <= 20_000
    assert len(listed(cast, view)) == 200
    assert load(cast, written(tmp_path, many)) == ImportResult(unchanged=1)


@pytest.mark.parametrize("login", ["bob", "ron", "maria"])
def test_importing_is_a_right(cast: Cast, login: str) -> None:
    with pytest.raises(NotAllowed, match="import"):
        run_import(cast.as_(login), "alertmanager", SAMPLES / "alertmanager_firing.json")
    assert incidents(cast) == ()


def importing(cast: Cast, path: Path) -> tuple[str, ...]:
    """Return the command that imports a file as a process of its own."""
    place = str(cast.database.path or cast.database.url.render_as_string(hide_password=False))
    return ("-m", "deskterm", "--database", place, "--as", "sue", "--json", "import", "alertmanager", str(path))


PAST = message(fired(startsAt="2026-01-02T08:00:00Z"), fired("y", startsAt="2026-01-02T08:00:00Z"))


def test_three_at_once_make_one_incident(any_cast: Cast, tmp_path: Path) -> None:
    with processes(*[importing(any_cast, written(tmp_path, PAST))] * 3) as running:
        ends = [process.finish() for process in running]
    assert [status for status, _, _ in ends] == [0, 0, 0], ends
    assert sorted(json.loads(out)["created"] for _, out, _ in ends) == [0, 0, 1]
    assert [one.count for one in listed(any_cast, only(any_cast))] == [1, 1]


def test_whoever_comes_second_waits_and_finds_it_told(postgres_cast: Cast, tmp_path: Path) -> None:
    at = parse_instant("2026-01-02T08:00:00Z")
    told = tuple(
        Alert("alertmanager", fingerprint_of(labels), Status.FIRING, at, None, labels)
        for labels in ({"alertname": "x"}, {"alertname": "y"})
    )
    waiting = sql("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'alert'::regclass")
    with processes() as running:
        with postgres_cast.ada.unit("alerts") as unit:
            intake = Intake(unit)
            running.append(Process(*importing(postgres_cast, written(tmp_path, PAST))))
            eventually(lambda: unit.connection.execute(waiting).scalar(), what="the second one waits")
            intake.receive(Delivery("alertmanager", told, group_key="{}:{a=1}"))
            intake.finish()
        status, out, err = running[0].finish()
    assert status == 0, err
    assert json.loads(out) == {"created": 0, "updated": 0, "unchanged": 1, "skipped": 0}
    assert len(incidents(postgres_cast)) == 1


@pytest.mark.parametrize("path", sorted(CAPTURED.glob("alertmanager-*.json")), ids=lambda path: path.stem)
def test_captured_messages_are_read(cast: Cast, path: Path) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    result = run_import(cast.as_("sue"), "alertmanager", path)
    assert result.created == len(incidents(cast)) == (1 if document.get("groupLabels", {}) else len(document.get("alerts", [1])))
    assert run_import(cast.as_("sue"), "alertmanager", path) == ImportResult(unchanged=result.created)
    for one in document.get("alerts", []):
        assert one.get("fingerprint") in (None, fingerprint_of(one["labels"]))
