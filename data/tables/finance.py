"""Financial management: costs and the bills behind them, budgets, rules of allocation, rates, prices, charge runs, cases.

Amounts are whole hundredths of their currency. What a bill states finer than that stands beside it as text, to the last decimal.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, SmallInteger, String, Table, Text, UniqueConstraint

from data.base import Document, extends_record, identity, instant, metadata, reference

cost_centre = Table(
    "cost_centre",
    metadata,
    extends_record(),
    reference("manager_id"),
    Column("note", Text),
)

cost = Table(
    "cost",
    metadata,
    extends_record(),
    Column("element", String(16), nullable=False),
    Column("nature", String(12), nullable=False),
    Column("directness", String(8), nullable=False),
    Column("behaviour", String(8), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("exact", String(48)),
    Column("currency", String(3), nullable=False),
    instant("on_at", nullable=False),
    instant("until_at"),
    reference("centre_id"),
    reference("about_id"),
    Column("supplier", String(160)),
    Column("account", String(160)),
    Column("external_key", String(200)),
    Column("note", Text),
)
"""A cost. `exact` is what it comes to where that is finer than a hundredth; `until_at` is the end of what it is spread over."""
Index("ix_cost_on", cost.c.on_at, cost.c.id)
Index("ix_cost_centre", cost.c.centre_id)
Index("ix_cost_about", cost.c.about_id)
Index("ix_cost_external_key", cost.c.external_key)

cost_line = Table(
    "cost_line",
    metadata,
    identity(),
    reference("cost_id", nullable=False),
    Column("key", String(64), nullable=False, unique=True),
    Column("line", Integer, nullable=False),
    instant("from_at", nullable=False),
    instant("until_at"),
    Column("billed", String(48), nullable=False),
    Column("effective", String(48)),
    Column("category", String(40), nullable=False),
    Column("description", String(255), nullable=False),
    Column("resource", String(255), nullable=False),
    Column("quantity", String(48)),
    Column("unit", String(80)),
)
"""One line of an imported bill, to the last decimal; the cost it belongs to is their sum."""
Index("ix_cost_line_cost", cost_line.c.cost_id, cost_line.c.id)

budget = Table(
    "budget",
    metadata,
    extends_record(),
    Column("amount", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    instant("starts_at", nullable=False),
    instant("ends_at", nullable=False),
    reference("centre_id"),
    Column("element", String(16)),
    Column("note", Text),
)
Index("ix_budget_ends", budget.c.ends_at, budget.c.starts_at)

allocation_rule = Table(
    "allocation_rule",
    metadata,
    extends_record(),
    reference("from_id", nullable=False),
    Column("driver", String(16), nullable=False),
    Column("shares", Document),
    Column("capacity", String(24)),
    Column("unit", String(40)),
    Column("position", SmallInteger, nullable=False),
    instant("valid_from", nullable=False),
    instant("valid_until"),
    Column("note", Text),
)
Index("ix_allocation_rule_from", allocation_rule.c.from_id)

allocation_revision = Table(
    "allocation_revision",
    metadata,
    identity(),
    reference("rule_id", nullable=False),
    Column("version", Integer, nullable=False),
    instant("valid_from", nullable=False),
    Column("definition", Document, nullable=False),
    instant("recorded_at", nullable=False),
)
"""What a rule said from which instant on. Appended to by every edit, never changed: triggers refuse it."""
Index("ix_allocation_revision_rule", allocation_revision.c.rule_id, allocation_revision.c.id)

exchange_rate = Table(
    "exchange_rate",
    metadata,
    extends_record(),
    Column("currency", String(3), nullable=False),
    Column("into", String(3), nullable=False),
    Column("rate", String(32), nullable=False),
    instant("valid_from", nullable=False),
)
Index("ix_exchange_rate_pair", exchange_rate.c.currency, exchange_rate.c.into, exchange_rate.c.valid_from)

labour_rate = Table(
    "labour_rate",
    metadata,
    extends_record(),
    reference("agent_id"),
    Column("role", String(30)),
    Column("amount", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    instant("valid_from", nullable=False),
)
"""What an hour of work costs: of an agent, of a team, of everybody with a role, or of everybody."""

price = Table(
    "price",
    metadata,
    extends_record(),
    Column("method", String(12), nullable=False),
    Column("basis", String(12), nullable=False),
    Column("shares", Document),
    Column("markup", String(16)),
    Column("amount", BigInteger),
    Column("currency", String(3)),
    instant("valid_from", nullable=False),
    instant("valid_until"),
    Column("note", Text),
)

charge_run = Table(
    "charge_run",
    metadata,
    extends_record(),
    instant("starts_at", nullable=False),
    instant("ends_at", nullable=False),
    Column("currency", String(3), nullable=False),
    Column("notional", Boolean, nullable=False),
    instant("reckoned_at"),
    Column("total", BigInteger),
    Column("cost", BigInteger),
    Column("uncharged", BigInteger),
    Column("lines", Integer),
    instant("issued_at"),
    Column("issued_by", String(80)),
    Column("digest", String(64)),
    Column("credited", BigInteger),
    Column("note", Text),
)
"""A charge run. Once it is issued, triggers refuse to change what it says and its lines."""
Index("ix_charge_run_ends", charge_run.c.ends_at)

charge_line = Table(
    "charge_line",
    metadata,
    identity(),
    reference("run_id", nullable=False),
    Column("position", Integer, nullable=False),
    reference("customer_id"),
    Column("customer", String(160), nullable=False),
    reference("service_id", nullable=False),
    Column("service", String(160), nullable=False),
    Column("price", String(60), nullable=False),
    Column("method", String(12), nullable=False),
    Column("quantity", String(48)),
    Column("unit", String(40), nullable=False),
    Column("cost", BigInteger, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("detail", Document, nullable=False),
    UniqueConstraint("run_id", "position"),
)
"""What a customer is charged for a service, and in `detail` the costs behind it: their record, CI, rule and its version."""

credit_note = Table(
    "credit_note",
    metadata,
    extends_record(),
    reference("run_id", nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("reason", Text, nullable=False),
    instant("issued_at", nullable=False),
    Column("issued_by", String(80), nullable=False),
)
Index("ix_credit_note_run", credit_note.c.run_id)

business_case = Table(
    "business_case",
    metadata,
    extends_record(),
    reference("about_id"),
    Column("currency", String(3), nullable=False),
    Column("rate", String(16), nullable=False),
    Column("step", String(8), nullable=False),
    Column("flows", Document, nullable=False),
    Column("objective", String(12)),
    Column("npv", BigInteger),
    Column("irr", String(24)),
    Column("irr_reason", String(255)),
    Column("payback", String(24)),
    Column("roi", String(24)),
    Column("tco", BigInteger),
    Column("description", Text),
    Column("decision", Text),
)
Index("ix_business_case_about", business_case.c.about_id)
