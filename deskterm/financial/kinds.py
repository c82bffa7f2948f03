"""What financial management declares: costs, centres, budgets, rules of allocation, rates, prices, charge runs, cases."""

from __future__ import annotations

from deskterm.fields import Choice, Currency, Exact, Field, Flag, Instant, Money, Structure, Text, Whole, long_text, ref
from deskterm.financial.flows import read_flows
from deskterm.financial.vocab import BASES, DRIVERS, ELEMENTS, METHODS, STEPS
from deskterm.financial.workflow import CASE_WORKFLOW, RUN_WORKFLOW
from deskterm.kinds import Kind
from deskterm.permissions import Family, Role

_CURRENCY_HELP = "ISO 4217, such as USD; the desk's own if empty."

COST_CENTRE = Kind(
    name="cost-centre",
    prefix="CEN",
    process="financial",
    family=Family.POLICY,
    table="data.tables.finance:cost_centre",
    title_field="name",
    unique_title=True,
    sort="name",
    columns=("manager", "state"),
    help="What costs are gathered on that belong to no single service; an allocation rule passes them on.",
    fields=(
        Field("name", Text(120), required=True, searchable=True, width=26),
        Field("manager", ref("agent", "person"), width=14, help="Who answers for what is spent."),
        Field("note", long_text(), searchable=True),
    ),
)

_ABOUT = ref("incident", "request", "problem", "change", "work-order", "release")

COST = Kind(
    name="cost",
    prefix="COST",
    process="financial",
    family=Family.POLICY,
    table="data.tables.finance:cost",
    title_field="name",
    sort="-on",
    columns=("on", "element", "amount", "currency", "service", "centre", "ci"),
    help="Money that was spent, or given back, and what it was spent on.",
    fields=(
        Field("name", Text(160), required=True, searchable=True, width=34, section="What", help="What was paid for."),
        Field("amount", Money(), required=True, section="What", width=13, help="What it cost; negative for a credit."),
        Field("currency", Currency(), section="What", width=5, help=_CURRENCY_HELP),
        Field("on", Instant(), required=True, column="on_at", default=lambda now: now, section="What", width=11,
              help="The day it belongs to; with until, the first day."),
        Field("until", Instant(future=True), column="until_at", section="What",
              help="Spread evenly from on to here: a contract paid in advance."),
        Field("element", Choice(ELEMENTS), required=True, default="external", section="Sort", width=13),
        Field("nature", Choice(("operational", "capital")), required=True, default="operational", section="Sort", width=11,
              help="Capital cost of a CI that is written off counts as its depreciation, not by itself."),
        Field("directness", Choice(("direct", "indirect")), section="Sort", width=8,
              help="Whether it is for one service; indirect if it is on a centre, unless said."),
        Field("behaviour", Choice(("fixed", "variable")), required=True, default="fixed", section="Sort", width=8,
              help="Variable with use."),
        Field("service", ref("service"), section="For", width=16, help="The service it is for."),
        Field("ci", ref("ci"), "CI", section="For", width=16, help="The CI it is for: the services it served then bear it."),
        Field("centre", ref("cost-centre", makes="cost-centre"), section="For", width=16,
              help="The cost centre that bears it, where it is for no single service."),
        Field("record", _ABOUT, column="about_id", section="For", width=12, help="The record it was spent on, such as a part."),
        Field("supplier", Text(160), searchable=True, section="Bill", width=16),
        Field("account", Text(160), section="Bill", searchable=True, help="Where it stands in the ledger or on the bill."),
        Field("external_key", Text(200), "Key on the bill", section="Bill", help="By which an import knows it again."),
        Field("exact", Text(48), "Exactly", derived=True, section="Bill", help="To the last decimal, where a bill is finer."),
        Field("note", long_text(), searchable=True, section="Bill"),
    ),
    rules="deskterm.financial.cost_rules:COST",
)  # fmt: skip

BUDGET = Kind(
    name="budget",
    prefix="BUD",
    process="financial",
    family=Family.POLICY,
    table="data.tables.finance:budget",
    title_field="name",
    sort="-ends_at,name",
    columns=("starts_at", "ends_at", "amount", "currency", "service", "centre", "element"),
    help="What may be spent in a stretch of time: by a service, a cost centre, or everybody.",
    fields=(
        Field("name", Text(160), required=True, searchable=True, width=30),
        Field("amount", Money(), required=True, width=13),
        Field("currency", Currency(), width=5, help=_CURRENCY_HELP),
        Field("starts_at", Instant(), "From", required=True, width=11, help="The first instant it is for."),
        Field("ends_at", Instant(future=True), "To", required=True, width=11, help="The instant at which it ends."),
        Field("service", ref("service"), width=16, help="For what is attributed to this service."),
        Field("centre", ref("cost-centre", makes="cost-centre"), width=16, help="For what this cost centre spends itself."),
        Field("element", Choice(ELEMENTS), width=13, help="Only this element of cost; all if empty."),
        Field("note", long_text(), searchable=True),
    ),
    rules="deskterm.financial.cost_rules:BUDGET",
)

