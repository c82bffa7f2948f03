"""What the desk looks up while an agent types: the caller, a reference, what resembles it. It must keep up with the keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from deskterm.service_desk import callers, lookup, similar
from deskterm.service_desk.schema import Likeness
from tests.bench.generate import desk_with
from tests.bench.measure import Line, medians
from tests.bench.queue_page import _desk

BAR_MS = 120.0
"""A key is pressed every fifty milliseconds, and what is looked up waits for a pause of twice that: slower than this is felt."""
SUMMARY = "printer jams, screen blank and the network is slow "


def run() -> Iterator[Line]:
    """Yield the lines of this benchmark."""
    desk = _desk(desk_with(1_000_000, 20))
    calls: dict[str, Callable[[], object]] = {
        "a caller by name": partial(callers.callers, desk, "maria"),
        "a caller by one digit": partial(callers.callers, desk, "1"),
        "an incident by a word": partial(lookup.options, desk, ["incident"], "printer"),
        "similar open work, one word being typed": partial(similar.open_work, desk, Likeness("pri")),
        "similar open work, a whole summary": partial(similar.open_work, desk, Likeness(SUMMARY, ci="vpn-gw-1")),
        "articles for a whole summary": partial(similar.articles, desk, Likeness(SUMMARY)),
    }
    for name, seconds in zip(calls, medians(*calls.values(), rounds=30), strict=True):
        yield Line(f"{name}, 1,000,000 tickets", seconds * 1000, BAR_MS, "ms")
