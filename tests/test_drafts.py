"""Drafts survive what happens to terminals: a real kill, a full disk, damage, two sessions, and other people's eyes."""

from __future__ import annotations

import errno
import json
import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from deskterm import drafts
from deskterm.clock import FrozenClock
from deskterm.drafts import DraftJournal, DraftLost, Kept, Subject, folder_for
from deskterm.errors import NotFound
from tests.hostile import PAYLOADS
from tests.stopwatch import Stopwatch

ROOT = Path(__file__).parents[1]
NEW = Subject("new", "incident")
CLOCK = FrozenClock(1_795_356_000)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state" / "drafts"


@pytest.fixture
def journal(folder: Path) -> Iterator[DraftJournal]:
    made = DraftJournal(folder, CLOCK)
    yield made
    made.close()


def later(folder: Path) -> DraftJournal:
    return DraftJournal(folder, CLOCK)


def only(journal: DraftJournal) -> Kept:
    (kept,) = journal.left()
    return kept


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_a_killed_process_loses_at_most_a_second_of_typing(folder: Path, number: signal.Signals) -> None:
    child = subprocess.Popen([sys.executable, "-m", "tests.typist", str(folder)], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert child.stdout is not None
    typed, seen, watch = 0, [(0.0, 0)], Stopwatch()
    while typed < 60:
        typed = int(child.stdout.readline())
        seen.append((watch.seconds, typed))
    os.kill(child.pid, number)
    end = watch.seconds
    child.wait()
    child.stdout.close()
    journal = later(folder)
    kept = only(journal)
    journal.close()
    assert kept.subject == NEW
    assert len(kept.content["summary"]) >= max((count for at, count in seen if at <= end - 1), default=0)


def test_drafts_of_a_living_session_are_not_offered(folder: Path, journal: DraftJournal) -> None:
    pen = journal.begin(NEW)
    pen.keep({"summary": "VPN"})
    journal.flush()
    other = later(folder)
    assert other.left() == ()
    other.close()


def test_a_closed_form_is_offered_again_in_its_own_session_and_no_open_one(journal: DraftJournal) -> None:
    pen, open_one = journal.begin(NEW), journal.begin(NEW)
    pen.keep({"summary": "VPN"}, "VPN")
    open_one.keep({"summary": "printer"})
    assert journal.left() == ()
    pen.lay_down()
    kept = only(journal)
    assert (kept.title, kept.content, kept.saved_at) == ("VPN", {"summary": "VPN"}, CLOCK.now())


def test_a_draft_is_taken_up_once_and_goes_on(folder: Path) -> None:
    first = later(folder)
    first.begin(Subject("edit", "incident", "INC-1", base_version=3)).keep({"summary": "VPN"})
    first.close()
    second = later(folder)
    kept = only(second)
    pen = second.take_up(kept)
    assert second.left() == ()
    with pytest.raises(NotFound):
        second.take_up(kept)
    assert second.left() == (), "the vain attempt leaves nothing behind"
    pen.keep({"summary": "VPN gateway"})
    second.close()
    third = later(folder)
    assert only(third).content == {"summary": "VPN gateway"}
    assert only(third).subject.base_version == 3
    third.close()


def test_what_was_saved_or_emptied_is_gone(folder: Path, journal: DraftJournal) -> None:
    saved, emptied = journal.begin(NEW), journal.begin(NEW)
    for pen in (saved, emptied):
        pen.keep({"summary": "x"})
    journal.flush()
    assert len(list(folder.glob("*.draft"))) == 2
    saved.discard()
    emptied.keep({})
    journal.flush()
    assert list(folder.glob("*.draft")) == []


def test_a_discarded_draft_is_gone(journal: DraftJournal) -> None:
    pen = journal.begin(NEW)
    pen.keep({"summary": "x"})
    pen.lay_down()
    journal.discard(only(journal))
    assert journal.left() == ()


def test_nobody_else_reads_them(folder: Path, journal: DraftJournal) -> None:
    journal.begin(NEW).keep({"note": "the caller's own words"})
    journal.flush()
    modes = {path.suffix: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert modes == {".draft": 0o600, ".lock": 0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_full_disk_is_said_once_and_made_good_when_there_is_room(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    full, told = threading.Event(), threading.Event()
    full.set()
    fsync = os.fsync

    def no_room(handle: int) -> None:
        if full.is_set():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        fsync(handle)

    def hear(sentence: str) -> None:
        said.append(sentence)
        told.set()

    monkeypatch.setattr(os, "fsync", no_room)
    monkeypatch.setattr(drafts, "RETRY_SECONDS", 0.05)
    journal = DraftJournal(folder, CLOCK, on_fault=hear)
    pen = journal.begin(NEW)
    pen.keep({"summary": "VPN"})
    assert told.wait(5)
    assert "no space left on device" in said[0]
    assert "stays open" in said[0]
    assert list(folder.glob("*.part")) == [], "half a file is not left to fill the disk"
    pen.keep({"summary": "VPN gateway"})
    told.clear()
    full.clear()
    assert told.wait(5)
    assert said[1:] == [""]
    journal.close()
    again = later(folder)
    assert only(again).content == {"summary": "VPN gateway"}
    again.close()


def test_a_real_full_disk_keeps_what_was_there(folder: Path) -> None:
    """By a limit on file size, which the kernel enforces as it does a full disk."""
    script = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from deskterm.clock import FrozenClock; from deskterm.drafts import DraftJournal, Subject\n"
        "journal = DraftJournal(Path(sys.argv[1]), FrozenClock(0)); pen = journal.begin(Subject('new'))\n"
        "pen.keep({'a': 'first'}); journal.flush()\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))\n"
        "pen.keep({'a': 'second'}); journal.flush(); print(journal.fault)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(folder)], capture_output=True, text=True, cwd=ROOT, check=True)
    assert "cannot be kept as a draft" in done.stdout
    journal = later(folder)
    assert only(journal).content == {"a": "first"}
    journal.close()


def test_too_much_text_is_refused_in_words_and_what_was_kept_stays(journal: DraftJournal) -> None:
    pen = journal.begin(NEW)
    pen.keep({"a": "x"})
    journal.flush()
    pen.keep({"a": "x" * drafts.LARGEST})
    journal.flush()
    assert "too much text" in journal.fault
    pen.lay_down()
    assert only(journal).content == {"a": "x"}
    pen.keep({"a": "y"})
    journal.flush()
    assert journal.fault == ""


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"format": 99}', b"\xff\xfe", b'{"format": 1}', b"[" * 100_000])
def test_a_damaged_file_is_passed_over_and_left_where_it_is(folder: Path, journal: DraftJournal, damage: bytes) -> None:
    path = folder / "0123.0001.draft"
    path.write_bytes(damage)
    assert journal.left() == ()
    assert path.exists()


@pytest.mark.parametrize("payload", PAYLOADS, ids=str)
def test_any_text_comes_back_as_it_was(folder: Path, payload: str) -> None:
    first = later(folder)
    first.begin(NEW).keep({"summary": PAYLOADS[payload], "rest": [PAYLOADS[payload][:50]]}, PAYLOADS[payload])
    first.close()
    second = later(folder)
    assert only(second).content == {"summary": PAYLOADS[payload], "rest": [PAYLOADS[payload][:50]]}
    second.close()


def test_all_who_look_at_once_see_what_was_left(folder: Path) -> None:
    """A console's writer looks while it tidies up, and two consoles may start together: none of them is the session."""
    first = later(folder)
    first.begin(NEW).keep({"summary": "VPN"})
    first.close()
    seen: list[int] = []
    journals = [later(folder) for _ in range(4)]

    def look(journal: DraftJournal) -> None:
        seen.extend(len(journal.left()) for _ in range(100))

    threads = [threading.Thread(target=look, args=[journal]) for journal in journals]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for journal in journals:
        journal.close()
    assert seen == [1] * 400


def test_newest_first_and_the_oldest_of_far_too_many_go(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "MOST", 3)
    first = later(folder)
    for i in range(5):
        CLOCK.advance(1)
        first.begin(NEW).keep({"i": i})
        first.flush()
    first.close()
    second = later(folder)
    second.close()
    third = later(folder)
    assert [kept.content["i"] for kept in third.left()] == [4, 3, 2]
    third.close()


def test_locks_and_halves_of_ended_sessions_are_cleared_away(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "dead.lock").touch()
    (folder / "dead.0001.part").touch()
    journal = later(folder)
    journal.close()
    assert list(folder.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DraftLost) as refusal:
        DraftJournal(tmp_path / "file" / "drafts", CLOCK)
    assert "drafts cannot be kept in" in refusal.value.message


def test_each_desk_and_each_login_has_drafts_of_its_own(tmp_path: Path) -> None:
    environ = {drafts.STATE_VARIABLE: str(tmp_path)}
    folders = {folder_for(desk, login, environ) for desk in ("a.db", "b.db") for login in ("ada", "bob")}
    assert len(folders) == 4
    assert all(tmp_path in folder.parents for folder in folders)
    assert folder_for("a.db", "ada", environ) == folder_for("a.db", "ada", environ)


def test_a_draft_file_says_what_it_is(folder: Path, journal: DraftJournal) -> None:
    journal.begin(Subject("act", "incident", "INC-00001", "resolve", 4)).keep({"solution": {"text": "rebooted"}}, "t")
    journal.flush()
    shape = json.loads(next(folder.glob("*.draft")).read_text())
    assert shape["subject"] == {"form": "act", "kind": "incident", "number": "INC-00001", "action": "resolve", "base_version": 4}
