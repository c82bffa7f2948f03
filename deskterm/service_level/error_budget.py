"""Error budgets: how much may go wrong, what is left of it, how fast it burns, and whether few records say anything at all."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction

from deskterm.errors import InvalidInput

UNLIKELY = 0.01
"""What would come by chance more rarely than this did not come by chance."""


class Fate(IntEnum):
    """What has become of an agreed share, the worse the higher."""

    UNJUDGED = 0
    KEPT = 1
    SHORT = 2
    """More were late than may be; with so few records, chance would do."""
    MISSED = 3
    """More were late than chance would make late if the agreed share were kept."""


def fate_of(objective: float, met: int, missed: int) -> Fate:
    """Return what has become of an agreed share of records, 0 to 1.

    A record is late or it is not: where a part of one may be late, one may. `MISSED` is the one-sided exact binomial test at
    `UNLIKELY`, so that one late record of two does not look like a broken promise.
    """
    judged = met + missed
    if not judged:
        return Fate.UNJUDGED
    allowed = 1 - Fraction(str(objective))
    if missed <= math.ceil(allowed * judged):
        return Fate.KEPT
    return Fate.MISSED if at_least(missed, judged, float(allowed)) < UNLIKELY else Fate.SHORT


def at_least(least: int, of: int, chance: float) -> float:
    """Return how likely `least` or more of so many are hit, each with a chance of its own; exact but for rounding.

    `least` must lie above the mean, so that the terms of the sum fall, and adding them up may end once they say nothing more.
    """
    if chance <= 0:
        return 0.0
    term = math.exp(
        math.lgamma(of + 1) - math.lgamma(least + 1) - math.lgamma(of - least + 1)
        + least * math.log(chance) + (of - least) * math.log1p(-chance)
    ) if chance < 1 else 1.0  # fmt: skip
    total, place = term, least
    while place < of and term > total * 1e-12:
        term *= (of - place) / (place + 1) * chance / (1 - chance)
        place += 1
        total += term
    return min(1.0, total)


@dataclass(frozen=True, slots=True)
class Budget:
    """An error budget at an instant."""

    budget_seconds: float
    """What may go wrong over the whole period."""
    remaining_ratio: float | None
    """What is left, as a part of the budget; negative when overspent, None where there is no budget."""
    burn_rate: float | None
    """How fast it is spent: 1 uses up the budget exactly at the end of the period. None where there is nothing to
    measure by: no budget, or no time passed."""


def burn(objective: float, period_seconds: int, bad_seconds: float, elapsed_seconds: int | None = None) -> Budget:
    """Work out an error budget.

    With the error rate allowed `e = 1 - objective`: budget = e · period; remaining = 1 - bad / budget;
    burn rate = (bad / elapsed) / e. (Google, *The Site Reliability Workbook*, chapter 5.) The arithmetic is exact on
    the decimal that was written: 0.999 leaves one thousandth, not 0.00100000000000000089.

    Args:
        objective: the agreed share of good time, 0 to 1.
        period_seconds: the length of the period that the objective is agreed for.
        bad_seconds: time that did not meet it so far.
        elapsed_seconds: how much of the period has passed; the whole of it unless given.

    Raises:
        InvalidInput: a figure is out of its range.
    """
    elapsed_seconds = period_seconds if elapsed_seconds is None else elapsed_seconds
    _check(
        objective=(0 <= objective <= 1, "must be from 0 to 1, such as 0.999"),
        period_seconds=(period_seconds > 0, "must be more than 0"),
        elapsed_seconds=(0 <= elapsed_seconds <= period_seconds, "must be from 0 to the period"),
        bad_seconds=(0 <= bad_seconds <= elapsed_seconds, "must be from 0 to the time that has passed"),
    )
    allowed, bad = 1 - Fraction(str(objective)), Fraction(str(bad_seconds))
    budget = allowed * period_seconds
    return Budget(
        budget_seconds=float(budget),
        remaining_ratio=float(1 - bad / budget) if budget else None,
        burn_rate=float(bad / elapsed_seconds / allowed) if budget and elapsed_seconds else None,
    )


def _check(**rules: tuple[bool, str]) -> None:
    broken = {name: rule for name, (kept, rule) in rules.items() if not kept}
    for name, rule in broken.items():
        raise InvalidInput(f"{name} {rule}", fields=broken)
