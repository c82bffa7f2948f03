"""What a board decides on and what its votes come to: pure rules of change management."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class BoardRule(StrEnum):
    """When a board has agreed."""

    ALL = "all"
    """Every seat votes, and nobody votes against it."""
    MAJORITY = "majority"
    """The quorum has voted, and more than half of all seats are for it."""
    ANY = "any"
    """The quorum has voted, and one of them is for it."""


class Decision(StrEnum):
    """What the votes come to."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Ballot:
    """The vote that counts for one seat."""

    seat: int
    voter: int
    vote: str


@dataclass(frozen=True, slots=True)
class Tally:
    """A decision with what it rests on."""

    decision: Decision
    seats: int
    quorum: int
    approve: int
    reject: int
    abstain: int
    why: str
    """One sentence: why it is decided, or what is missing."""

    @property
    def voted(self) -> int:
        """Return how many seats have voted."""
        return self.approve + self.reject + self.abstain


def content_of(values: Mapping[str, Any], material: Sequence[str]) -> str:
    """Return the digest of what is decided on: SHA-256 of the material fields as canonical JSON. Nothing counts like empty."""
    facts = {name: values[name] for name in sorted(material) if values.get(name) not in (None, "", [], {})}
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def material_changes(old: Mapping[str, Any], new: Mapping[str, Any], material: Sequence[str]) -> tuple[str, ...]:
    """Return the material fields that differ, in the order in which they are declared."""
    return tuple(name for name in material if (old.get(name) or None) != (new.get(name) or None))


def counted(votes: Iterable[tuple[int, int, str]], seats: Iterable[int]) -> tuple[Ballot, ...]:
    """Return the vote that counts for each seat: the newest of the member themselves, else the newest of a substitute.

    Args:
        votes: seat, voter and vote, in the order in which they were cast.
        seats: the members who have a vote.
    """
    own: dict[int, Ballot] = {}
    for_them: dict[int, Ballot] = {}
    for seat, voter, vote in votes:
        (own if voter == seat else for_them)[seat] = Ballot(seat, voter, vote)
    chosen = ((seat, own.get(seat) or for_them.get(seat)) for seat in sorted(set(seats)))
    return tuple(ballot for _, ballot in chosen if ballot is not None)


def tally(rule: BoardRule, quorum: int, seats: int, ballots: Sequence[Ballot]) -> Tally:
    """Return what the votes of a board come to.

    A change is approved exactly when the rule is met, and rejected as soon as it cannot be met any more. Abstaining counts
    towards the quorum and for neither side. A quorum above the seats is the seats; a board without a seat decides nothing.
    """
    cast = {word: sum(ballot.vote == word for ballot in ballots) for word in ("approve", "reject", "abstain")}
    need = max(1, min(quorum, seats))
    approve, reject, abstain = cast["approve"], cast["reject"], cast["abstain"]
    voted, left = approve + reject + abstain, seats - approve - reject - abstain

    def told(decision: Decision, why: str) -> Tally:
        return Tally(decision, seats, need, approve, reject, abstain, why)

    if seats == 0:
        return told(Decision.PENDING, "nobody but the author sits on the board")
    if rule is BoardRule.ALL:
        if reject:
            return told(Decision.REJECTED, "every seat must agree, and one does not")
        if left:
            return told(Decision.PENDING, f"{left} of {seats} seats have not voted")
        return told(Decision.APPROVED, "every seat has voted and none is against") if approve else _nobody(told)
    half = seats // 2 + 1
    wanted = half if rule is BoardRule.MAJORITY else 1
    if approve + left < wanted:
        return told(Decision.REJECTED, f"{wanted} votes for it cannot be reached any more")
    if voted < need:
        return told(Decision.PENDING, f"{need - voted} more must vote: the quorum is {need} of {seats}")
    if approve >= wanted:
        return told(Decision.APPROVED, f"{approve} of {seats} are for it, {wanted} are needed")
    more = wanted - approve
    needed = "1 more vote for it is needed" if more == 1 else f"{more} more votes for it are needed"
    return told(Decision.PENDING, f"{needed}, {left} {'is' if left == 1 else 'are'} open")


def _nobody(told: Any) -> Tally:
    result: Tally = told(Decision.REJECTED, "everybody abstained")
    return result
