"""How money fares: a budget that is overspent before all, then one that burns too fast, then what nobody bears."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from data.queries import finance as q
from deskterm.desk import Desk
from deskterm.errors import InvalidInput
from deskterm.financial import budgets, ledger
from deskterm.financial.months import month_of
from deskterm.health import Health, Word, Worst, amount

FAR_BEYOND = Fraction(11, 10)
"""A budget of which more than this part is used is in trouble: what is overspent by less is settled by a word."""
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
    for word, said in (("overspent", "overspent"), ("fast", "burning fast"), ("unknown", "without a rate")):
        some = [one for one in burning if one.word == word]
        if some:
            worst = max(some, key=lambda one: one.used or Fraction(0))
            why = worst.why or f"{float(worst.used or 0) * 100:.0f} % used, {float(worst.elapsed) * 100:.0f} % of its time"
            told = f"{figure}, {amount(len(some), 'budget')} {said}"
            verdict = Word.TROUBLE if (worst.used or 0) > FAR_BEYOND else Word.WATCH
            return Health(verdict, told, Worst(worst.number, worst.name, why), "*", ("budget",))
    if lost > NOWHERE and result.spend > Decimal(0):
        line = max(result.unallocated_lines or result.idle_lines, key=lambda one: abs(one.amount))
        return Health(Word.WATCH, figure, Worst(line.source, line.title, line.why), "*", ("allocation-rule",))
    return Health(Word.WELL, figure, None, "*", ("budget",))
