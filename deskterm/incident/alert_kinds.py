"""The alert rule, declared: a small piece of policy that says where alerts go."""

from __future__ import annotations

from deskterm.desk_settings import DeskSettings
from deskterm.fields import Choice, Field, Flag, Structure, Text, Whole, Words, ref
from deskterm.incident.alert_routing import ANY_SOURCE, GROUP, GROUPINGS, SOURCES
from deskterm.kinds import Kind
from deskterm.permissions import Family

ALERT_RULE = Kind(
    name="alert-rule",
    prefix="ARL",
    process="incident",
    family=Family.POLICY,
    table="data.tables.alert:alert_rule",
    title_field="name",
    unique_title=True,
    sort="position",
    label="Alert rule",
    columns=("position", "match", "team", "service", "drop"),
    help="Where alerts of monitoring go: the first rule whose labels match decides, one that matches everything is the default.",
    fields=(
        Field("name", Text(120), required=True, searchable=True, width=28),
        Field("position", Whole(0, 1000), default=100, width=8, help="Rules are tried from the lowest position on."),
        Field("source", Choice(SOURCES), required=True, default=ANY_SOURCE, width=12, help="From which sort of monitoring."),
        Field(
            "match", Words(), width=36,
            help="Conditions such as severity=critical|page or env!=test*; all must hold. None makes it the default.",
        ),
        Field("team", ref("team"), help="Whose queue such an incident goes to."),
        Field("service", ref("service"), help="The service it is about, where the labels name none."),
        Field("category", Text(80), suggestions=DeskSettings().categories),
        Field(
            "severities",
            Structure("deskterm.incident.alert_rules:checked_severities", '{"critical": [1, 1], "warning": [2, 2]}'),
            help="Impact and urgency by the severity an alert names, where they differ from the desk's.",
        ),
        Field(
            "grouping", Choice(GROUPINGS), required=True, default=GROUP, width=9,
            help="One incident for a group of alerts, or one for each alert.",
        ),
        Field("drop", Flag(), default=False, width=5, help="Nobody wants to hear of these; nothing is kept of them."),
    ),
    rules="deskterm.incident.alert_rules:RULES",
)  # fmt: skip
