"""What a list has read and asks for."""

from __future__ import annotations

from widgets.page_cache import PageCache
from widgets.page_reading import Reading, Taken


def page(number: int, size: int = 10, first: int = 0) -> list[int]:
    return [first + number * size + offset for offset in range(size)]


def reading(capacity: int = 8) -> Reading[int]:
    return Reading(10, capacity, str)


def test_the_least_recently_used_page_goes() -> None:
    cache: PageCache[int] = PageCache(10, 2, str)
    cache.put(0, page(0))
    cache.put(1, page(1))
    assert cache.get(5) == 5
    cache.put(2, page(2))
    assert cache.get(15) is None
    assert cache.find("15") is None
    assert cache.find("5") == 5
    assert (cache.edge(2, 0), cache.edge(2, -1), cache.edge(7, 0)) == (20, 29, None)


def test_what_is_asked_is_not_asked_twice_and_what_is_seen_comes_first() -> None:
    read = reading()
    assert read.want(read.pages_of(range(0)), []) == [0]
    assert read.want([0], []) == []
    assert read.take(100, 0, page(0), read.generation) is Taken.KEPT
    assert read.want([2], [1, 2, 3]) == [2, 1, 3]


def test_what_went_out_of_sight_is_asked_again_when_it_is_back() -> None:
    read = reading()
    read.take(100, 0, page(0), None)
    assert read.want([5], []) == [5]
    assert read.want([9], []) == [9]
    assert read.want([5], []) == [5]


def test_a_refresh_is_shown_when_all_of_it_is_there() -> None:
    read = reading()
    for number in (0, 1):
        read.take(30, number, page(number), None)
    read.refresh()
    assert read.want([0, 1], [2]) == [0, 1]
    assert read.take(31, 0, page(0, first=-1), read.generation) is Taken.HELD
    assert read.pages.get(0) == 0
    assert read.take(31, 1, page(1, first=-1), read.generation) is Taken.SWAPPED
    assert read.pages.get(0) == -1
    assert (read.total, read.refreshing) == (31, False)


def test_answers_to_an_older_question_are_dropped() -> None:
    read = reading()
    old = read.generation
    read.reset()
    assert read.take(5, 0, page(0), old) is Taken.LATE
    assert read.total is None


def test_a_second_refresh_waits_for_the_first() -> None:
    read = reading()
    read.take(10, 0, page(0), None)
    assert read.refresh()
    read.want([0], [])
    assert not read.refresh()
    assert read.take(10, 0, page(0), read.generation) is Taken.SWAPPED
    assert read.again()
    assert not read.again()


def test_a_change_of_length_is_noticed() -> None:
    read = reading()
    read.take(100, 0, page(0), None)
    assert read.take(101, 3, page(3), None) is Taken.DRIFTED


def test_a_page_given_up_ends_the_refresh_and_keeps_what_is_shown() -> None:
    read = reading()
    read.take(10, 0, page(0), None)
    read.refresh()
    read.want([0], [])
    assert read.give_up(0, read.generation) is Taken.HELD
    assert not read.refreshing
    assert read.pages.get(3) == 3


def test_an_empty_list_is_read_again_and_may_have_filled() -> None:
    read = reading()
    read.want(read.pages_of(range(10)), [])
    read.take(0, 0, [], None)
    assert read.want(read.pages_of(range(10)), []) == [], "once is enough"
    assert read.refresh()
    assert read.want(read.pages_of(range(10)), []) == [0]
    assert read.take(1, 0, [7], read.generation) is Taken.SWAPPED
    assert read.total == 1