ALLOCATION_RULE = Kind(
    name="allocation-rule",
    prefix="ALC",
    process="financial",
    family=Family.POLICY,
    table="data.tables.finance:allocation_rule",
    title_field="name",
    sort="name,-valid_from",
    columns=("from", "driver", "shares", "valid_from", "valid_until"),
    help="How what gathers on a cost centre, a shared CI or a supporting service is passed on, and from when on.",
    fields=(
        Field("name", Text(160), searchable=True, width=30, help="Made from the rest if empty."),
        Field("from", ref("cost-centre", "service", "ci", makes="cost-centre"), required=True, width=20,
              help="Whose cost is passed on."),
        Field("driver", Choice(DRIVERS), required=True, default="fixed", width=12,
              help="What decides: the shares themselves, or what each service has of something in the month."),
        Field("shares", Structure(example='{"Payroll": 0.6, "Workplace": 0.4}'), width=30,
              help="By service or cost centre: a fraction, or units of a driver; up to 1 in all they are fractions."),
        Field("capacity", Exact("0", "1000000000000", "100"), help="Units there are: what the shares leave over is idle."),
        Field("unit", Text(40), help="What the shares count, such as users."),
        Field("position", Whole(1, 9_999), "Turn", default=100, width=5, help="Whose turn comes first in step-down."),
        Field("valid_from", Instant(future=True), width=11, help="From when it holds; today, if nobody says."),
        Field("valid_until", Instant(future=True), width=11, help="Until when it holds; for good if empty."),
        Field("note", long_text(), searchable=True),
    ),
    rules="deskterm.financial.rule_book:RULES",
)  # fmt: skip

EXCHANGE_RATE = Kind(
    name="exchange-rate",
    prefix="FXR",
    process="financial",
    family=Family.POLICY,
    table="data.tables.finance:exchange_rate",
    title_field="name",
    sort="-valid_from",
    columns=("currency", "into", "rate", "valid_from"),
    help="What one unit of a currency is worth in another, from a day on.",
    fields=(
        Field("name", Text(80), searchable=True, width=24, help="Made from the rest if empty."),
        Field("currency", Currency(), required=True, width=8),
        Field("into", Currency(), required=True, width=5),
        Field("rate", Exact("0.000000000001", "1000000000000", "0.92"), required=True, width=12),
        Field("valid_from", Instant(), required=True, default=lambda now: now, width=11),
    ),
    rules="deskterm.financial.cost_rules:RATE",
)

LABOUR_RATE = Kind(
    name="labour-rate",
    prefix="LAB",
    process="financial",
    family=Family.POLICY,
    table="data.tables.finance:labour_rate",
    title_field="name",
    sort="name",
    columns=("agent", "team", "role", "amount", "currency", "valid_from"),
    help="What an hour of work costs: of an agent, else of a team, else of a role, else of anybody.",
    fields=(
        Field("name", Text(120), searchable=True, width=24, help="Made from the rest if empty."),
        Field("amount", Money(), "An hour", required=True, width=10),
        Field("currency", Currency(), width=5, help=_CURRENCY_HELP),
        Field("agent", ref("agent"), width=12),
        Field("team", ref("team"), width=14),
        Field("role", Choice(tuple(role.value for role in Role)), width=14),
        Field("valid_from", Instant(), required=True, default=lambda now: now, width=11),
    ),
    rules="deskterm.financial.cost_rules:LABOUR",
)

PRICE = Kind(
    name="price",
    prefix="PRC",
    process="financial",
    family=Family.POLICY,
    table="data.tables.finance:price",
    title_field="name",
    label="Price policy",
    plural="Price policies",
    sort="name",
    columns=("service", "customer", "method", "markup", "amount", "basis", "valid_from"),
    help="What customers are charged for a service: its cost, its cost and something on top, or a price for each unit.",
    fields=(
        Field("name", Text(160), searchable=True, width=28, help="Made from the rest if empty."),
        Field("service", ref("service"), width=16, help="Every service without a policy of its own if empty."),
        Field("customer", ref("organisation"), width=16, help="Only this customer; every one if empty."),
        Field("method", Choice(METHODS), required=True, default="cost", width=10),
        Field("markup", Exact("-100", "10000", "7.5"), "Markup, percent", width=9, help="On top of the cost, for cost-plus."),
        Field("amount", Money(), "Unit price", width=11, help="For each unit of the basis a month, for unit."),
        Field("currency", Currency(), width=5, help=_CURRENCY_HELP),
        Field("basis", Choice(BASES), required=True, default="users", width=10,
              help="How a service that several customers use is divided, and what a unit is."),
        Field("shares", Structure(example='{"Acme": 3, "Globex": 1}'), help="By customer, for the basis shares."),
        Field("valid_from", Instant(), required=True, default=lambda now: now, width=11),
        Field("valid_until", Instant(future=True)),
        Field("note", long_text(), searchable=True),
    ),
    rules="deskterm.financial.run_rules:PRICE",
)  # fmt: skip

