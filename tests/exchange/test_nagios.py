"""Notifications of Nagios and Icinga: mails, macros and JSON, what becomes of each type, times in every format, hostile ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskterm.clock import format_instant
from deskterm.errors import ImportRefused, InvalidInput, NotAllowed
from deskterm.exchange.importing import ImportResult, run_import
from deskterm.exchange.nagios import KNOWN, TYPES
from deskterm.exchange.nagios_text import notifications
from deskterm.exchange.nagios_times import TimeRules, read_time
from tests.desks import MONDAY, Cast
from tests.hostile import PAYLOADS
from tests.incident.alerting import HOUR, incidents, listed, notes, only, story

SAMPLES = Path(__file__).with_name("alerts")


def load(cast: Cast, path: Path | str, **options: Any) -> ImportResult:
    return run_import(cast.as_("sue"), "nagios", SAMPLES / path, **options)


def written(tmp_path: Path, *told: object) -> Path:
    """Write notifications: mails, or objects on lines of their own."""
    path = tmp_path / "notifications"
    path.write_text("\n".join(one if isinstance(one, str) else json.dumps(one) for one in told), encoding="utf-8", newline="")
    return path


def macros(kind: str, seconds: int, state: str = "CRITICAL", **more: str) -> dict[str, str]:
    at = format_instant(MONDAY - HOUR + seconds)
    return {"type": kind, "host": "web1", "service": "HTTP", "state": state, "date": at, "output": f"HTTP {state}", **more}


def moves(cast: Cast) -> list[tuple[int, object]]:
    """Return the only incident's states by seconds since an hour before Monday morning."""
    return [(at + HOUR, new) for at, _, _, new in story(only(cast))]


def test_a_mail_about_a_service(any_cast: Cast) -> None:
    assert load(any_cast, "nagios_service.txt") == ImportResult(created=1)
    assert load(any_cast, "nagios_service.txt") == ImportResult(unchanged=1)
    view = only(any_cast)
    assert (view.title, view.values["priority"]) == ("Memory Usage on vpn-gw-1 is WARNING", 3)
    assert view.names[view.values["ci"]].title == "vpn-gw-1"
    assert format_instant(view.values["occurred_at"]) == "2026-11-02T07:30:17Z"
    assert "State: this line is the plug-in's own" in view.values["description"]


def test_a_mail_about_a_host(cast: Cast) -> None:
    assert load(cast, "nagios_host.txt") == ImportResult(created=1)
    view = only(cast)
    assert (view.title, view.values["priority"], view.values["symptom"]) == ("db9 is DOWN", 1, "host check")
    assert "Packet loss = 100%" in view.values["description"]


def test_mails_of_icinga_one_after_the_other(cast: Cast) -> None:
    assert load(cast, "icinga_mails.txt") == ImportResult(created=1)
    view = only(cast)
    assert (view.title, view.state) == ("load on web1 is CRITICAL", "resolved")
    assert moves(cast) == [(0, None), (1800, "resolved")]
    assert "Acknowledged in the monitoring: [eve] a backup runs (2026-11-02T08:05:00Z)" in notes(view)
    [line] = listed(cast, view)
    assert (line.name, line.labels["address"], line.annotations["description"]) == (
        "load on web1",
        "192.0.2.1",
        "OK - load average: 0.4",
    )


def test_macros_as_json_whatever_they_are_called(cast: Cast) -> None:
    assert load(cast, "nagios_macros.jsonl") == ImportResult(created=1)
    view = only(cast)
    assert (view.title, view.state) == ("HTTP on web2 is CRITICAL", "resolved")
    assert "A downtime began by eve: new disk (2026-11-02T08:01:00Z)" in notes(view)


def test_macros_as_an_environment(cast: Cast, tmp_path: Path) -> None:
    told = "\n".join(
        f"NAGIOS_{macro}"
        for macro in (
            "HOSTNAME=web1", "NOTIFICATIONTYPE=PROBLEM", "HOSTSTATE=DOWN", "CONTACTNAME=ops", "HOSTOUTPUT=a = b",
            "TIMET=1793606400",
        )
    )  # fmt: skip
    assert load(cast, written(tmp_path, told, told.replace("web1", "web2"))) == ImportResult(created=2)
    assert "a = b" in cast.ada.show(incidents(cast)[0].number).values["description"]


def test_problem_and_recovery_again_and_again_are_one_incident_that_flaps(cast: Cast, tmp_path: Path) -> None:
    told = [macros("PROBLEM", 0, "WARNING"), macros("PROBLEM", 60), macros("RECOVERY", 120, "OK"), macros("PROBLEM", 600)]
    assert load(cast, written(tmp_path, *told)) == ImportResult(created=1)
    assert moves(cast) == [(0, None), (120, "resolved"), (600, "in-progress")]
    view = only(cast)
    [line] = listed(cast, view)
    assert (line.count, line.flaps, line.labels["severity"], view.values["priority"]) == (3, 1, "critical", 1)
    assert load(cast, written(tmp_path, *reversed(told))) == ImportResult(unchanged=1)


