"""Error budgets of availability objectives: how much may go wrong, what is left of it, how fast it burns."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from deskterm.errors import InvalidInput


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