CHARGE_RUN = Kind(
    name="charge-run",
    prefix="CRN",
    process="financial",
    family=Family.POLICY,
    table="data.tables.finance:charge_run",
    workflow=RUN_WORKFLOW,
    title_field="name",
    sort="-ends_at",
    columns=("state", "starts_at", "ends_at", "total", "currency", "notional"),
    help="What every customer is charged for a stretch of time; frozen once it is issued.",
    fields=(
        Field("name", Text(160), searchable=True, width=28, help="Made from the period if empty."),
        Field("starts_at", Instant(), "From", required=True, width=11),
        Field("ends_at", Instant(future=True), "To", required=True, width=11),
        Field("currency", Currency(), width=5, help=_CURRENCY_HELP),
        Field("notional", Flag(), default=True, width=8, help="It shows what would be charged, and nobody pays."),
        Field("total", Money(), derived=True, width=13, help="What it charges in all."),
        Field("cost", Money(), derived=True, width=13, help="The cost of the services behind it."),
        Field("uncharged", Money(), derived=True, width=13, help="Cost that no customer bears."),
        Field("reckoned_at", Instant(), "Reckoned", derived=True),
        Field("issued_at", Instant(), "Issued", derived=True),
        Field("issued_by", Text(80), derived=True),
        Field("line_count", Whole(0), "Lines", column="lines", derived=True, width=6, help="How many lines were issued."),
        Field("digest", Text(64), derived=True, help="SHA-256 of its lines as they were issued."),
        Field("credited", Money(), derived=True, help="What credit notes gave back."),
        Field("note", long_text(), searchable=True),
    ),
    rules="deskterm.financial.run_rules:RUN",
)

CREDIT_NOTE = Kind(
    name="credit-note",
    prefix="CRD",
    process="financial",
    family=Family.POLICY,
    table="data.tables.finance:credit_note",
    title_field="name",
    sort="-issued_at",
    columns=("run", "customer", "amount", "currency", "issued_at"),
    help="What was given back of an issued charge run. The action credit of the run writes it.",
    fields=(
        Field("name", Text(160), derived=True, searchable=True, width=34),
        Field("run", ref("charge-run"), derived=True, width=12),
        Field("customer", ref("organisation"), derived=True, width=16),
        Field("amount", Money(), derived=True, width=13),
        Field("currency", Currency(), derived=True, width=5),
        Field("reason", long_text(), derived=True, searchable=True),
        Field("issued_at", Instant(), derived=True, width=11),
        Field("issued_by", Text(80), derived=True),
    ),
    rules="deskterm.financial.run_rules:NOTE",
)

BUSINESS_CASE = Kind(
    name="business-case",
    prefix="BC",
    process="financial",
    family=Family.POLICY,
    table="data.tables.finance:business_case",
    workflow=CASE_WORKFLOW,
    title_field="name",
    sort="-updated_at",
    columns=("state", "npv", "irr", "payback", "roi", "currency"),
    help="Whether an investment is worth it: its flows of money, and what they come to.",
    fields=(
        Field("name", Text(160), required=True, searchable=True, width=32),
        Field("record", ref("problem", "change", "service", "release", "ci"), column="about_id", help="What it is about."),
        Field("flows", Structure(check=read_flows, example="[-15000, 1500, 2500, 3500]"), required=True,
              help="One for each period, the first now; outlays are negative."),
        Field("rate", Exact("-99", "10000", "5"), "Rate, percent", required=True, default="5", help="Of discount, a period."),
        Field("step", Choice(STEPS), "Period", default="year", required=True),
        Field("currency", Currency(), width=5, help=_CURRENCY_HELP),
        Field("objective", Exact("0", "100", "99.9"), "Availability, %", help="What it would bring its service to, in percent."),
        Field("description", long_text(), searchable=True),
        Field("npv", Money(), "NPV", derived=True, width=13, help="Net present value: the flows discounted to now."),
        Field("irr", Text(24), "IRR", derived=True, width=9, help="Internal rate of return, percent a period, if there is one."),
        Field("irr_reason", Text(255), "No IRR because", derived=True),
        Field("payback", Text(24), derived=True, width=9, help="Periods until it has paid itself back; n/a if it never does."),
        Field("roi", Text(24), "ROI", derived=True, width=9, help="(gain - cost) / cost, in percent, not discounted."),
        Field("tco", Money(), "TCO", derived=True, width=13, help="All outlays together."),
        Field("decision", long_text(), derived=True, searchable=True),
    ),
    rules="deskterm.financial.case_rules:RULES",
)  # fmt: skip

KINDS = (
    COST, COST_CENTRE, BUDGET, ALLOCATION_RULE, EXCHANGE_RATE, LABOUR_RATE, PRICE, CHARGE_RUN, CREDIT_NOTE,
    BUSINESS_CASE,
)  # fmt: skip
