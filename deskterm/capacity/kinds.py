"""What capacity management declares: resources and business drivers, their samples, scenarios, and the capacity plan."""

from __future__ import annotations

from deskterm.capacity.workflow import PLAN_WORKFLOW, RESOURCE_WORKFLOW
from deskterm.facts import Fact
from deskterm.fields import Choice, Currency, Field, Flag, Instant, Money, Number, Refs, Structure, Text, Whole, long_text, ref
from deskterm.kinds import Kind
from deskterm.permissions import Family

AMOUNT = Number(0)
DRIVES = "drives"
"""From a scenario to each resource that it is about."""
OPTION_EXAMPLE = '[{"option": "move archives to tape", "cost": "1200.00", "currency": "EUR"}]'

RESOURCE = Kind(
    name="resource",
    prefix="RES",
    process="capacity",
    family=Family.CONFIGURATION,
    table="data.tables.capacity:resource",
    workflow=RESOURCE_WORKFLOW,
    title_field="name",
    unique_title=True,
    sort="name",
    columns=("level", "capacity", "unit", "ci", "metric", "role"),
    help="Something that fills up: so much of a metric of a CI is installed. Or a business driver that fills it, such as users.",
    fields=(
        Field("name", Text(160), required=True, searchable=True, width=28, section="What", help="Such as: fs-01 /data."),
        Field("ci", ref("ci"), "CI", width=14, section="What", help="The configuration item that has it."),
        Field("service", ref("service"), width=14, section="What", help="The service it is for; that of its CI if empty."),
        Field("metric", Text(60), required=True, default="use", width=10, section="What", searchable=True,
              suggestions=("cpu", "memory", "disk", "bandwidth", "connections", "licences", "users", "orders"),
              help="What is measured."),
        Field("unit", Text(20), width=8, section="What", help="Of samples and capacity: %, GB, Mbit/s."),
        Field("role", Choice(("resource", "driver")), required=True, default="resource", width=8, section="What",
              help="A driver is a figure of the business; it has no capacity, and scenarios let it grow."),
        Field("direction", Choice(("up", "down")), required=True, default="up", width=6, section="What",
              help="Up: samples tell what is used. Down: they tell what is left."),
        Field("description", long_text(), searchable=True, section="What"),
        Field("owner", ref("agent"), section="What", width=10, help="Who answers for it."),
        Field("capacity", AMOUNT, width=10, section="Capacity",
              help="What is installed, in its unit. Each change is kept with its instant; set-capacity says an earlier one."),
        Field("warn", AMOUNT, "Warning", width=7, section="Capacity",
              help="In percent of capacity; more than 100 and within the capacity is an amount. Without capacity, in its unit."),
        Field("critical", AMOUNT, width=8, section="Capacity", help="As the warning. Either raises one incident."),
        Field("rearm", AMOUNT, "Re-arm", width=7, section="Capacity",
              help="Only on this side of it a breach is over; 5 points from the first threshold if empty."),
        Field("confirm_samples", Whole(1, 1000), "Samples that confirm", required=True, default=1, section="Capacity",
              help="So many samples in a row make a breach: a short peak is none."),
        Field("lead_time_days", Whole(0, 3650), "Lead time, days", section="Forecast", width=9,
              help="From the order to use. If empty it is measured: how long purchases and changes took."),
        Field("method", Choice(("auto", "least-squares", "theil-sen", "seasonal")), required=True, default="auto",
              section="Forecast", width=13, help="How its line is laid; auto: seasonal where weeks repeat, else least squares."),
        Field("basis", Choice(("mean", "p95", "most")), required=True, default="mean", section="Forecast", width=6,
              help="Which figure of an hour or a day is forecast, where there are too many samples to take each."),
        Field("upgrade_amount", AMOUNT, "One upgrade adds", section="Forecast", help="In its unit: what one more comes to."),
        Field("upgrade_cost", Money(), "One upgrade costs", section="Forecast"),
        Field("currency", Currency(), section="Forecast", width=8),
        Field("keep_samples_days", Whole(1, 36_500), "Keep samples, days", required=True, default=90, section="Samples",
              help="Before the newest one; what is older stays as hours and days."),
        Field("keep_hours_days", Whole(1, 36_500), "Keep hours, days", required=True, default=730, section="Samples",
              help="What is older stays as days."),
        Field("collect", Choice(("cpu", "memory", "disk")), "Measure here", section="Samples",
              help="This host measures it by itself: cpu and memory in percent, disk in its unit (B, KB … TB, %)."),
        Field("collect_path", Text(400), "Path measured", section="Samples", help="Of a disk; / if empty."),
        Field("collect_host", Text(255), "Host", section="Samples", help="Which host measures it; this one if empty."),
        Field("external_key", Text(400), "External name", section="Samples", searchable=True,
              help="How its series is called where imports come from."),
        Field("level", Choice(("ok", "warning", "critical")), derived=True, default="ok", width=9, section="State"),
        Field("level_at", Instant(), "Level since", derived=True, width=12, section="State"),
        Field("armed", Flag(), derived=True, default=True, section="State", help="The next breach raises an incident."),
        Field("incident", ref("incident"), derived=True, width=12, section="State", help="Of the last breach."),
    ),
    rules="deskterm.capacity.resource_rules:RULES",
)  # fmt: skip

