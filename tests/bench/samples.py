"""Samples: ten millions summed up, and one new hour on top of one, ten and a hundred times the history."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import insert

from data.tables import capacity as t
from deskterm.capacity import rolling, samples
from deskterm.records import writing
from deskterm.records.unit import Unit
from tests.bench.measure import Line, medians, milliseconds
from tests.desks import MONDAY, Cast, cast_on

SAMPLES = 10_000_000
RESOURCES = 100
STEP_SECONDS = 60
"""A sample a minute of each: 69 days."""
BAR_SECONDS = 60
HISTORIES = (10_000, 100_000, 1_000_000)
"""Samples of one resource before the new hour."""
GROWTH_BAR = 1.5
AT_ONCE = 200_000
HOUR = 3_600


def run() -> Iterator[Line]:
    """Yield the lines of this benchmark."""
    with TemporaryDirectory() as folder, cast_on(str(Path(folder) / "desk.db"), agreements=False) as cast:
        _filled(cast)
        start = time.perf_counter()
        hours = _rolled(cast)
        seconds = time.perf_counter() - start
        rate = f"{hours:,} hours and their days, {SAMPLES / seconds / 1e6:.2f} million samples a second"
        yield Line(f"{SAMPLES:,} samples summed up", seconds, BAR_SECONDS, "s", rate)
    yield from _growth()


def _filled(cast: Cast) -> None:
    """Fill the table of samples as imports leave it, every hour still to be summed up."""
    each = SAMPLES // RESOURCES
    first = MONDAY - MONDAY % HOUR - each * STEP_SECONDS
    with cast.ada.unit("bench") as unit:
        for place in range(RESOURCES):
            number = _resource(unit, place)
            for start in range(0, each, AT_ONCE):
                rows = [
                    {"resource_id": number, "at": first + i * STEP_SECONDS, "value": float(i * 7919 % 1000)}
                    for i in range(start, min(start + AT_ONCE, each))
                ]
                unit.connection.execute(insert(t.sample), rows)
            hours = range(first - first % HOUR, first + each * STEP_SECONDS, HOUR)
            unit.connection.execute(insert(t.sample_dirty), [{"resource_id": number, "at": at, "marks": 1} for at in hours])


def _resource(unit: Unit, place: int) -> int:
    values = {"name": f"disk {place}", "metric": "disk", "capacity": 1000}
    return writing.create(unit, unit.registry.kind("resource"), values).id


def _rolled(cast: Cast) -> int:
    """Sum up what is marked, in transactions as the job does; return how many hours that were."""
    count = 0
    while True:
        with cast.ada.unit("bench") as unit:
            done = rolling.roll_some(unit.connection)
        count += done
        if done < rolling.AT_ONCE:
            return count


def _growth() -> Iterator[Line]:
    """Add an hour of samples to histories of three lengths, in turns, and compare what summing it up costs."""
    with TemporaryDirectory() as folder, cast_on(str(Path(folder) / "desk.db"), agreements=False) as cast:
        keys = []
        with cast.ada.unit("bench") as unit:
            for place, size in enumerate(HISTORIES):
                key = _resource(unit, place)
                first = MONDAY - MONDAY % HOUR - size * STEP_SECONDS
                for start in range(0, size, AT_ONCE):
                    some = [(first + i * STEP_SECONDS, float(i % 97)) for i in range(start, min(start + AT_ONCE, size))]
                    samples.put(unit.connection, key, some)
                keys.append(key)
        _rolled(cast)
        turns = [iter(range(10_000)) for _ in keys]
        seconds = medians(*(_new_hour(cast, key, turn) for key, turn in zip(keys, turns, strict=True)), rounds=40)
    told = ", ".join(f"{size:,}: {milliseconds(one)}" for size, one in zip(HISTORIES, seconds, strict=True))
    yield Line("one new hour on 10 x the history", seconds[1] / seconds[0], GROWTH_BAR, "x", told)
    yield Line("one new hour on 100 x the history", seconds[2] / seconds[0], GROWTH_BAR, "x", told)


def _new_hour(cast: Cast, key: int, turn: Iterable[int]) -> Callable[[], None]:
    """Return what tells an hour of samples and sums it up; each call takes the next hour of the same day's history."""
    steps = iter(turn)

    def tell() -> None:
        place = next(steps)
        at = MONDAY - MONDAY % HOUR + place % 12 * HOUR
        with cast.ada.unit("bench") as unit:
            samples.put(unit.connection, key, [(at + i * STEP_SECONDS, float(place + i)) for i in range(60)])
            rolling.roll_some(unit.connection)

    return tell
