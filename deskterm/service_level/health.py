"""How service levels fare: the agreement that is furthest from what was agreed, and what the improvement programme owes."""

from __future__ import annotations

from dataclasses import replace

from deskterm.desk import Desk
from deskterm.health import Health, Word, Worst, amount
from deskterm.service_level.attainment import CLOCKS, DAYS, AgreementHealth, agreements, share
from deskterm.service_level.board import work_kinds
from deskterm.service_level.error_budget import Fate, fate_of
from deskterm.service_level.programme import KINDS, OVERDUE, overdue

LOW = 0.8
"""With a smaller share in time than this, an agreement whose targets name no objective is in trouble."""
FAIR = 0.95
"""With a smaller one than this it is watched."""


def health(desk: Desk) -> Health:
    """Return the line of the service levels."""
    line, late = _agreements(desk), overdue(desk)
    if not late.count:
        return line
    figure = f"{line.figure}; {amount(late.count, 'improvement')} overdue"
    if line.word in (Word.WATCH, Word.TROUBLE):
        return replace(line, figure=figure)
    return Health(Word.WATCH, figure, Worst(late.number, late.title, "overdue"), OVERDUE, KINDS)


def _agreements(desk: Desk) -> Health:
    found = agreements(desk)
    if not found:
        return Health(Word.QUIET, "no agreement is in force; make one under administration")
    judged = [one for one in found if one.unit == CLOCKS]
    met, missed = (sum(sum(getattr(one.days, side)) for one in judged) for side in ("met", "missed"))
    percent = share(met, missed)
    if percent is None:
        return Health(Word.QUIET, f"nothing was judged in {DAYS} days")
    today = share(*(sum(getattr(one.days, side)[-1] for one in judged) for side in ("met", "missed")))
    said = f"{show(today)} in time today, {show(percent)} in {DAYS} days"
    word, worst = max(((verdict(one), one) for one in found), key=lambda pair: (_RANK[pair[0]], -(pair[1].days.period or 100.0)))
    why = f"{show(worst.days.period)} in {DAYS} days" + (f", {show(worst.objective)} agreed" if worst.objective else "")
    named = Worst(worst.number, worst.name, why) if word in (Word.WATCH, Word.TROUBLE) else None
    return Health(word, said, named, "state:open breached", work_kinds(desk))


_RANK = {Word.QUIET: 0, Word.WELL: 1, Word.WATCH: 2, Word.TROUBLE: 3}


def verdict(one: AgreementHealth) -> Word:
    """Judge one agreement: by what has become of the shares that its targets name, else by the share in time of all."""
    if one.days.period is None:
        return Word.QUIET
    fate, today = one.fate, one.today
    if one.objective is None:
        met, missed = sum(one.days.met), sum(one.days.missed)
        low, fair = fate_of(LOW, met, missed), fate_of(FAIR, met, missed)
        fate = low if low is Fate.MISSED else min(fair, Fate.SHORT)
    if fate is Fate.MISSED:
        return Word.TROUBLE
    return Word.WATCH if max(fate, today) >= Fate.SHORT else Word.WELL


def show(percent: float | None) -> str:
    """Return `97.5 %`; cut, not rounded, so that only what is whole is called 100 %; n/a where nothing was judged."""
    if percent is None:
        return "n/a"
    tenths = int(percent * 10)
    return f"{tenths // 10} %" if tenths % 10 == 0 else f"{tenths / 10:.1f} %"
