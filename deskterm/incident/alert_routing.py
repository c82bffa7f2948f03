"""Where alerts go and how bad they are, by rules that are data. Pure; what the rules leave open is `alert_places`'.

A rule matches labels. The first one that matches decides; a rule that matches everything is the default, which only fills in
what neither a rule, nor the alert's labels, nor the owner of the configuration item or the service say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import translate
from functools import lru_cache

from deskterm.errors import InvalidInput

GROUP, EACH = "group", "each"
GROUPINGS = (GROUP, EACH)
"""One incident for a group of alerts, or one for each alert."""
ANY_SOURCE = "any"
SOURCES = (ANY_SOURCE, "alertmanager", "nagios")

Levels = tuple[int, int]
"""Impact and urgency, 1 the highest of both."""

_LABEL = re.compile(r"([^\s=!]+)\s*(!?=)\s*(.*)", re.DOTALL)
_LEVELS = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class Matcher:
    """One condition on a label: `severity=critical|page`, `env!=test*`. A label that is missing is empty."""

    label: str
    equal: bool
    patterns: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> Matcher:
        """Read a condition.

        Raises:
            InvalidInput: it is none.
        """
        match = _LABEL.fullmatch(text.strip())
        if match is None:
            rule = f"{text[:60]!r} is no condition; write label=value or label!=value, with * for any text and | for or"
            raise InvalidInput(rule, fields={"match": rule})
        return cls(match[1], match[2] == "=", tuple(part.strip().strip('"') for part in match[3].split("|")))

    def holds(self, labels: Mapping[str, str]) -> bool:
        """Return whether labels meet it."""
        value = labels.get(self.label, "")
        return any(_pattern(pattern).match(value) is not None for pattern in self.patterns) is self.equal


@lru_cache(maxsize=1024)
def _pattern(glob: str) -> re.Pattern[str]:
    """Return a glob as a pattern that cannot backtrack, whatever a label holds; only `*` means something."""
    return re.compile(translate(glob.replace("[", "[[]").replace("?", "[?]")))


@dataclass(frozen=True, slots=True)
class Severities:
    """Impact and urgency by the word a source has for how bad something is."""

    levels: Mapping[str, Levels]

    @classmethod
    def parse(cls, given: object) -> Severities:
        """Read `{"critical": [1, 1]}`, or the rows `["critical", 1, 1]` as desk settings keep them.

        Raises:
            InvalidInput: a word has no impact and urgency from 1 to 3.
        """
        rows = given.items() if isinstance(given, Mapping) else given
        if not isinstance(rows, Iterable) or isinstance(rows, str):
            raise _wrong_severities("is a table")
        found: dict[str, Levels] = {}
        for row in rows:
            parts = list(row) if isinstance(row, list | tuple) else []
            word, levels = (parts[0], parts[1]) if len(parts) == 2 else (parts[0], parts[1:]) if len(parts) == 3 else (None, ())
            if not isinstance(word, str) or not isinstance(levels, list | tuple) or not _are_levels(levels):
                raise _wrong_severities(f"has no impact and urgency from 1 to 3 for {str(word if word else row)[:40]!r}")
            found[word.strip().casefold()] = (levels[0], levels[1])
        return cls(found)

    def of(self, word: str) -> Levels | None:
        """Return the levels of a word; None for one that is not known."""
        return self.levels.get(word.strip().casefold())


def _are_levels(levels: Sequence[object]) -> bool:
    return len(levels) == 2 and all(type(level) is int and level in _LEVELS for level in levels)


def _wrong_severities(rule: str) -> InvalidInput:
    sentence = f'{rule}; write {{"critical": [1, 1], "warning": [2, 2]}}'
    return InvalidInput(f"the table of severities {sentence}", fields={"severities": sentence})


def worst(levels: Iterable[Levels]) -> Levels:
    """Return the worst of several levels: the smallest sum, and of equals the greater impact."""
    return min(levels, key=lambda pair: (sum(pair), pair))


@dataclass(frozen=True, slots=True)
class Rule:
    """One routing rule as it stands."""

    name: str
    source: str
    matchers: tuple[Matcher, ...]
    team: int | None = None
    service: int | None = None
    category: str | None = None
    severities: Severities = Severities({})
    grouping: str = GROUP
    drop: bool = False

    @property
    def is_default(self) -> bool:
        """Whether it matches everything."""
        return not self.matchers

    def matches(self, source: str, labels: Mapping[str, str]) -> bool:
        """Return whether it is about an alert."""
        return self.source in (ANY_SOURCE, source) and all(matcher.holds(labels) for matcher in self.matchers)


@dataclass(frozen=True, slots=True)
class Route:
    """What the rules say of one alert."""

    rule: Rule | None
    """The first rule that matches it in particular."""
    default: Rule | None
    """The first one that matches everything."""
    levels: Levels

    @property
    def drop(self) -> bool:
        """Whether nobody wants to hear of it."""
        return any(rule.drop for rule in self._rules[:1])

    @property
    def grouping(self) -> str:
        """Whether its group becomes one incident, or each alert."""
        return next((rule.grouping for rule in self._rules), GROUP)

    @property
    def category(self) -> str | None:
        """The category of its incident."""
        return next((rule.category for rule in self._rules if rule.category), None)

    @property
    def _rules(self) -> list[Rule]:
        return [rule for rule in (self.rule, self.default) if rule is not None]


@dataclass(frozen=True, slots=True)
class Routing:
    """All rules in their order, and what the desk says where they do not."""

    rules: tuple[Rule, ...]
    severities: Severities
    severity_labels: tuple[str, ...]
    usual_levels: Levels

    def route(self, source: str, labels: Mapping[str, str]) -> Route:
        """Return what becomes of an alert with these labels."""
        matching = [rule for rule in self.rules if rule.matches(source, labels)]
        rule = next((rule for rule in matching if not rule.is_default), None)
        default = next((rule for rule in matching if rule.is_default), None)
        return Route(rule, default, self._levels(labels, [one for one in (rule, default) if one is not None]))

    def _levels(self, labels: Mapping[str, str], rules: Sequence[Rule]) -> Levels:
        words = [labels[name] for name in self.severity_labels if labels.get(name)]
        for word in words:
            for table in (*(rule.severities for rule in rules), self.severities):
                found = table.of(word)
                if found is not None:
                    return found
        return self.usual_levels