def test_recovery_before_its_problem(cast: Cast, tmp_path: Path) -> None:
    assert load(cast, written(tmp_path, macros("RECOVERY", 120, "OK"))) == ImportResult(unchanged=1)
    assert load(cast, written(tmp_path, macros("PROBLEM", 60))) == ImportResult(created=1)
    assert moves(cast) == [(60, None), (120, "resolved")]


def test_what_flaps_is_in_trouble_until_it_stops_well(cast: Cast, tmp_path: Path) -> None:
    told = [
        macros("PROBLEM", 0), macros("RECOVERY", 60, "OK"), macros("FLAPPINGSTART", 90, "OK"), macros("FLAPPINGSTOP", 900, "OK"),
    ]  # fmt: skip
    load(cast, written(tmp_path, *told))
    assert moves(cast) == [(0, None), (60, "resolved"), (90, "in-progress"), (900, "resolved")]
    assert any("sends no more notifications until it stops" in note for note in notes(only(cast)))


def test_flapping_that_stops_badly_goes_on(cast: Cast, tmp_path: Path) -> None:
    load(cast, written(tmp_path, macros("FLAPPINGSTART", 0), macros("FlappingEnd", 60)))
    assert moves(cast) == [(0, None)]


@pytest.mark.parametrize("kind", [kind for kind in TYPES if kind not in ("PROBLEM", "FLAPPINGSTART")])
def test_other_types_make_no_incident(cast: Cast, tmp_path: Path, kind: str) -> None:
    path = written(tmp_path, macros(kind, 0, author="eve", comment="x"))
    assert load(cast, path) == load(cast, path) == ImportResult(unchanged=1)
    assert incidents(cast) == ()


@pytest.mark.parametrize(
    "kind", ["ACKNOWLEDGEMENT", "DOWNTIMESTART", "DOWNTIMEEND", "DownTimeRemoved", "CUSTOM", "FLAPPINGDISABLED"]
)
def test_other_types_are_noted_once(cast: Cast, tmp_path: Path, kind: str) -> None:
    load(cast, written(tmp_path, macros("PROBLEM", 0)))
    path = written(tmp_path, macros(kind, 60, author="eve", comment="see"))
    assert load(cast, path) == ImportResult(updated=1)
    assert load(cast, path) == ImportResult(unchanged=1)
    [note] = notes(only(cast))
    assert note.endswith(f" by eve: see ({format_instant(MONDAY - HOUR + 60)})")
    assert load(cast, written(tmp_path, macros("RECOVERY", 120, "OK"))) == ImportResult(updated=1)
    assert only(cast).state == "resolved"


def test_without_a_type_the_subject_or_the_state_says_what_it_is(cast: Cast, tmp_path: Path) -> None:
    mail = "Subject: [PROBLEM] HTTP on web1 is CRITICAL!\n\nHost: web1\nService: HTTP\nWhen: 2026-11-02 08:00:00 +0000\n"
    state = macros("", 60, "OK")
    assert load(cast, written(tmp_path, mail)) == ImportResult(created=1)
    assert load(cast, written(tmp_path, state)) == ImportResult(updated=1)
    assert (only(cast).title, only(cast).state) == ("HTTP on web1 is CRITICAL", "resolved")


