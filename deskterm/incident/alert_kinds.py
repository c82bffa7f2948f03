"""The alert rule, declared: a small piece of policy that says where alerts go."""

from __future__ import annotations

from data.tables import alert as tables
from deskterm.desk_settings import DeskSettings
from deskterm.errors import InvalidInput
from deskterm.fields import Choice, Field, Flag, Structure, Text, Whole, Words, ref
from deskterm.incident.alert_routing import ANY_SOURCE, GROUP, GROUPINGS, SOURCES, Matcher, Severities
from deskterm.kinds import Kind, Rules
from deskterm.permissions import Family
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit


def _check_match(unit: Unit, draft: Draft) -> None:
    for condition in draft.get("match") or ():
        Matcher.parse(condition)


def _check_purpose(unit: Unit, draft: Draft) -> None:
    says = any(draft.get(name) for name in ("team", "service", "category", "severities", "drop"))
    if not says and draft.get("grouping") == GROUP:
        rule = "a rule says something: a team, a service, a category, severities, one incident for each alert, or drop"
        raise InvalidInput(rule, fields={"team": "or another of them"})
    if draft.get("drop") and not draft.get("match"):
        raise InvalidInput(
            "a rule that drops says which alerts; without a condition it would drop all", fields={"match": "required"}
        )


def _checked_severities(value: object) -> object:
    return {word: list(levels) for word, levels in Severities.parse(value).levels.items()}


ALERT_RULE = Kind(
    name="alert-rule",
    prefix="ARL",
    process="incident",
    family=Family.POLICY,
    table=tables.alert_rule,
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
            "severities", Structure(_checked_severities, '{"critical": [1, 1], "warning": [2, 2]}'),
            help="Impact and urgency by the severity an alert names, where they differ from the desk's.",
        ),
        Field(
            "grouping", Choice(GROUPINGS), required=True, default=GROUP, width=9,
            help="One incident for a group of alerts, or one for each alert.",
        ),
        Field("drop", Flag(), default=False, width=5, help="Nobody wants to hear of these; nothing is kept of them."),
    ),
    rules=Rules(check=(_check_match, _check_purpose)),
)  # fmt: skip
