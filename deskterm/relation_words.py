"""The words by which people link records, declared once: what each says, and which kinds it may stand between.

A process adds its own as a tuple named `RELATIONS` beside its `KINDS`. Relations that a field keeps follow from the field; which
links make sense beyond their kinds is for the rules of the kinds to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from deskterm.fields import Refs

if TYPE_CHECKING:
    from deskterm.kinds import Kind, Registry

ANY: Final = ("*",)
"""Records of every kind."""
WORK: Final = ("work",)
"""Records of every kind of work."""

MEMBER_OF: Final = "member-of"
"""From an agent to each of their teams."""
SITS_ON: Final = "sits-on"
"""From an agent to each board on which they have a vote."""
RECURRENCE_OF: Final = "recurrence-of"
"""From the incident of an alert that fired again to the one before, where that could not be reopened."""


@dataclass(frozen=True, slots=True)
class Relation:
    """One word, read from the source to the target: `A depends-on B`."""

    word: str
    said: str
    """The same as a person says it."""
    sources: tuple[str, ...]
    """Names of kinds, `WORK` or `ANY`."""
    targets: tuple[str, ...]

    def fits(self, source: Kind, target: Kind | None = None) -> bool:
        """Return whether it may lead from one kind to another, or, with no target, to any."""
        return _among(source, self.sources) and (target is None or _among(target, self.targets))


def _among(kind: Kind, names: tuple[str, ...]) -> bool:
    return names == ANY or kind.name in names or (kind.is_work and names == WORK)


GENERAL: Final = (
    Relation("relates-to", "has to do with", ANY, ANY),
    Relation("child-of", "is part of", WORK, WORK),
    Relation("duplicate-of", "is the same as", WORK, WORK),
    Relation("caused-by", "was caused by", WORK, ANY),
    Relation("solved-by", "is solved by", WORK, ANY),
    Relation("affects", "affects", WORK, ANY),
    Relation("follows", "comes after", WORK, WORK),
)
"""What every desk says, whichever processes it has."""
SYNONYMS: Final = {"related": "relates-to", "related-to": "relates-to", "duplicates": "duplicate-of", "follow-up-of": "follows"}
"""Other words for the same; what was linked by one of them before is still ended by it."""
BY_FIELD: Final = {
    "belongs-to": "the field service of a CI",
    "changes": "the field cis of a change, on which its board votes",
    "template-for": "the field cis of a change template, for which it is approved",
    "includes": "the field changes of a release, by which it is ready",
}
"""Relations that nobody makes or ends but by the field that keeps them: what was decided on must not change beside it."""


def fitting(registry: Registry, source: Kind, target: Kind | None = None) -> Iterator[Relation]:
    """Yield what may lead from a kind to another, or to any: what is declared, then what fields of the two keep."""
    yield from (relation for relation in registry.relations.values() if relation.fits(source, target))
    for kind in registry:
        for item in kind.links:
            shape = item.type
            if not isinstance(shape, Refs) or item.derived or shape.relation in BY_FIELD:
                continue
            one, other = (shape.to, kind.name) if shape.inverse else (kind.name, shape.to)
            if one == source.name and (target is None or other == target.name):
                yield Relation(shape.relation, f"as the field {item.name} of {kind.one} says", (one,), (other,))
