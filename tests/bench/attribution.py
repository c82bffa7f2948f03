"""How long it takes to attribute a period's costs, and how that grows: 1,000, 10,000 and 100,000 cost lines.

The desk has 300 services, 5,000 CIs that serve them, 40 cost centres that pass their costs on, some to each other.
Run alone: `python -m tests.bench attribution`.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from deskterm.financial.attribution import Facts, Item, attribute
from deskterm.financial.months import Segments, month_named
from deskterm.financial.rule_book import Book, Revision
from deskterm.financial.serving import Serving
from tests.bench.measure import Line
from tests.financial.test_attribution import Served

PROMISED_SECONDS = 5.0
GROWTH = 13.0
"""Sorting lines adds a little to ten times as much work."""
SIZES = (1_000, 10_000, 100_000)
START, END = month_named("2026-11")
SERVICES, CIS, CENTRES = range(1, 301), range(1_000, 6_000), range(10_000, 10_040)


def world(dice: random.Random) -> Facts:
    """Return the facts of the desk."""
    served = [Served(ci, dice.choice(SERVICES), START - 10, END * 2) for ci in CIS for _ in range(dice.randint(1, 3))]
    names = {key: (f"N-{key}", f"name {key}") for key in (*SERVICES, *CIS, *CENTRES)}
    book = Book()
    for centre in CENTRES:
        targets = {f"N-{dice.choice(SERVICES)}": str(dice.randint(1, 9)) for _ in range(12)}
        if centre % 3 == 0:
            targets[f"N-{dice.choice(CENTRES)}"] = "2"
        targets.pop(f"N-{centre}", None)
        half = START + (END - START) // 2
        book.by_source[centre] += [
            Revision(centre + 50_000, 1, 0, half, centre, "fixed", targets, None, None, 1),
            Revision(centre + 50_000, 2, half, None, centre, "fixed", targets, None, None, 1),
        ]
    cut = Segments.of(START, END, book.boundaries())
    ids = {number: key for key, (number, _) in names.items()}
    return Facts(book, Serving(served, SERVICES), names, frozenset(SERVICES), ids, cut.starts, cut.place, lambda driver, at: {})


def items(count: int, dice: random.Random) -> list[Item]:
    """Return costs: half on CIs, a third on services, the rest on cost centres."""
    found = []
    for place in range(count):
        target = dice.choices(("ci", "service", "centre"), (3, 2, 1))[0]
        key = dice.choice({"ci": CIS, "service": SERVICES, "centre": CENTRES}[target])
        at = START + dice.randrange(END - START)
        amount = Fraction(dice.randint(-5_000, 500_000), 100)
        borne_by: dict[str, Any] = {target: key}
        found.append(Item(f"COST-{place:05d}", "x", at, amount, "people", "cost", **borne_by))
    return found


def measure(count: int) -> float:
    """Return the seconds that it takes, and check that it adds up."""
    dice = random.Random(count)
    facts, lines = world(dice), items(count, dice)
    began = time.process_time()
    found = attribute(lines, facts)
    seconds = time.process_time() - began
    assert found.attributed + found.unallocated == found.spend
    assert sum((row.total for row in found.rows), Decimal(0)) == found.attributed
    return seconds


def run() -> Iterator[Line]:
    """Yield the lines of this benchmark."""
    seconds = {count: measure(count) for count in SIZES}
    detail = ", ".join(f"{count:,}: {one:.2f} s" for count, one in seconds.items())
    yield Line(f"attribute {SIZES[-1]:,} cost lines", seconds[SIZES[-1]], PROMISED_SECONDS, "s", detail)
    growth = seconds[SIZES[-1]] / seconds[SIZES[-2]]
    yield Line("ten times the cost lines, so many times as long", growth, GROWTH)
