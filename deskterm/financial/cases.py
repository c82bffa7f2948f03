"""Business cases as they are read: what each comes to, its flows one by one, and the arithmetic behind every figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from data.queries import finance as q
from deskterm.explanations import Explained, Part
from deskterm.financial.amounts import amount, may_read, text
from deskterm.financial.assets import cents
from deskterm.financial.investment import npv
from deskterm.financial.rules import money
from deskterm.records import resolve

if TYPE_CHECKING:
    from deskterm.desk import Desk
    from deskterm.records.schema import RecordView

MOST_CASES = 200
"""Cases that the console lists, those that were changed last."""
PLACES = 6
"""Decimals of a factor of discount as it is shown."""


class CaseFlow(NamedTuple):
    """What one period brings."""

    period: int
    flow: Decimal
    balance: Decimal
    """All flows so far together, not discounted."""
    factor: Fraction
    """What one unit of money then is worth today."""
    today: Decimal
    """The flow, discounted."""
    worth: Decimal
    """All flows so far together, discounted."""


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A business case."""

    number: str
    name: str
    state: str
    about: str
    """Name of what it is about; empty where it says nothing."""
    currency: str
    rate: str
    step: str
    npv: Decimal | None
    irr: str
    """Empty where there is no single one: `irr_reason` says why."""
    irr_reason: str
    payback: str
    roi: str
    tco: Decimal | None
    decision: str
    flows: tuple[CaseFlow, ...]


def cases(desk: Desk) -> tuple[CaseLine, ...]:
    """Return the business cases that are not retired, those that were changed last first.

    Raises:
        NotAllowed: the person may not read what is spent.
    """
    may_read(desk)
    with desk.database.read() as connection:
        rows = connection.execute(q.CASES, {"limit": MOST_CASES}).all()
        names = resolve.names(connection, {row.about_id for row in rows if row.about_id is not None})
    return tuple(_line(row, names[row.about_id].title if row.about_id in names else "") for row in rows)


def _line(row: Any, about: str) -> CaseLine:
    return CaseLine(
        row.number, row.title, row.state, about, row.currency, row.rate, row.step, None if row.npv is None else cents(row.npv),
        row.irr or "", row.irr_reason or "", row.payback or "n/a", row.roi or "n/a", None if row.tco is None else cents(row.tco),
        row.decision or "", flows_of(row.flows, row.rate),
    )  # fmt: skip


def flows_of(flows: Sequence[str], percent: str) -> tuple[CaseFlow, ...]:
    """Return flows one by one, discounted by so many percent a period and not."""
    factor, growth = Fraction(1), 1 + Fraction(Decimal(percent)) / 100
    found, balance, worth = [], Decimal(0), Fraction(0)
    for period, said in enumerate(flows):
        flow = Decimal(said)
        today = Fraction(flow) * factor
        balance, worth = balance + flow, worth + today
        found.append(CaseFlow(period, flow, balance, factor, money(today), money(worth)))
        factor /= growth
    return tuple(found)


def worth(desk: Desk, view: RecordView) -> Explained:
    """Return the flows of a business case, discounted one by one, and how each of its figures follows from them."""
    values = view.values
    flows, step, currency = flows_of(values["flows"], values["rate"]), values["step"], values["currency"]
    rows = tuple(
        (str(one.period), amount(one.flow), amount(one.balance), f"{float(one.factor):.{PLACES}f}", amount(one.today),
         amount(one.worth))
        for one in flows
    )  # fmt: skip
    table = Part(
        f"{len(flows)} flows of money in {currency}, one a {step}, the first now; at {values['rate']} % a {step}",
        (step, "flow", "balance", "factor", "today", "worth"),
        rows,
        (0, 1, 2, 3, 4, 5),
    )
    none = "" if values.get("irr") else f"; no internal rate of return, {values.get('irr_reason')}"
    figures = Part(f"what they come to{none}", ("figure", "", "how"), _figures(values, flows), (1,))
    data = {
        "npv": text(cents(values["npv"])),
        "irr": values.get("irr"),
        "irr_reason": values.get("irr_reason"),
        "payback": values.get("payback"),
        "roi": values.get("roi"),
        "tco": text(cents(values["tco"])),
        "currency": currency,
        "rate": values["rate"],
        "period": step,
        "arithmetic": [{"figure": name, "value": value, "how": how} for name, value, how in figures.rows],
        "flows": [
            {"period": one.period, "flow": text(one.flow), "balance": text(one.balance),
             "factor": f"{float(one.factor):.{PLACES}f}", "discounted": text(one.today), "worth": text(one.worth)}
            for one in flows
        ],
    }  # fmt: skip
    return (figures, table), data


def _figures(values: Mapping[str, Any], flows: Sequence[CaseFlow]) -> tuple[tuple[str, str, str], ...]:
    """Return each figure with the arithmetic that leads to it."""
    spent = sum((-one.flow for one in flows if one.flow < 0), Decimal(0))
    gained = sum((one.flow for one in flows if one.flow > 0), Decimal(0))
    roi = f"({amount(gained)} - {amount(spent)}) / {amount(spent)}" if spent else "nothing is laid out"
    return (
        ("NPV", amount(cents(values["npv"])), "flow x factor, added up; factor 1/(1+rate)^n"),
        ("IRR", values.get("irr") or "n/a", _irr(values, flows)),
        ("payback", values["payback"], _payback(flows)),
        ("ROI", values["roi"], roi),
        ("TCO", amount(cents(values["tco"])), "all outlays, not discounted"),
    )


def _irr(values: Mapping[str, Any], flows: Sequence[CaseFlow]) -> str:
    """Say what the flows are worth at the internal rate: nothing, but for the decimals that it is told with."""
    if not values.get("irr"):
        return ""
    rate = Fraction(values["irr"].removesuffix("%").strip()) / 100
    left = npv([Fraction(one.flow) for one in flows], rate)
    return f"the rate at which they are worth 0 ({amount(money(left))})"


def _payback(flows: Sequence[CaseFlow]) -> str:
    """Say between which periods the balance comes up to 0 for the first time."""
    before = Decimal(0)
    for one in flows:
        if one.balance >= 0:
            if before >= 0:
                return f"nothing is owed in period {one.period}"
            return f"{one.period - 1} + {amount(-before)} / {amount(one.flow)}"
        before = one.balance
    return f"never: {amount(-before)} are missing at the end"
