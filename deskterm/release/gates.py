"""What a release must have before it is ready, as a check list, and what a build must be made of. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

APPROVED = frozenset({"approved", "scheduled", "implementing", "review", "closed"})
"""States of a change that stand on its approval."""
UNSUCCESSFUL = frozenset({"backed-out", "failed"})
"""Closure codes of a change whose work does not stand any more."""
FULL, DELTA, PACKAGE = "full", "delta", "package"


@dataclass(frozen=True, slots=True)
class ChangeFact:
    """A linked change."""

    number: str
    title: str
    state: str
    code: str = ""
    """How it was closed."""


@dataclass(frozen=True, slots=True)
class ItemFact:
    """An item of a build, as built and as the library has it now."""

    number: str
    name: str
    version: str
    built_sha256: str
    library_sha256: str | None
    state: str
    """State of the item in the library."""
    integrity: str
    """What the last verification of its file found."""
    unit: int | None = None


@dataclass(frozen=True, slots=True)
class CaseFact:
    """A test of the build that is to go out."""

    campaign: str
    name: str
    mandatory: bool
    result: str


@dataclass(frozen=True, slots=True)
class CampaignFact:
    """A campaign of tests of that build."""

    name: str
    signed_by: str
    cases: tuple[CaseFact, ...]


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """Everything the gates look at."""

    changes: tuple[ChangeFact, ...]
    build: int | None
    """Position of the newest finished build."""
    building: bool
    """A newer build is under way."""
    items: tuple[ItemFact, ...]
    campaigns: tuple[CampaignFact, ...]
    has_backout_plan: bool
    rehearsed_at: int | None
    has_evidence: bool


@dataclass(frozen=True, slots=True)
class Gate:
    """One line of the check list."""

    name: str
    title: str
    missing: tuple[str, ...]
    """Everything that stands in the way, a sentence each; empty where the gate is open."""
    found: str
    """What is there, in a few words."""

    @property
    def is_open(self) -> bool:
        """Return whether nothing is missing."""
        return not self.missing


def gates(facts: ReleaseFacts) -> tuple[Gate, ...]:
    """Return the check list of a release, whole: what is there and what is missing."""
    return (_changes(facts), _build(facts), _tests(facts), _backout(facts))


def missing(found: Iterable[Gate]) -> tuple[str, ...]:
    """Return everything that is missing, over all gates."""
    return tuple(sentence for gate in found for sentence in gate.missing)


def disapproved(changes: Iterable[ChangeFact]) -> tuple[str, ...]:
    """Return a sentence for each change that is not approved, or not any more."""
    return tuple(_disapproval(one) for one in changes if not _stands(one))


def _stands(change: ChangeFact) -> bool:
    return change.state in APPROVED and change.code not in UNSUCCESSFUL


def _disapproval(change: ChangeFact) -> str:
    if change.code in UNSUCCESSFUL:
        return f"{change.number} was closed as {change.code}: it does not authorise this any more"
    return f"{change.number} is {change.state}, not approved"


def _changes(facts: ReleaseFacts) -> Gate:
    lacking = disapproved(facts.changes) if facts.changes else ("no change is linked: a release carries out approved changes",)
    good = sum(_stands(one) for one in facts.changes)
    return Gate("changes", "Changes approved", lacking, f"{good} of {len(facts.changes)} approved")


def _build(facts: ReleaseFacts) -> Gate:
    if facts.build is None:
        under_way = "; the build under way is not finished" if facts.building else ""
        return Gate("build", "Build complete", (f"no build is finished{under_way}",), "no build")
    lacking = ["a newer build is under way; finish or abandon it"] if facts.building else []
    lacking += damaged(facts.items)
    return Gate("build", "Build complete", tuple(lacking), f"build {facts.build} of {_count(len(facts.items), 'item')}")


def damaged(items: Iterable[ItemFact]) -> tuple[str, ...]:
    """Return a sentence for each item of a build whose file is not what it was built of, or not in the library any more."""
    return tuple(sentence for item in items if (sentence := _item_fault(item)))


def _item_fault(item: ItemFact) -> str:
    named = f"{item.number} {item.name} {item.version}"
    if item.state != "in-library":
        return f"{named} is {item.state.replace('-', ' ')}, not in the library any more"
    if item.library_sha256 != item.built_sha256:
        return f"{named} has another file in the library than the build was made of"
    if item.integrity != "verified":
        return f"{named} is {item.integrity or 'unverified'}: its file is not what the library recorded"
    return ""


def _tests(facts: ReleaseFacts) -> Gate:
    cases = [case for campaign in facts.campaigns for case in campaign.cases]
    mandatory = [case for case in cases if case.mandatory]
    lacking: list[str] = []
    if not facts.campaigns:
        which = "the finished build" if facts.build is None else f"build {facts.build}"
        lacking.append(f"no test campaign was run on {which}")
    elif not mandatory:
        lacking.append("no test is mandatory: at least one must be")
    lacking += [
        f"the mandatory test {case.name!r} ({case.campaign}) is {case.result}" for case in mandatory if case.result != "passed"
    ]
    lacking += [f"the test campaign {one.name} is not signed off" for one in facts.campaigns if not one.signed_by]
    passed = sum(case.result == "passed" for case in mandatory)
    return Gate("tests", "Mandatory tests passed", tuple(lacking), f"{passed} of {len(mandatory)} passed")


def _backout(facts: ReleaseFacts) -> Gate:
    lacking = []
    if not facts.has_backout_plan:
        lacking.append("there is no back-out plan (field backout_plan)")
    if facts.rehearsed_at is None:
        lacking.append("the back-out plan was not rehearsed (field backout_rehearsed_at)")
    if not facts.has_evidence:
        lacking.append("nothing says how the rehearsal went (field backout_evidence)")
    return Gate("backout", "Back-out rehearsed", tuple(lacking), "rehearsed" if not lacking else "not rehearsed")


def _count(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class Part:
    """An item as it goes into a build."""

    number: str
    name: str
    version: str
    sha256: str
    unit: int | None


def build_faults(
    type_: str, parts: Sequence[Part], masters: Sequence[Part], before: Mapping[str, str], unit: int | None
) -> tuple[str, ...]:
    """Return why these items do not make a release of a type.

    Args:
        type_: full, delta or package.
        parts: what the build is made of.
        masters: the newest item of each name that the library holds of the release unit.
        before: the hashes of the last release of the unit, by name; empty where it is the first.
        unit: the release unit.
    """
    if not parts:
        return ("a build is made of at least one item of the library",)
    if type_ == FULL:
        there = {part.name for part in parts}
        lacking = [f"{one.number} {one.name} {one.version}" for one in masters if one.name not in there]
        return (f"a full release has every component of its unit; missing: {', '.join(lacking)}",) if lacking else ()
    if type_ == DELTA:
        same = [part for part in parts if before.get(part.name) == part.sha256]
        if same and len(same) == len(parts):
            return ("a delta release has only what changed; every item is the same as in the last release",)
        return tuple(f"{one.number} {one.name} is unchanged since the last release; a delta leaves it out" for one in same)
    units = {part.unit for part in parts if part.unit is not None} | ({unit} if unit is not None else set())
    if len(units) < 2:
        return ("a package release brings several release units together; its items are all of one",)
    return ()
