"""The arithmetic of problem management: outlines of causes, wordings of a workaround, and whether something recurs. Pure."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from data.vocab import Verdict
from deskterm.errors import InvalidInput

DEEPEST: Final = 8
"""So many answers may stand below one another; five are usual, deeper ones are a story and no cause."""
MOST_WHYS: Final = 200
TEXT_LIMIT: Final = 1_000
EVIDENCE_LIMIT: Final = 4_000

FEWEST: Final = 3
"""Fewer incidents are no pattern."""
CHANCE: Final = 0.01
"""How often a run of the job may call chance a pattern, over all that it looks at together."""
TWICE: Final = 2.0
"""At least so many times as many as before: what is merely certain is not yet worth anybody's time."""


@dataclass(frozen=True, slots=True)
class Why:
    """An answer of an outline that is not stored yet."""

    text: str
    verdict: Verdict = Verdict.OPEN
    evidence: str | None = None
    whys: tuple[Why, ...] = ()


def read_outline(given: object) -> object:
    """Check an outline from outside: a list of `{"text", "verdict", "evidence", "whys"}`; the last three may be missing.

    Returns:
        The same, cleaned: every answer with all four.

    Raises:
        InvalidInput: it is none, too deep, too long, or an answer is wrong.
    """
    if not isinstance(given, list):
        raise InvalidInput('must be a list of answers such as [{"text": "…"}]')
    found = [_read_why(item, 1) for item in given]
    if sum(_size(item) for item in found) > MOST_WHYS:
        raise InvalidInput(f"has more than {MOST_WHYS} answers")
    return found


def _read_why(item: object, depth: int) -> dict[str, Any]:
    if depth > DEEPEST:
        raise InvalidInput(f"goes deeper than {DEEPEST} answers")
    if not isinstance(item, dict) or set(item) - {"text", "verdict", "evidence", "whys", "number"}:
        raise InvalidInput("holds something that is no answer with text, verdict, evidence and whys")
    text, evidence, below = item.get("text"), item.get("evidence"), item.get("whys") or []
    if not isinstance(text, str) or not text.strip() or len(text.strip()) > TEXT_LIMIT or "\x00" in text:
        raise InvalidInput(f"has an answer without a text of at most {TEXT_LIMIT:,} characters")
    if evidence is not None and (not isinstance(evidence, str) or len(evidence) > EVIDENCE_LIMIT or "\x00" in evidence):
        raise InvalidInput(f"has evidence that is no text of at most {EVIDENCE_LIMIT:,} characters")
    try:
        verdict = Verdict(item.get("verdict") or Verdict.OPEN)
    except ValueError:
        raise InvalidInput(f"has a verdict that is none of {', '.join(Verdict)}") from None
    if not isinstance(below, list):
        raise InvalidInput("has whys that are no list")
    whys = [_read_why(one, depth + 1) for one in below]
    return {"text": " ".join(text.split()), "verdict": verdict.value, "evidence": (evidence or "").strip() or None, "whys": whys}


def _size(item: Mapping[str, Any]) -> int:
    return 1 + sum(_size(one) for one in item["whys"])


def digest(workaround: str) -> str:
    """Return what tells one wording of a workaround from another; blanks make none."""
    return hashlib.sha256(" ".join(workaround.split()).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Recurrence:
    """How often something was lately, against its own past."""

    recent: int
    past: int
    recent_seconds: int
    past_seconds: int

    @property
    def expected(self) -> float:
        """How many the past lets one expect in the recent window; 0 where there were none, or no past."""
        return self.past * self.recent_seconds / self.past_seconds if self.past_seconds > 0 else 0.0

    @property
    def chance(self) -> float:
        """The probability that so many or more come in the recent window by chance, if nothing has changed.

        Incidents that come independently at one constant rate fall into a window in proportion to its length. So of all
        n = recent + past incidents each lies in the recent window with probability q = recent / (recent + past seconds), and
        their number there is binomial: P(X >= recent) = sum over k from recent to n of C(n, k) q^k (1 - q)^(n - k). This is the
        exact test that compares two Poisson counts given their sum (Przyborowski and Wilenski, 1940); it needs no estimate of
        the rate, holds for small counts, and gives 1 where there is no past to compare with.
        """
        if self.past_seconds <= 0 or self.recent_seconds <= 0:
            return 1.0
        total = self.recent + self.past
        share = self.recent_seconds / (self.recent_seconds + self.past_seconds)
        return min(1.0, math.fsum(_binomial(k, total, share) for k in range(self.recent, total + 1)))

    def recurs(self, looked_at: int) -> bool:
        """Return whether this is a pattern, with `looked_at` subjects examined together.

        Each of many subjects has its own small chance to look odd; dividing the bound by their number (Bonferroni) keeps the
        chance that a whole run proposes anything without reason at `CHANCE`.
        """
        enough = self.recent >= FEWEST and self.recent >= TWICE * self.expected
        return enough and self.chance <= CHANCE / max(1, looked_at)


def _binomial(k: int, n: int, q: float) -> float:
    """Return the probability of k of n; in logarithms, for n may be large."""
    if q >= 1.0:
        return float(k == n)
    logarithm = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) + k * math.log(q) + (n - k) * math.log1p(-q)
    return math.exp(logarithm)


def set_key(pattern: str, subject: str, ids: Iterable[int]) -> str:
    """Return what a candidate is known by: its pattern and the very incidents it was found in, whoever finds them."""
    told = f"{pattern}:{subject}:{','.join(str(one) for one in sorted(ids))}"
    return hashlib.sha256(told.encode()).hexdigest()


def numbered(rows: Sequence[tuple[int, int | None, int]]) -> dict[int, str]:
    """Return the number of each answer in its outline, such as 1.2, in the order in which they are read.

    Args:
        rows: id, id of the parent, position.
    """
    below: dict[int | None, list[tuple[int, int]]] = {}
    for key, parent, position in rows:
        below.setdefault(parent, []).append((position, key))

    def walk(parent: int | None, prefix: str) -> Iterator[tuple[int, str]]:
        for place, (_, key) in enumerate(sorted(below.get(parent, ())), 1):
            number = f"{prefix}{place}"
            yield key, number
            yield from walk(key, f"{number}.")

    return dict(walk(None, ""))


FIRST_PERCENT = 80
"""The vital few make so much of all."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a Pareto chart."""

    name: str
    count: int
    percent: float | None
    """Of all that is named, 0 to 100; None for what is not."""
    cumulative_percent: float | None
    """The share of this bar and all before it."""


def pareto(counts: Mapping[str, int], unnamed: Mapping[str, int] | None = None) -> tuple[Bar, ...]:
    """Return counts from the largest down, each with its share and the share of all so far; of nothing, nothing.

    Args:
        counts: How many, by name.
        unnamed: How many nothing is known of, by what to call them: they come last and have no share, for they are no cause.
    """
    total, so_far, bars = sum(counts.values()), 0, []
    for name, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        so_far += count
        bars.append(Bar(name, count, 100 * count / total, 100 * so_far / total))
    bars += [Bar(name, count, None, None) for name, count in (unnamed or {}).items() if count]
    return tuple(bars)


def vital_few(bars: Sequence[Bar]) -> tuple[int, float] | None:
    """Return how many of the first bars make the first 80 %, one at least, and what they make; None where nothing is named."""
    shares = [bar.cumulative_percent for bar in bars if bar.cumulative_percent is not None]
    if not shares:
        return None
    few = max(1, sum(share <= FIRST_PERCENT for share in shares))
    return few, shares[few - 1]
