"""How money fares: a budget that is overspent before all, then one that burns too fast, then what nobody bears."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from data.queries import finance as q
from deskterm.desk import Desk
from deskterm.errors import InvalidInput
from deskterm.financial import budgets, ledger
from deskterm.financial.months import month_of
from deskterm.health import Health, Word, Worst

NOWHERE = Fraction(1, 10)
"""More than this part of a spend that nobody bears wants an eye."""


def health(desk: Desk) -> Health:
    """Return the line of the money."""
    start, _ = month_of(desk.moment)
    with desk.database.read() as connection:
        any_cost = connection.execute(q.ANY_COST).first()
        rows = connection.execute(q.BUDGETS, {"start": desk.moment, "end": desk.moment + 1}).all()
        if any_cost is None and not rows:
            return Health(Word.QUIET, "no cost is recorded yet")
        try:
            found = ledger.reckon(connection, start, desk.moment + 1)
        except InvalidInput as problem:
            return Health(Word.TROUBLE, problem.message, None, "*", ("cost",))
        burning = budgets.burns(connection, rows, desk.moment)
    result = found.attribution
    lost = Fraction(result.unallocated) / Fraction(result.spend) if result.spend else Fraction(0)
    figure = f"{result.spend:,.0f} {found.spend.currency} this month, {float(lost) * 100:.0f} % unallocated"
    for word, verdict in (("overspent", Word.TROUBLE), ("fast", Word.WATCH), ("unknown", Word.WATCH)):
        some = [one for one in burning if one.word == word]
        if some:
            worst = max(some, key=lambda one: one.used or Fraction(0))
            why = worst.why or f"{float(worst.used or 0) * 100:.0f} % used, {float(worst.elapsed) * 100:.0f} % of its time"
            said = {"overspent": "overspent", "fast": "burning fast", "unknown": "without a rate"}[word]
            return Health(
                verdict, f"{figure}, {_count(len(some))} {said}", Worst(worst.number, worst.name, why), "*", ("budget",)
            )
    if lost > NOWHERE and result.spend > Decimal(0):
        line = max(result.unallocated_lines or result.idle_lines, key=lambda one: abs(one.amount))
        return Health(Word.WATCH, figure, Worst(line.source, line.title, line.why), "*", ("allocation-rule",))
    return Health(Word.WELL, figure, None, "*", ("budget",))


def _count(number: int) -> str:
    return "1 budget" if number == 1 else f"{number} budgets"
