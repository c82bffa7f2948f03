"""Services and configuration items, as far as incidents and agreements need them."""

from __future__ import annotations

from data.tables import configuration as tables
from deskterm.fields import Choice, Field, Structure, Text, long_text, ref
from deskterm.kinds import Kind
from deskterm.permissions import Family
from deskterm.workflow import Phase, State, Workflow

STATUSES = ("ordered", "received", "in-stock", "live", "in-repair", "retired", "disposed")
CI_TYPES = (
    "server", "workstation", "laptop", "printer", "network-device", "phone", "virtual-machine", "software", "database",
    "application", "licence", "document",
)  # fmt: skip

SERVICE = Kind(
    name="service",
    prefix="SVC",
    process="configuration",
    family=Family.CONFIGURATION,
    table=tables.service,
    title_field="name",
    unique_title=True,
    sort="name",
    columns=("criticality", "owner", "customer"),
    help="What the desk supports and agreements are about.",
    fields=(
        Field("name", Text(120), required=True, searchable=True, width=30, help="What callers call it."),
        Field("criticality", Choice(("low", "medium", "high", "critical")), default="medium", width=10),
        Field("owner", ref("person", "agent"), help="Who answers for it."),
        Field("customer", ref("organisation"), help="Whose it is, where it serves only one."),
        Field("description", long_text(), searchable=True),
    ),
)

_CI_FLOW = Workflow(tuple(State(name, Phase.STANDING) for name in ("live", *(s for s in STATUSES if s != "live"))))

CI = Kind(
    name="ci",
    prefix="CI",
    process="configuration",
    family=Family.CONFIGURATION,
    table=tables.ci,
    title_field="name",
    sort="name",
    label="Configuration item",
    plural="Configuration items",
    columns=("type", "status", "service", "location"),
    workflow=_CI_FLOW,
    help="Something that must be managed to deliver a service.",
    fields=(
        Field("name", Text(160), required=True, searchable=True, width=26),
        Field("type", Text(60), required=True, default="server", suggestions=CI_TYPES, width=14),
        Field("status", Choice(STATUSES), default="live", column="state", width=10),
        Field("service", ref("service"), help="The service it belongs to."),
        Field("location", Text(120), searchable=True, width=16),
        Field("owner", ref("person", "agent", "team")),
        Field("serial", Text(120), searchable=True, width=16),
        Field("attributes", Structure(example='{"os": "Debian 12"}'), help="What the type records besides."),
    ),
)

KINDS = (SERVICE, CI)
