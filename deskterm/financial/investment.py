"""Whether an investment is worth it: net present value, internal rate of return, payback, return. Pure.

Cash flows stand at the ends of equal periods, the first at period 0, now; outlays are negative. `NPV = Σ flow(i) / (1 + rate)^i`.
The internal rate is one at which the NPV is 0; there may be none or several, and then none is told. How many there are is
counted exactly, by Sturm's theorem on the polynomial in `x = 1 / (1 + rate)`, so no second root goes unnoticed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import gcd, lcm

from deskterm.errors import InvalidInput

MOST_FLOWS = 400
"""More than thirty years of months."""
MOST_COUNTED = 150
"""Flows of several changes of sign whose rates are counted: the work grows steeply, at this length it takes a second or three."""
HALVINGS = 120

Polynomial = list[int]
"""Coefficients, that of the highest power last and not 0; empty for 0."""


@dataclass(frozen=True, slots=True)
class Appraisal:
    """What an investment comes to."""

    npv: Fraction
    """In the currency of the flows, exactly."""
    irr: float | None
    """A period, such as 0.08; None where there is none or no single one."""
    irr_reason: str | None
    """Why there is no internal rate."""
    payback: Fraction | None
    """Periods until the flows have paid themselves back, undiscounted, evenly within a period; None if they never do."""
    roi: Fraction | None
    """(gain - cost) / cost, undiscounted; None without a cost."""


def appraise(flows: Sequence[Decimal], rate: Fraction) -> Appraisal:
    """Appraise an investment.

    Args:
        flows: one for each period, the first now.
        rate: the discount rate of a period, more than -1.

    Raises:
        InvalidInput: there is no flow, there are too many, or the rate loses all and more.
    """
    if not 1 <= len(flows) <= MOST_FLOWS:
        raise InvalidInput(f"flows must be from 1 to {MOST_FLOWS}", fields={"flows": f"must be from 1 to {MOST_FLOWS}"})
    if rate <= -1:
        raise InvalidInput("rate must be more than -1", fields={"rate": "must be more than -1"})
    exact = [Fraction(flow) for flow in flows]
    irr, reason = _irr(exact)
    cost = -sum((flow for flow in exact if flow < 0), Fraction(0))
    return Appraisal(npv(exact, rate), irr, reason, payback(exact), sum(exact, Fraction(0)) / cost if cost else None)


def npv(flows: Sequence[Fraction], rate: Fraction) -> Fraction:
    """Return the net present value, exactly; period 0 is not discounted."""
    growth = 1 + rate
    total = Fraction(0)
    for flow in reversed(flows):
        total = total / growth + flow
    return total


def payback(flows: Sequence[Fraction]) -> Fraction | None:
    """Return after how many periods the flows add up to 0 for the first time, or None."""
    balance = Fraction(0)
    for period, flow in enumerate(flows):
        if balance + flow >= 0:
            return period - 1 + -balance / flow if balance < 0 else Fraction(period)
        balance += flow
    return None


def _irr(flows: Sequence[Fraction]) -> tuple[float | None, str | None]:
    signs = [flow > 0 for flow in flows if flow]
    if len(set(signs)) < 2:
        return None, "none: the flows never change sign, so no rate makes them worth 0"
    scale = lcm(*(flow.denominator for flow in flows))
    whole = _trimmed([int(flow * scale) for flow in flows])
    while not whole[0]:  # a root at x = 0 is no rate
        whole = whole[1:]
    if _changes(whole) == 1:  # Descartes: one change of sign is one root, and a simple one
        return _rate_of(whole), None
    if len(whole) > MOST_COUNTED:
        return (
            None,
            f"not counted: {_changes(whole)} changes of sign in {len(whole)} flows, of which {MOST_COUNTED} can be searched",
        )
    chain = _sturm_chain(whole)
    # Sturm: distinct positive roots are the changes of sign at 0 less those at infinity.
    count = _changes([one[0] for one in chain]) - _changes([one[-1] for one in chain])
    if count == 0:
        return None, "none: no rate makes these flows worth 0"
    if count > 1:
        return None, f"several: {count} rates make these flows worth 0"
    return _rate_of(_quotient(whole, chain[-1])), None


def _rate_of(simple: Polynomial) -> float:
    """Return the rate of the one positive root of a polynomial without repeated roots, by bisection over exact fractions."""
    low, high = Fraction(0), Fraction(1)
    rising = simple[-1] > 0
    while (_sign(simple, high) > 0) is not rising and _sign(simple, high):
        low, high = high, high * 2
    if not _sign(simple, high):
        return float(1 / high - 1)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        sign = _sign(simple, middle)
        if sign == 0:
            low = high = middle
            break
        if (sign > 0) is rising:
            high = middle
        else:
            low = middle
    return float(2 / (low + high) - 1)


def _sign(polynomial: Polynomial, at: Fraction) -> int:
    """Return the sign of a polynomial at a fraction, in whole numbers: the denominator is positive and drops out."""
    top, bottom = at.numerator, at.denominator
    total, power = 0, 1
    for coefficient in reversed(polynomial):
        total = total * top + coefficient * power
        power *= bottom
    return (total > 0) - (total < 0)


def _sturm_chain(polynomial: Polynomial) -> list[Polynomial]:
    """Return the polynomial, its derivative and the negated remainders; the last is their greatest common divisor.

    But for positive factors: the subresultant sequence (Brown and Traub, 1971) divides each remainder by what is known to
    divide it, so the figures stay as short as they can without a search for common divisors.
    """
    chain = [polynomial, [power * coefficient for power, coefficient in enumerate(polynomial)][1:]]
    head, height = 1, 1
    while len(chain[-1]) > 1:
        drop = len(chain[-2]) - len(chain[-1])
        known = head * height**drop
        rest = [-value // known for value in _remainder(chain[-2], chain[-1], drop + 1)]
        if not rest:
            break
        head = abs(chain[-1][-1])
        height = head**drop // height ** (drop - 1) if drop else height
        chain.append(rest)
    return chain


def _remainder(dividend: Polynomial, divisor: Polynomial, steps: int) -> Polynomial:
    """Return the remainder of a division times a positive factor that keeps it whole: |head of the divisor| ** steps."""
    rest, head, sign = list(dividend), abs(divisor[-1]), 1 if divisor[-1] > 0 else -1
    for offset in range(steps - 1, -1, -1):
        factor = sign * rest.pop()
        rest = [value * head for value in rest]
        for place, value in enumerate(divisor[:-1]):
            rest[offset + place] -= factor * value
    return _trimmed(rest)


def _quotient(dividend: Polynomial, divisor: Polynomial) -> Polynomial:
    """Return a division that leaves nothing, but for a factor."""
    rest = [Fraction(value) for value in dividend]
    found: list[Fraction] = []
    for offset in range(len(dividend) - len(divisor), -1, -1):
        factor = rest[offset + len(divisor) - 1] / divisor[-1]
        found.append(factor)
        for place, value in enumerate(divisor):
            rest[offset + place] -= factor * value
    scale = lcm(*(value.denominator for value in found))
    return _primitive([int(value * scale) for value in reversed(found)])


def _primitive(polynomial: Polynomial) -> Polynomial:
    common = gcd(*polynomial)
    return [value // common for value in polynomial] if common > 1 else polynomial


def _trimmed(polynomial: Polynomial) -> Polynomial:
    end = len(polynomial)
    while end and not polynomial[end - 1]:
        end -= 1
    return polynomial[:end]


def _changes(values: Sequence[int]) -> int:
    signs = [value > 0 for value in values if value]
    return sum(one is not other for one, other in pairwise(signs))
