"""What configuration management keeps: services, configuration items, and the tree of their types."""

from __future__ import annotations

from deskterm.configuration import discovery_kinds, words
from deskterm.configuration.standard_types import TYPE_NAMES
from deskterm.configuration.workflow import CI_WORKFLOW, STATUSES
from deskterm.fields import (
    PERCENT,
    Choice,
    Currency,
    Duration,
    Field,
    Flag,
    Fqdn,
    Instant,
    Mac,
    Money,
    Structure,
    Text,
    Uuid,
    Whole,
    Words,
    long_text,
    ref,
)
from deskterm.financial.vocab import ELEMENTS
from deskterm.kinds import Kind
from deskterm.permissions import Family
from deskterm.relation_words import Relation

CRITICALITIES = ("low", "medium", "high", "critical")
DEPRECIATIONS = ("straight-line", "declining-balance")
ENVIRONMENTS = ("production", "staging", "test", "development", "training", "recovery")

SERVICE = Kind(
    name="service",
    prefix="SVC",
    process="configuration",
    family=Family.CONFIGURATION,
    table="data.tables.configuration:service",
    title_field="name",
    unique_title=True,
    sort="name",
    columns=("criticality", "owner", "customer"),
    help="What the desk supports and agreements are about.",
    fields=(
        Field("name", Text(120), required=True, searchable=True, width=30, help="What callers call it."),
        Field("criticality", Choice(CRITICALITIES), default="medium", width=10),
        Field("owner", ref("person", "agent"), help="Who answers for it."),
        Field("customer", ref("organisation"), help="Whose it is, where it serves only one."),
        Field("vital_functions", Words(), "Vital business functions", help="What the business cannot do without it."),
        Field("description", long_text(), searchable=True),
        Field(
            "downtime_cost_per_hour", Money(), "Downtime, an hour", help="What an hour without it costs, in the desk's currency."
        ),
    ),
    rules="deskterm.configuration.relations:RULES",
)

_WHAT, _WHERE, _IDENTITY, _BUYING = "What it is", "Where and whose", "How it is told apart", "Buying and keeping"

CI = Kind(
    name="ci",
    prefix="CI",
    process="configuration",
    family=Family.CONFIGURATION,
    table="data.tables.configuration:ci",
    title_field="name",
    sort="name",
    label="Configuration item",
    plural="Configuration items",
    columns=("type", "status", "service", "location"),
    workflow=CI_WORKFLOW,
    help="Something that must be managed to deliver a service.",
    fields=(
        Field("name", Text(160), required=True, searchable=True, width=26, section=_WHAT),
        Field(
            "type", Text(60), required=True, default="server", suggestions=TYPE_NAMES, width=14, section=_WHAT,
            suggested_by="deskterm.configuration.types:names",
            help="One of the tree of CI types, which says what attributes it has.",
        ),
        Field("status", Choice(STATUSES), default="live", column="state", width=10, section=_WHAT),
        Field("service", ref("service"), section=_WHAT, help="The service it belongs to: that breaks when it does."),
        Field("criticality", Choice(CRITICALITIES), section=_WHAT, width=10, help="How much hangs on it."),
        Field("environment", Choice(ENVIRONMENTS), section=_WHAT, width=11),
        Field("installed_version", Text(120), section=_WHAT, width=14, help="What runs on it, as releases write it."),
        Field("description", long_text(), section=_WHAT, searchable=True),
        Field("location", Text(120), searchable=True, section=_WHERE, width=16),
        Field("owner", ref("person", "agent", "team"), section=_WHERE, help="Who answers for it."),
        Field("support_team", ref("team"), section=_WHERE, help="Who repairs it."),
        Field(
            "maintenance_window", ref("calendar"), section=_WHERE, help="When it may be worked on: a calendar's opening hours.",
        ),
        Field("serial", Text(120), "Serial number", searchable=True, section=_IDENTITY, width=16),
        Field("asset_number", Text(120), searchable=True, section=_IDENTITY, width=14),
        Field("uuid", Uuid(), "UUID", searchable=True, section=_IDENTITY, width=36),
        Field("mac", Mac(), "MAC address", searchable=True, section=_IDENTITY, width=17),
        Field("fqdn", Fqdn(), "Host name", searchable=True, section=_IDENTITY, width=24),
        Field("manufacturer", Text(120), section=_BUYING, width=14),
        Field("model", Text(120), searchable=True, section=_BUYING, width=16),
        Field("supplier", ref("organisation"), section=_BUYING),
        Field("purchased_at", Instant(), "Bought", section=_BUYING),
        Field("in_service_at", Instant(), "In service since", section=_BUYING),
        Field("warranty_until", Instant(future=True), section=_BUYING),
        Field("maintenance_until", Instant(future=True), "Maintained until", section=_BUYING, help="When its contract ends."),
        Field("cost", Money(), section=_BUYING, width=12, help="What it cost to buy."),
        Field("currency", Currency(), section=_BUYING, width=8, help="The desk's own if empty."),
        Field("depreciation", Choice(DEPRECIATIONS), section=_BUYING, help="How what it cost is written off."),
        Field("life_years", Whole(1, 200), "Life, years", section=_BUYING, help="Years of use; with them it is written off."),
        Field("salvage", Money(), "Salvage value", section=_BUYING, help="What it will still be worth at the end of its life."),
        Field("depreciation_rate", PERCENT, section=_BUYING,
              help="Percent of its book value a year, for declining balance; twice the straight line's if empty."),
        Field("cost_element", Choice(ELEMENTS), section=_BUYING,
              help="What its depreciation counts as; if empty what its type stands for, such as software, else hardware."),
        Field("disposed_at", Instant(), "Disposed of", section=_BUYING, help="When it was sold or thrown away."),
        Field("proceeds", Money(), section=_BUYING, help="What it was sold for."),
        Field("last_seen_at", Instant(), "Last seen", derived=True, reckoned=True, width=12, help="When it was found last."),
        Field("missing_since", Instant(), "Missing since", width=12, help="Since when no scan or audit finds it."),
        Field("mtbf_seconds", Duration(), "MTBF", section=_BUYING, help="Mean time between failures, as its maker says it."),
        Field("mtrs_seconds", Duration(), "MTRS", section=_BUYING, help="Mean time to restore service; by history if empty."),
        Field("attributes", Structure(example='{"os": "Debian 12"}'), help="What its type records besides."),
    ),
    rules="deskterm.configuration.ci_rules:RULES",
)  # fmt: skip

