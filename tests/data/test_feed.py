"""The change feed misses nothing and repeats nothing, whatever the order in which writers commit."""

from __future__ import annotations

import threading

import pytest

from data import feed
from deskterm.desk import Desk
from tests.desks import Cast


def _since(desk: Desk, cursor: str) -> tuple[list[int], str]:
    changes = desk.changes(cursor)
    return [change.record_id for change in changes.items], changes.cursor


def test_each_change_is_seen_once(any_cast: Cast) -> None:
    desk = any_cast.ada
    cursor = desk.position()
    assert _since(desk, cursor)[0] == []
    numbers = [any_cast.incident() for _ in range(3)]
    ids = [desk.show(number).id for number in numbers]
    seen, cursor = _since(desk, cursor)
    assert seen == ids
    assert _since(desk, cursor)[0] == []
    desk.note(numbers[1], "hello")
    assert _since(desk, cursor)[0] == [ids[1]]


def test_a_slow_writer_that_began_first_is_not_missed(postgres_cast: Cast) -> None:
    """Numbers are drawn before commits: reading by number alone would pass over the slow writer for ever."""
    desk = postgres_cast.ada
    slow, fast = postgres_cast.incident(), postgres_cast.incident()
    ids = {number: desk.show(number).id for number in (slow, fast)}
    cursor = desk.position()
    written, go_on = threading.Event(), threading.Event()

    def write_slowly() -> None:
        from deskterm.records import writing

        with desk.unit("slow") as unit:
            writing.note(unit, writing.fetch(unit, slow), "began first")
            unit.flush()
            written.set()
            assert go_on.wait(20)

    writer = threading.Thread(target=write_slowly)
    writer.start()
    assert written.wait(20)
    postgres_cast.as_("bob").note(fast, "committed first")
    seen, cursor = _since(desk, cursor)
    assert seen == [ids[fast]]
    go_on.set()
    writer.join(20)
    seen, cursor = _since(desk, cursor)
    assert seen == [ids[slow]]
    assert _since(desk, cursor)[0] == []


@pytest.mark.parametrize("writers", [6])
def test_many_writers_and_a_reader_agree_in_the_end(any_cast: Cast, writers: int) -> None:
    desk = any_cast.ada
    numbers = [any_cast.incident() for _ in range(writers)]
    cursor = desk.position()
    before = {number: len(desk.show(number).journal) for number in numbers}

    def work(number: str) -> None:
        bob = any_cast.as_("bob")
        for i in range(15):
            bob.note(number, f"note {i}")

    threads = [threading.Thread(target=work, args=(number,)) for number in numbers]
    for thread in threads:
        thread.start()
    newest: dict[int, int] = {}
    while any(thread.is_alive() for thread in threads):
        changes = desk.changes(cursor)
        cursor = changes.cursor
        for change in changes.items:
            assert change.seq > newest.get(change.record_id, 0), "a change came twice"
            newest[change.record_id] = change.seq
    for change in desk.changes(cursor).items:
        newest[change.record_id] = change.seq
    for number in numbers:
        view = desk.show(number)
        assert len(view.journal) == before[number] + 15
        assert newest[view.id] == view.journal[-1].seq


def test_too_much_at_once_says_so(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    cursor = cast.ada.position()
    for _ in range(4):
        cast.incident()
    monkeypatch.setattr(feed, "LIMIT", 3)
    changes = cast.ada.changes(cursor)
    assert changes.overflow
    assert len(changes.items) == 3
