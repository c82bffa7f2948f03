"""What an alert rule must be to be kept: conditions and severities that can be read, and something that it says."""

from __future__ import annotations

from deskterm.errors import InvalidInput
from deskterm.incident.alert_routing import GROUP, Matcher, Severities
from deskterm.kinds import Rules
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


RULES = Rules(check=(_check_match, _check_purpose))


def checked_severities(value: object) -> object:
    """Check a table of severities that somebody gives; the hook of its field."""
    return {word: list(levels) for word, levels in Severities.parse(value).levels.items()}
