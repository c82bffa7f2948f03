"""`deskterm import focus`: a bill of cloud or software services in the FOCUS format (FinOps Open Cost and Usage).

Each row is kept to its last decimal; rows of one account, service, sort and month are one cost, which is spread over its month,
or over what it was paid for where that is longer. See `docs/import-focus.md`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from data.queries import finance as q
from deskterm import desk_settings
from deskterm.clock import parse_instant
from deskterm.csv_cells import unguard
from deskterm.errors import InvalidInput
from deskterm.exchange.bulk import NewRecords, fresh_draft
from deskterm.exchange.csv_lines import CsvTable
from deskterm.exchange.faults import brief
from deskterm.exchange.focus_mapping import FocusRules, Targets
from deskterm.exchange.importing import ImportResult, Job
from deskterm.exchange.mapping import rules_of
from deskterm.financial.months import month_of
from deskterm.financial.rules import money
from deskterm.records import store

NOTHING = frozenset({"", "null", "none", "n/a"})
NEEDED = ("ChargePeriodStart", "ChargePeriodEnd", "ChargeCategory")
MOST_DECIMALS = 30
CHUNK = 400
_CODE = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class Charge:
    """One row of a bill."""

    line: int
    key: str
    group: str
    """By which the cost that it belongs to is known."""
    cost: Decimal
    billed: Decimal
    effective: Decimal | None
    currency: str
    on: int
    until: int
    start: int
    end: int
    values: Mapping[str, str]


@dataclass(slots=True)
class Group:
    """Rows that are one cost."""

    charges: list[Charge] = field(default_factory=list)


def load(job: Job) -> ImportResult:
    """Load a bill; the same rows again change nothing."""
    kind = job.unit.registry.kind("cost")
    job.require(kind)
    rules = rules_of(FocusRules, job.mapping)
    targets = Targets(job.unit, rules)
    currency = rules.currency or desk_settings.load(job.unit.connection).currency
    reader = Reader(job, rules, targets, currency)
    groups: dict[str, Group] = defaultdict(Group)
    for charge in reader.charges():
        groups[charge.group].charges.append(charge)
    if job.faults and not job.skip_bad:
        job.refuse()
    return Writer(job, rules, targets).write(groups, reader.skipped)


class Reader:
    """Reads the rows, and notes what is wrong with them."""

    def __init__(self, job: Job, rules: FocusRules, targets: Targets, currency: str) -> None:
        self._job, self._rules, self._targets, self._currency = job, rules, targets, currency
        self._seen: dict[str, int] = defaultdict(int)
        self.skipped = 0

    def charges(self) -> Iterator[Charge]:
        """Yield every row that can be read."""
        rows = CsvTable(self._job)
        if not rows.empty:
            self._require(rows.headings)
        elif not self._job.faults:
            self._job.faults.add(1, "", "is empty; a bill begins with the names of its columns")
        if self._job.faults:
            self._job.refuse()
        for line, cells in rows.rows(self._skip):
            found = self._charge(line, dict(zip(rows.headings, (unguard(cell) for cell in cells), strict=True)))
            if found is None:
                self._skip()
            else:
                yield found

    def _skip(self) -> None:
        self.skipped += 1

    def _require(self, names: Sequence[str]) -> None:
        wanted = {*NEEDED, self._rules.column}
        for name in sorted(wanted - set(names)):
            self._job.faults.add(1, name, "is not among the columns; FOCUS demands it")

    def _charge(self, line: int, row: dict[str, str]) -> Charge | None:
        values = {name: ("" if cell.strip().casefold() in NOTHING else cell.strip()) for name, cell in row.items()}
        wrong: dict[str, str] = {}
        cost = _amount(values, self._rules.column, wrong)
        billed = _amount(values, "BilledCost", wrong) if values.get("BilledCost") else cost
        effective = _amount(values, "EffectiveCost", wrong) if values.get("EffectiveCost") else None
        start, end = (_instant(values, name, wrong) for name in ("ChargePeriodStart", "ChargePeriodEnd"))
        if start is not None and end is not None and end <= start:
            wrong["ChargePeriodEnd"] = f"{brief(values['ChargePeriodEnd'])} is not after ChargePeriodStart"
        currency = (values.get("BillingCurrency") or self._currency).upper()
        if not _CODE.fullmatch(currency):
            wrong["BillingCurrency"] = f"{brief(currency)} is no currency such as USD"
        tags = _tags(values.get("Tags", ""), wrong)
        for name, why in wrong.items():
            self._job.faults.add(line, name, why)
        if wrong or cost is None or billed is None or start is None or end is None:
            return None
        target = self._targets.of(values, tags)
        first, last = month_of(start)
        until = last if end <= last else end
        on = first if end <= last else start
        group = _digest([
            *(values.get(name, "") for name in GROUPED), currency, self._rules.column, str(on), str(until), *target.key,
        ])  # fmt: skip
        content = _digest([f"{name}={row[name]}" for name in sorted(row)])
        self._seen[content] += 1  # two rows may say the very same, and both are meant
        key = _digest([content, str(self._seen[content])])
        return Charge(
            line, key, f"focus:{bill_of(values)}:{group}", cost, billed, effective, currency, on, until, start, end, values
        )


GROUPED = ("ProviderName", "BillingAccountId", "SubAccountId", "ServiceCategory", "ServiceName", "ChargeCategory", "ChargeClass")


def bill_of(values: Mapping[str, str]) -> str:
    """Return what tells one bill from others: who sent it to which account, for which time."""
    return _digest([values.get(name, "") for name in ("InvoiceIssuerName", "BillingAccountId", "BillingPeriodStart")])[:16]


def _digest(parts: Sequence[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:40]


def _amount(values: Mapping[str, str], name: str, wrong: dict[str, str]) -> Decimal | None:
    text = values.get(name, "")
    if not text:
        wrong[name] = "is empty; a charge has a cost, if only 0"
        return None
    try:
        figure = Decimal(text.replace("_", "x"))
        exponent = figure.as_tuple().exponent
        if not figure.is_finite() or figure.adjusted() > 12 or not isinstance(exponent, int) or exponent < -MOST_DECIMALS:
            raise InvalidOperation
    except InvalidOperation:
        wrong[name] = f"{brief(text)} is no amount such as 12.34 or 0.00000080000"
        return None
    return figure


def _instant(values: Mapping[str, str], name: str, wrong: dict[str, str]) -> int | None:
    text = values.get(name, "")
    try:
        return parse_instant(text)
    except InvalidInput:
        wrong[name] = f"{brief(text)} is no date or instant such as 2024-09-01T00:00:00Z" if text else "is empty"
        return None


def _tags(text: str, wrong: dict[str, str]) -> dict[str, str]:
    if not text:
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        wrong["Tags"] = f'{brief(text)} is no JSON such as {{"application": "shop"}}'
        return {}
    if not isinstance(found, dict):
        wrong["Tags"] = f"{brief(text)} is no JSON object"
        return {}
    return {str(name).strip(): str(value) for name, value in found.items()}


class Writer:
    """Writes costs and their lines."""

    def __init__(self, job: Job, rules: FocusRules, targets: Targets) -> None:
        self._job, self._rules, self._targets = job, rules, targets
        self._connection = job.unit.connection
        self._kind = job.unit.registry.kind("cost")

    def write(self, groups: Mapping[str, Group], skipped: int) -> ImportResult:
        """Write what is new, and let every cost be the sum of its lines."""
        charges = [one for group in groups.values() for one in group.charges]
        known = self._known([one.key for one in charges])
        stale = self._stale({one.key for one in charges}, groups) if self._rules.whole_bills else {}
        costs = self._costs(list(groups))
        records = NewRecords(self._job.unit)
        lines: list[dict[str, Any]] = []
        touched: set[int] = set(stale.values())
        for name, group in groups.items():
            fresh = [one for one in group.charges if one.key not in known]
            if not fresh:
                continue
            cost = costs.get(name)
            if cost is None:
                cost = costs[name] = self._new(records, name, group)
            else:
                touched.add(cost)
            lines += [_row(cost, one) for one in fresh]
        records.flush()
        for start in range(0, len(lines), CHUNK):
            self._connection.execute(q.ADD_LINES, lines[start : start + CHUNK])
        self._drop(list(stale))
        updated = self._sum_again(touched)
        return ImportResult(len(lines), updated, len(charges) - len(lines), skipped)

    def _known(self, keys: Sequence[str]) -> set[str]:
        found: set[str] = set()
        dropped: list[str] = []
        for start in range(0, len(keys), CHUNK):
            for row in self._connection.execute(q.LINE_KEYS, {"keys": list(keys[start : start + CHUNK])}):
                if row.state == "retired":  # an import that was undone: its lines come again
                    dropped.append(row.key)
                else:
                    found.add(row.key)
        self._drop(dropped)
        return found

    def _costs(self, names: Sequence[str]) -> dict[str, int]:
        found: dict[str, int] = {}
        for start in range(0, len(names), CHUNK):
            rows = self._connection.execute(q.BY_KEY, {"keys": list(names[start : start + CHUNK])})
            found |= {row.external_key: row.id for row in rows}
        return found

    def _stale(self, keys: set[str], groups: Mapping[str, Group]) -> dict[str, int]:
        """Return the lines of these bills that the file does not have any more, and their costs."""
        found = {}
        for bill in sorted({name.split(":")[1] for name in groups}):
            for row in self._connection.execute(q.LINES_OF_BILL, {"prefix": f"focus:{bill}:%"}):
                if row.key not in keys:
                    found[row.key] = row.cost_id
        return found

    def _drop(self, keys: Sequence[str]) -> None:
        for start in range(0, len(keys), CHUNK):
            self._connection.execute(q.DROP_KEYS, {"keys": list(keys[start : start + CHUNK])})

    def _new(self, records: NewRecords, name: str, group: Group) -> int:
        first = group.charges[0]
        values, total = first.values, sum((one.cost for one in group.charges), Decimal(0))
        said = [values.get("ServiceName") or values.get("ChargeDescription") or "Charge", values.get("ChargeCategory", "")]
        account = values.get("SubAccountName") or values.get("SubAccountId") or values.get("BillingAccountName") or ""
        target = self._targets.of(values, _tags(values.get("Tags", ""), {}))
        direct = target.service is not None or target.ci is not None
        draft = fresh_draft(
            records,
            self._kind,
            {
                "name": ", ".join(part for part in said if part)[:160],
                "amount": int(money_of(total).scaleb(2)),
                "exact": f"{total:f}",
                "currency": first.currency,
                "on": first.on,
                "until": first.until,
                "element": self._rules.element,
                "behaviour": "variable",
                "directness": "direct" if direct else "indirect",
                "service": target.service,
                "ci": target.ci,
                "centre": target.centre,
                "supplier": values.get("ProviderName", "")[:160] or None,
                "account": account[:160] or None,
                "external_key": name,
            },
        )
        records.add(draft, at=self._job.unit.at)
        return draft.id

    def _sum_again(self, costs: set[int]) -> int:
        """Let costs be the sum of their lines again; one that has none any more is retired."""
        column = "effective" if self._rules.cost == "effective" else "billed"
        changed = 0
        for key, draft in store.load(self._connection, self._kind, costs, locked=True).items():
            rows = self._connection.execute(q.LINES_OF, {"cost": key}).mappings().all()
            total = sum((Decimal(row[column] or row["billed"]) for row in rows), Decimal(0))
            draft.new |= {"amount": int(money_of(total).scaleb(2)), "exact": f"{total:f}"}
            draft.state = "active" if rows else "retired"
            changed += store.update_draft(self._job.unit, draft)
        return changed


def money_of(total: Decimal) -> Decimal:
    """Return an exact sum as an amount of two decimals."""
    return money(Fraction(total))


def _row(cost: int, one: Charge) -> dict[str, Any]:
    values = one.values
    return {
        "cost_id": cost, "key": one.key, "line": one.line, "from_at": one.start, "until_at": one.end, "billed": f"{one.billed:f}",
        "effective": None if one.effective is None else f"{one.effective:f}",
        "category": values.get("ServiceCategory", "")[:40], "description": values.get("ChargeDescription", "")[:255],
        "resource": (values.get("ResourceName") or values.get("ResourceId") or "")[:255],
        "quantity": values.get("ConsumedQuantity", "")[:48] or None, "unit": values.get("ConsumedUnit", "")[:80] or None,
    }  # fmt: skip