@pytest.mark.parametrize(
    ("text", "mapping", "expected"),
    [
        ("Mon Nov 2 08:00:00 UTC 2026", {}, "2026-11-02T08:00:00Z"),
        ("Sun Oct 15 16:02:31 2000", {}, "2000-10-15T16:02:31Z"),
        ("Fri Oct 5 21:30:17 CEST 2012", {"zone": "Europe/Berlin"}, "2012-10-05T19:30:17Z"),
        ("Sun Oct 25 02:30:00 CEST 2026", {"zone": "Europe/Berlin"}, "2026-10-25T00:30:00Z"),
        ("Sun Oct 25 02:30:00 CET 2026", {"zone": "Europe/Berlin"}, "2026-10-25T01:30:00Z"),
        ("05-10-2012 21:30:17", {}, "2012-05-10T21:30:17Z"),
        ("05-10-2012 21:30:17", {"dates": "euro"}, "2012-10-05T21:30:17Z"),
        ("05-10-2012 21:30:17", {"dates": "euro", "zone": "Europe/Berlin"}, "2012-10-05T19:30:17Z"),
        ("2026-11-02 09:00:00 +0100", {}, "2026-11-02T08:00:00Z"),
        ("2026-11-02T08:00:00Z", {"zone": "Europe/Berlin"}, "2026-11-02T08:00:00Z"),
        ("2026-11-02 09:00:00.5", {"zone": "Europe/Berlin"}, "2026-11-02T08:00:00Z"),
        ("1793606400", {}, "2026-11-02T08:00:00Z"),
        ("1793606400.123", {}, "2026-11-02T08:00:00Z"),
    ],
)
def test_times(text: str, mapping: dict[str, str], expected: str) -> None:
    assert format_instant(read_time(text, TimeRules.model_validate(mapping))) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Fri Oct 5 21:30:17 CEST 2012", "a mapping says which"),
        ("31-31-2012 21:30:17", "no time of any day"),
        ("Mon Foo 2 08:00:00 UTC 2026", "must be a time"),
        ("yesterday", "must be a time"),
        ("1950-01-01 00:00:00", "must be a time"),
        ("9" * 500, "must be a time"),
        ("", "must be a time"),
    ],
)
def test_what_is_no_time(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_time(text, TimeRules())


def faults(cast: Cast, path: Path, **options: Any) -> list[tuple[int, str, str]]:
    with pytest.raises(ImportRefused) as refusal:
        load(cast, path, **options)
    assert incidents(cast) == ()
    return [(row.line, row.field, row.message) for row in refusal.value.rows]


def test_every_fault_is_named_by_its_line(cast: Cast, tmp_path: Path) -> None:
    good = macros("PROBLEM", 0)
    lines = written(tmp_path, good, macros("WHATEVER", 0), {"type": "PROBLEM"}, good | {"date": "x"}, "[5]", "{nonsense")
    found = faults(cast, lines)
    assert [(line, field) for line, field, _ in found] == [
        (2, "type"),
        (3, "host"),
        (3, "date"),
        (4, "date"),
        (5, "[0]"),
        (6, ""),
    ]
    assert load(cast, lines, skip_bad=True) == ImportResult(created=1, skipped=4)
    mail = (SAMPLES / "nagios_host.txt").read_text(encoding="utf-8")
    assert load(cast, written(tmp_path, mail)) == ImportResult(created=1)


def test_a_mail_in_another_language_names_what_is_missing(cast: Cast, tmp_path: Path) -> None:
    assert [row[:2] for row in faults(cast, written(tmp_path, "***** Nagios *****", "Host: web1", "Zustand: kaputt"))] == [
        (2, "type"), (2, "date"),
    ]  # fmt: skip


@pytest.mark.parametrize("content", [b"", b"  \n", b"\xff\xfe", b'{"host": ' + b"[" * 100_000, b"[" * 100_000 + b"]" * 100_000])
def test_what_is_no_notification_is_refused(cast: Cast, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "n"
    path.write_bytes(content)
    assert len(faults(cast, path)) == 1


def test_mappings_are_checked(cast: Cast) -> None:
    for mapping in ({"zone": "Mars"}, {"dates": "uk"}, {"zones": "UTC"}):
        with pytest.raises(InvalidInput):
            load(cast, "nagios_host.txt", mapping=mapping)


@pytest.mark.parametrize("name", sorted(PAYLOADS))
def test_hostile_text_is_kept_as_text_or_refused(cast: Cast, tmp_path: Path, name: str) -> None:
    text = PAYLOADS[name][:4_000]
    path = written(tmp_path, macros("PROBLEM", 0, output=text, host=f"h{text}"))
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        assert len(faults(cast, path)) == 1
        return
    assert load(cast, path) == ImportResult(created=1)
    [line] = listed(cast, only(cast))
    assert line.labels["host"] == f"h{text}".strip()


@pytest.mark.parametrize(
    "line", ["*" * 1_000_000 + "x", "Host:" * 200_000, " " * 1_000_000 + "x", "a is OK" * 100_000, "=" * 1_000_000]
)
def test_a_long_line_is_read_in_no_time(line: str) -> None:
    assert list(notifications(f"Host: web1\nAdditional Info:\n{line}\nHost: web1\n{line}", KNOWN))


@given(st.text(max_size=300))
def test_any_text_is_read_to_its_end(text: str) -> None:
    assert len(list(notifications(text, KNOWN))) <= text.count("\n") + 1


def test_values_are_bounded(cast: Cast, tmp_path: Path) -> None:
    long = "x" * 1_000_000
    found = faults(cast, written(tmp_path, macros("PROBLEM", 0, output=long), macros("PROBLEM", 0, host=long)))
    assert [message.partition(" is ")[0] for _, _, message in found] == ["SERVICEOUTPUT", "HOSTNAME"]


def test_a_dry_run_keeps_nothing_and_importing_is_a_right(cast: Cast) -> None:
    assert load(cast, "nagios_host.txt", dry_run=True) == ImportResult(created=1)
    assert incidents(cast) == ()
    with pytest.raises(NotAllowed, match="import"):
        run_import(cast.as_("bob"), "nagios", SAMPLES / "nagios_host.txt")
