"""Which of many short texts tell of the same: one explainable measure, and groups around the text that most resemble. Pure.

A text is the set of its significant words and of the pairs that stand side by side (shingles of two words): `vpn`, `gateway`,
`vpn gateway`. A term that few texts have says more than one that many have: its weight is its smoothed inverse document
frequency w = 1 + ln((1 + n) / (1 + df)), for df of n texts. Two texts are as alike as the cosine of their weighted sets: the sum
of w^2 over the terms they share, divided by the product of the roots of the same sum over each alone (0 nothing, 1 the same).

Cost: a term that stands in more than `MOST_SHARED` of the texts, or in a fifth of many, pairs nothing, though it still
counts in the measure of pairs that others found. So each text is compared with few, and n texts take n x terms x `MOST_SHARED`.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

ALIKE: Final = 0.5
"""Cosine from which two texts tell of the same."""
MOST_SHARED: Final = 120
MOST_TERMS: Final = 40
"""Terms of a text that are looked at, the first of it: what is wrong is said first."""
SHOWN_WORDS: Final = 4


@dataclass(frozen=True, slots=True)
class Group:
    """Texts that tell of the same."""

    keys: tuple[int, ...]
    middle: int
    """The text that most resembles the others."""
    words: tuple[str, ...]
    """What they share, the most telling first."""
    likeness: float
    """Mean cosine of the others with the one in the middle."""


def terms(words: Sequence[str]) -> tuple[str, ...]:
    """Return the terms of a text: its words and the pairs of neighbours, each once, the first `MOST_TERMS`."""
    pairs = [f"{one} {other}" for one, other in itertools.pairwise(words)]
    return tuple(dict.fromkeys([*words, *pairs]))[:MOST_TERMS]


def groups(texts: Mapping[int, Sequence[str]], *, fewest: int) -> tuple[Group, ...]:
    """Return the groups of at least `fewest` texts, the largest first; no text is in two.

    Each group is a star: a text in its middle and all that are alike to it. Stars do not chain: A like B and B like C do not put
    A and C together, unless one of them is the middle. The text with most neighbours is a middle first; the older of equals.

    Args:
        texts: the significant words of each text by key, in their order.
        fewest: fewer make no group.
    """
    sets = {key: terms(words) for key, words in texts.items() if words}
    seen = Counter(term for found in sets.values() for term in found)
    weights = {term: (1 + math.log((1 + len(sets)) / (1 + count))) ** 2 for term, count in seen.items()}
    norms = {key: math.sqrt(math.fsum(weights[term] for term in found)) for key, found in sets.items()}
    near = _neighbours(sets, seen, weights, norms)
    taken: set[int] = set()
    found_groups = []
    for key in sorted(near, key=lambda one: (-len(near[one]), one)):
        others = {other: cosine for other, cosine in near[key].items() if other not in taken}
        if key in taken or len(others) + 1 < fewest:
            continue
        members = (key, *sorted(others))
        taken.update(members)
        mean = math.fsum(others.values()) / len(others)
        found_groups.append(Group(tuple(sorted(members)), key, _shared(members, sets, weights), mean))
    return tuple(sorted(found_groups, key=lambda group: (-len(group.keys), group.keys)))


def _neighbours(
    sets: Mapping[int, Sequence[str]], seen: Mapping[str, int], weights: Mapping[str, float], norms: Mapping[int, float]
) -> dict[int, dict[int, float]]:
    """Return for each text those that are alike to it, with the cosine."""
    most = min(MOST_SHARED, max(20, len(sets) // 5))
    holders: dict[str, list[int]] = defaultdict(list)
    for key, found in sets.items():
        for term in found:
            if 1 < seen[term] <= most:
                holders[term].append(key)
    near: dict[int, dict[int, float]] = defaultdict(dict)
    members = {key: frozenset(found) for key, found in sets.items()}
    for key, found in sets.items():
        others = {other for term in found for other in holders.get(term, ()) if other > key}
        for other in others:
            if not norms[key] or not norms[other]:
                continue
            shared = math.fsum(weights[term] for term in members[key] & members[other])
            cosine = shared / (norms[key] * norms[other])
            if cosine >= ALIKE:
                near[key][other] = near[other][key] = cosine
    return near


def _shared(keys: Sequence[int], sets: Mapping[int, Sequence[str]], weights: Mapping[str, float]) -> tuple[str, ...]:
    """Return the words that most of a group have, the most telling first."""
    counted = Counter(term for key in keys for term in sets[key] if " " not in term)
    most = [term for term, count in counted.items() if count * 2 > len(keys)]
    return tuple(sorted(most, key=lambda term: (-counted[term] * weights[term], term))[:SHOWN_WORDS])