CI_TYPE = Kind(
    name="ci-type",
    prefix="TYP",
    process="configuration",
    family=Family.CONFIGURATION,
    table="data.tables.configuration:ci_type",
    title_field="name",
    unique_title=True,
    sort="name",
    label="CI type",
    columns=("parent", "open_ended"),
    help="A sort of configuration item, with the attributes that its items have.",
    fields=(
        Field("name", Text(60), required=True, width=24, help="The word that items carry as their type."),
        Field("parent", ref("ci-type"), width=20, help="The type above it, whose attributes it has as well."),
        Field(
            "attributes",
            Structure(
                check="deskterm.configuration.attributes:declarations",
                example='{"cores": {"type": "whole", "required": true, "low": 1}}',
            ),
            help="By name: type (text, whole, number, flag, instant, list), required, label, unit, choices, low, high.",
        ),
        Field("open_ended", Flag(), "Takes others", default=False, width=6, help="Items may have undeclared attributes too."),
        Field("description", long_text()),
    ),
    rules="deskterm.configuration.types:RULES",
)

BASELINE = Kind(
    name="baseline",
    prefix="BL",
    process="configuration",
    family=Family.CONFIGURATION,
    table="data.tables.configuration:baseline",
    title_field="name",
    unique_title=True,
    sort="-taken_at",
    columns=("taken_at", "scope", "reason"),
    help="The configuration as it was when this was taken, frozen under a name.",
    fields=(
        Field("name", Text(120), required=True, searchable=True, width=30),
        Field("scope", Text(4000), width=24, help="Which CIs: a query; all of them if empty."),
        Field("reason", long_text(), searchable=True, width=30, help="What it is taken for."),
        Field("taken_at", Instant(), "Taken", derived=True, width=16),
    ),
    rules="deskterm.configuration.baselines:RULES",
)

RELATIONS = (
    Relation(words.DEPENDS_ON, "breaks when that is down", words.NODES, words.NODES),
    Relation(words.RUNS_ON, "runs on", words.NODES, words.NODES),
    Relation(words.PART_OF, "is part of, and breaks it when down", words.NODES, words.NODES),
    Relation(words.USES, "could be degraded when that is down", words.NODES, words.NODES),
    Relation(words.CONNECTS_TO, "is connected to", words.NODES, words.NODES),
    Relation(words.BACKS_UP, "is the backup of", words.NODES, words.NODES),
)
"""What people link CIs and services by."""

KINDS = (SERVICE, CI, CI_TYPE, BASELINE, *discovery_kinds.KINDS)
