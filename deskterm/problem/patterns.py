"""Looking for patterns: incidents that recur on one CI, service or category against their own past, and texts that are alike.

Run by the job `problem-candidates`. It reads the recent window a page at a time, at most `MOST_RECENT` incidents, and counts the
past in the database; so a run costs what is recent, not what there ever was. What it finds is kept by `propose`, once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection

from data import search
from data.holds import hold
from data.queries import problem as q
from data.vocab import Pattern
from deskterm.civil_time import DAY_SECONDS
from deskterm.journal import Entry, What
from deskterm.problem.likeness import groups
from deskterm.problem.rules import FEWEST, Recurrence, set_key
from deskterm.records import resolve, store
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit

if TYPE_CHECKING:
    from deskterm.jobs import JobContext

RECENT_SECONDS: Final = 14 * DAY_SECONDS
PAST_SECONDS: Final = 12 * 7 * DAY_SECONDS
"""The past that the recent window is compared with: a quarter, so that a busy week of it does not count for much."""
ANSWERED_SECONDS: Final = 365 * DAY_SECONDS
"""So long an answer to a candidate is remembered."""
REACH: Final = 400
MOST_RECENT: Final = 2_000
MOST_LISTED: Final = 100
"""Incidents that one candidate lists, the newest."""
PAGE: Final = 200
SAME_SET: Final = 0.5
"""Two sets of alike texts are the same trouble if they share so much of the smaller."""


@dataclass(frozen=True, slots=True)
class Found:
    """A pattern as it was found."""

    pattern: Pattern
    subject_id: int | None
    subject: str
    ids: tuple[int, ...]
    why: str
    evidence: Mapping[str, Any] = field(default_factory=dict)

    @property
    def summary(self) -> str:
        """What a candidate of it is called."""
        if self.pattern is Pattern.TEXT:
            return f"{len(self.ids)} incidents alike: {self.subject}"[:255]
        return f"{self.subject[:200]}: {len(self.ids)} incidents in {RECENT_SECONDS // DAY_SECONDS} days"


def look(connection: Connection, now: int) -> tuple[Found, ...]:
    """Return the patterns among the incidents of the last `RECENT_SECONDS` that no problem explains yet."""
    since = now - RECENT_SECONDS
    rows = [row for row in _recent(connection, since) if row.problem_id is None and row.began_at <= now]
    first = connection.execute(q.FIRST_EVER).scalar()
    past_at = max(now - RECENT_SECONDS - PAST_SECONDS, first if first is not None else since)
    found = [*_alike(connection, rows, past_at, since, now)]
    for pattern, name in ((Pattern.CI, "ci_id"), (Pattern.SERVICE, "service_id"), (Pattern.CATEGORY, "category")):
        found += _recurring(connection, pattern, name, rows, past_at, since, now)
    return tuple(found)


def _recent(connection: Connection, since: int) -> Iterator[Any]:
    after, count = 0, 0
    while count < MOST_RECENT:
        rows = connection.execute(q.SINCE, {"since": since, "after": after, "limit": PAGE}).all()
        yield from rows
        if len(rows) < PAGE:
            return
        after, count = rows[-1].id, count + len(rows)


def _alike(connection: Connection, rows: Sequence[Any], past_at: int, since: int, now: int) -> Iterator[Found]:
    """Yield texts that tell of the same and did not do so as often before.

    What callers say every week in the same words is the desk's daily bread. So where the desk has a past as long as the recent
    window, a group is held against those of its incidents that have all the shared words, by the same test as a CI, but each
    on its own: that they tell of the same is a reason already. The full text gives at most `REACH` of them, the newest where
    there are more: enough to tell daily bread from news.
    """
    from deskterm.service_desk.similar import significant

    texts = {row.id: significant(f"{row.title}. {(row.description or '')[:300]}", most=16) for row in rows}
    titles = {row.id: row.title for row in rows}
    found = groups(texts, fewest=FEWEST)
    for group in found:
        ids = group.keys[-MOST_LISTED:]
        words = ", ".join(group.words) or "the same words"
        past = _told_before(connection, group.words, past_at, since)
        tested = Recurrence(len(group.keys), past, now - since, max(0, since - past_at))
        if tested.past_seconds >= RECENT_SECONDS and not tested.recurs(1):
            continue
        days = RECENT_SECONDS // DAY_SECONDS
        why = f"{len(ids)} incidents in {days} days tell of the same: {words} (likeness {group.likeness:.2f})"
        evidence = {"words": list(group.words), "likeness": round(group.likeness, 3), **_figures(tested, 1)}
        yield Found(Pattern.TEXT, None, titles[group.middle][:160], ids, why, evidence)


def _told_before(connection: Connection, words: Sequence[str], past_at: int, since: int) -> int:
    """Return how many incidents of the past have all these words."""
    if not words or past_at >= since:
        return 0
    hits = search.find(connection, [search.Needle(word) for word in words], limit=REACH)
    asked = {"ids": [hit.record_id for hit in hits], "past": past_at, "since": since}
    return int(connection.execute(q.BEGAN_AMONG, asked).scalar_one())


def _recurring(
    connection: Connection, pattern: Pattern, name: str, rows: Sequence[Any], past_at: int, since: int, now: int
) -> Iterator[Found]:
    """Yield the subjects of a pattern that had more incidents lately than their own past explains.

    See `Recurrence.chance` for the test. The past reaches back `PAST_SECONDS`, or to the first incident that the desk knows: what
    was not recorded yet is no quiet time. Subjects with fewer than `FEWEST` recent incidents are not examined at all.
    """
    members: dict[Any, list[int]] = defaultdict(list)
    for row in rows:
        if getattr(row, name) is not None:
            members[getattr(row, name)].append(row.id)
    examined = {subject: ids for subject, ids in members.items() if len(ids) >= FEWEST}
    if not examined:
        return
    asked = {"past": past_at, "since": since, "subjects": list(examined)}
    past = {row.subject: row.incidents for row in connection.execute(q.PAST[str(pattern)], asked)}
    names = resolve.names(connection, {key for key in examined if isinstance(key, int)})
    for subject, ids in sorted(examined.items(), key=lambda pair: str(pair[0])):
        tested = Recurrence(len(ids), past.get(subject, 0), now - since, max(0, since - past_at))
        if not tested.recurs(len(examined)):
            continue
        title = names[subject].title if isinstance(subject, int) and subject in names else str(subject)
        yield Found(
            pattern, subject if isinstance(subject, int) else None, title[:160], tuple(sorted(ids)[-MOST_LISTED:]),
            _said(tested), _figures(tested, len(examined)),
        )  # fmt: skip


def _said(tested: Recurrence) -> str:
    days, before = tested.recent_seconds // DAY_SECONDS, max(1, tested.past_seconds // DAY_SECONDS)
    chance = "less than 1 in 10,000" if tested.chance < 1e-4 else f"{100 * tested.chance:.2f} %"
    usual = f"its own {before} days before let one expect {tested.expected:.1f}"
    return f"{tested.recent} incidents in {days} days; {usual}. Chance alone brings that in {chance} of such fortnights"


def _figures(tested: Recurrence, examined: int) -> dict[str, Any]:
    return {
        "recent": tested.recent, "past": tested.past, "recent_seconds": tested.recent_seconds,
        "past_seconds": tested.past_seconds, "expected": round(tested.expected, 3), "chance": tested.chance, "examined": examined,
    }  # fmt: skip


# Keeping what was found.


@dataclass(slots=True)
class _Kept:
    """A candidate that is there already."""

    id: int
    pattern: str
    subject_id: int | None
    subject: str
    state: str
    ids: set[int]


def propose(context: JobContext) -> int:
    """Look, and keep what is new; return how many candidates were made or grew. However many schedulers run it, once."""
    with context.database.read() as connection:
        found = look(connection, context.now)
    if not found:
        return 0
    with context.unit() as unit:
        hold(unit.connection, "problem candidates")
        kept = _kept(unit.connection, context.now)
        return sum(_keep(unit, one, kept) for one in found)


def _kept(connection: Connection, now: int) -> list[_Kept]:
    rows = connection.execute(q.CANDIDATES, {"since": now - ANSWERED_SECONDS})
    found: dict[int, _Kept] = {}
    for row in rows:
        one = found.setdefault(row.id, _Kept(row.id, row.pattern, row.subject_id, row.subject or "", row.state, set()))
        one.ids.add(row.target_id)
    return list(found.values())


def _keep(unit: Unit, found: Found, kept: list[_Kept]) -> bool:
    """Keep a pattern: as a new candidate, or as more incidents of one that waits. What was answered is not asked again.

    An answer holds for its set, whatever pattern finds it again: only once `FEWEST` incidents are new to all that was answered is
    there something to ask.
    """
    ids = set(found.ids)
    same = [one for one in kept if _is_same(found, ids, one)]
    waiting = next((one for one in same if one.state == "proposed"), None)
    if waiting is not None:
        return _grow(unit, waiting, found, ids - waiting.ids)
    answered = set[int]().union(*(one.ids for one in kept if one.state != "proposed"))
    if len(ids - answered) < FEWEST:
        return False
    covered = [one for one in kept if one.state == "proposed" and ids <= one.ids]
    if covered:
        return False  # the very incidents wait under another pattern: one question is enough
    kept.append(_make(unit, found))
    return True


def _is_same(found: Found, ids: set[int], kept: _Kept) -> bool:
    if found.pattern != kept.pattern:
        return False
    if found.subject_id is not None:
        return kept.subject_id == found.subject_id
    if found.pattern is not Pattern.TEXT:
        return kept.subject == found.subject
    return len(ids & kept.ids) >= SAME_SET * min(len(ids), len(kept.ids))


def _make(unit: Unit, found: Found) -> _Kept:
    values = {
        "summary": found.summary, "pattern": str(found.pattern), "subject_id": found.subject_id, "subject": found.subject,
        "why": found.why, "evidence": dict(found.evidence), "incidents": sorted(found.ids),
        "key": set_key(found.pattern, str(found.subject_id or found.subject), found.ids),
    }  # fmt: skip
    draft = Draft(unit.registry.kind("problem-candidate"), {}, values, state="proposed")
    store.insert_draft(unit, draft)
    return _Kept(draft.id, str(found.pattern), found.subject_id, found.subject, "proposed", set(found.ids))


def _grow(unit: Unit, waiting: _Kept, found: Found, more: Iterable[int]) -> bool:
    fresh = sorted(more)
    if not fresh:
        return False
    kind = unit.registry.kind("problem-candidate")
    draft = store.load(unit.connection, kind, [waiting.id], locked=True)[waiting.id]
    if draft.state != "proposed":
        return False  # somebody answered meanwhile
    waiting.ids.update(fresh)
    together = tuple(sorted(waiting.ids))[-MOST_LISTED:]
    wide = Found(found.pattern, found.subject_id, waiting.subject or found.subject, together, found.why, found.evidence)
    draft.new |= {"summary": wide.summary, "why": found.why, "evidence": dict(found.evidence), "incidents": list(together)}
    draft.new["key"] = set_key(found.pattern, str(found.subject_id or found.subject), together)
    store.update_draft(unit, draft)
    unit.journal(Entry(draft.id, draft.version, What.NOTE, text=f"{len(fresh)} more incidents of the same pattern"))
    return True