SAMPLE = Fact(
    "sample",
    "RES",
    (
        Field("resource", ref("resource"), required=True, help="Whose measurement it is."),
        Field("at", Instant(), help="When it was measured; now if empty."),
        Field("value", Number(), required=True, help="In the unit of the resource."),
    ),
    "deskterm.capacity.samples:add",
    "A measurement of a resource. It is no record: it has no number and no journal, and the later word for an instant counts.",
)

SCENARIO = Kind(
    name="scenario",
    prefix="SCN",
    process="capacity",
    family=Family.CONFIGURATION,
    table="data.tables.capacity:capacity_scenario",
    title_field="name",
    unique_title=True,
    sort="name",
    columns=("driver", "growth_percent", "months", "state"),
    help="What if a business driver grows? Demand of resources follows from how they went with it so far.",
    fields=(
        Field("name", Text(160), required=True, searchable=True, width=30, help="Such as: a second warehouse."),
        Field("driver", ref("resource"), required=True, width=20, help="A resource whose role is driver."),
        Field(
            "growth_percent",
            Number(-100, 100_000),
            "Growth, %",
            required=True,
            width=9,
            help="Of the driver; less than 0 shrinks.",
        ),
        Field("months", Whole(1, 120), required=True, default=12, width=6, help="In how many months, evenly."),
        Field(
            "resources",
            Refs("resource", DRIVES),
            help="What it drives; every resource that follows it beyond the common trend, if empty.",
        ),
        Field("description", long_text(), searchable=True),
    ),
    rules="deskterm.capacity.plan_rules:SCENARIO_RULES",
)

PLAN = Kind(
    name="capacity-plan",
    prefix="CPL",
    process="capacity",
    family=Family.CONFIGURATION,
    table="data.tables.capacity:capacity_plan",
    workflow=PLAN_WORKFLOW,
    title_field="name",
    label="Capacity plan",
    sort="-updated_at",
    columns=("state", "versions", "frozen_at", "horizon_days"),
    help="A capacity plan, made of what the desk knows when it is printed, and frozen as a version.",
    fields=(
        Field("name", Text(160), required=True, searchable=True, width=34),
        Field("horizon_days", Whole(1, 3650), "Horizon, days", required=True, default=365, width=8, help="So far it looks."),
        Field("scope", long_text(), searchable=True, help="What it covers, and what it leaves out."),
        Field("assumptions", long_text(), searchable=True),
        Field("options", Structure("deskterm.capacity.plan_document:checked_options", OPTION_EXAMPLE),
              help="Options beyond upgrades, each with option, resource, adds, cost, currency, effect."),
        Field("recommendations", long_text(), searchable=True, help="Besides those that follow from the figures."),
        Field("versions", Whole(0), derived=True, default=0, width=8, help="How many were frozen."),
        Field("frozen_at", Instant(), "Frozen", derived=True, width=12, help="When the newest was."),
    ),
    rules="deskterm.capacity.plan_rules:PLAN_RULES",
)  # fmt: skip

KINDS = (RESOURCE, SCENARIO, PLAN)
FACTS = (SAMPLE,)
