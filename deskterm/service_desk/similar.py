"""What resembles a contact while it is typed: open incidents, known errors and problems, articles. Ranked, with the reason.

Text finds candidates (any of the significant words, so that the desk's own size does not matter: the engine gives so many of
the best or newest and no more), a shared CI or service finds others; then each is scored by what it shares.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select

from data import search
from data.queries import problem as q
from data.tables.core import HOLDS, link, record
from data.tables.incident import incident, request
from data.tables.problem import known_error, problem
from data.tables.service_desk import knowledge
from deskterm.desk import Desk
from deskterm.problem.workflow import HELPS
from deskterm.records import resolve
from deskterm.service_desk import lookup
from deskterm.service_desk.schema import Likeness, Similar

WORK: Final = ("incident", "request")
ROWS: Final = 5
"""Similar records shown."""
REACH: Final = 400
"""Matches of any word that are looked at."""
NEAR: Final = 60
"""Open records of the same CI or service that are looked at."""
MOST_WORDS: Final = 8
SHORTEST_WORD: Final = 3

SAME_WORDS: Final = 0.55
SAME_CI: Final = 0.30
SAME_SERVICE: Final = 0.15
"""Shares of a score: text, CI, service. They add up to one."""
IN_BODY: Final = 0.25
"""What shares words only in its text, not in its title, has so much of the share of text."""
LEAST: Final = 0.12
"""What scores less is noise."""
SURE: Final = 0.15
"""A known error is applied by one key: a word that stands anywhere in it is not enough."""
TOLD: Final = 500
"""Characters of a text besides the title whose words count."""

_COMMON_WORDS: Final = """
the and for not has have with that this from but are was were can cannot cant could will would does did doesnt dont its into out
all any our his her their them she you your please help problem issue error since after when what who how why again still just
very now new user users caller works working work
der die das und nicht ein eine ist sind mit auf fur von kann geht bitte hilfe fehler seit nach wenn wie warum noch mehr sehr neu
bei wir ihr sie
"""
COMMON: Final = frozenset(_COMMON_WORDS.split())
"""Words that say nothing about what is wrong, in English and German."""

_COLUMNS = (
    record.c.id, record.c.number, record.c.kind, record.c.title, record.c.title_key, record.c.state, record.c.ci_id,
    record.c.service_id, record.c.assignee_id,
)  # fmt: skip
# What is no open work is left out afterwards: asked for beside ids, SQLite would rather read a whole kind than a few rows.
_BY_ID = select(*_COLUMNS, record.c.open_since).where(record.c.id.in_(bindparam("ids", expanding=True)))
_OPEN_OF = {
    name: select(record.c.id)
    .where(column == bindparam("id"), record.c.open_since.is_not(None))
    .order_by(record.c.id.desc())
    .limit(NEAR)
    for name, column in (("ci", record.c.ci_id), ("service", record.c.service_id))
}
_AFFECTED = tuple(
    select(table.c.id, table.c.affected).where(table.c.id.in_(bindparam("ids", expanding=True))) for table in (incident, request)
)
_ARTICLES = (
    select(*_COLUMNS, knowledge.c.used)
    .join(knowledge, knowledge.c.id == record.c.id)
    .where(record.c.id.in_(bindparam("ids", expanding=True)), record.c.state == "published")
)
_ARTICLES_OF = (
    select(record.c.id)
    .where(record.c.service_id == bindparam("id"), record.c.kind == "knowledge", record.c.state == "published")
    .order_by(record.c.id.desc())
    .limit(NEAR)
)
ERRORS: Final = ("known-error", "problem")
# By the few problems there are, not by all work of a service: the sum keeps both databases from its index.
_ERRORS_OF = {
    name: tuple(
        select(record.c.id)
        .join(table, table.c.id == record.c.id)
        .where(column + 0 == bindparam("id"))
        .order_by(record.c.id.desc())
        .limit(NEAR)
        for table in (known_error, problem)
    )
    for name, column in (("ci", record.c.ci_id), ("service", record.c.service_id))
}
_ON_CI = (
    select(link.c.source_id)
    .where(link.c.target_id == bindparam("id"), link.c.relation == "known-on", HOLDS)
    .order_by(link.c.source_id.desc())
    .limit(NEAR)
)
_OF_PROBLEMS = select(known_error.c.id, known_error.c.problem_id).where(
    known_error.c.problem_id.in_(bindparam("ids", expanding=True))
)


@dataclass(frozen=True, slots=True)
class _Known:
    """A likeness with its references resolved and its words chosen."""

    words: tuple[str, ...]
    open_word: str
    """The last word, while it may only have begun; empty if it is ended."""
    ci: int | None
    service: int | None


def significant(text: str, *, typing: bool = False, most: int = MOST_WORDS) -> tuple[str, ...]:
    """Return the words of a text that say something, folded, at most eight, in their order.

    Args:
        text: Any text.
        typing: Whether its last word may only have begun; it is then kept even if it is common so far.
        most: How many at most, where eight are too few.
    """
    words = search.tokens(text[:2_000])
    kept = [
        word
        for place, word in enumerate(words)
        if (typing and place == len(words) - 1 and len(word) > 1) or (len(word) >= SHORTEST_WORD and word not in COMMON)
    ]
    return tuple(dict.fromkeys(kept))[:most]


def open_work(desk: Desk, likeness: Likeness, *, limit: int = ROWS) -> tuple[Similar, ...]:
    """Return open incidents and requests that resemble a contact, the likest first."""
    kinds = tuple(desk.registry.kind(name) for name in WORK)
    if desk.actor.restricted or not all(lookup.readable(desk, kind) for kind in kinds):
        return ()
    with desk.database.read() as connection:
        known = _known(connection, likeness)
        by_text = _by_text(connection, known)
        ids = dict.fromkeys([*by_text, *_by_things(connection, known)])
        found = connection.execute(_BY_ID, {"ids": list(ids)}).all() if ids else []
        rows = [row for row in found if row.open_since is not None and row.kind in WORK]
        best = _best(known, rows, frozenset(by_text), limit, without=likeness.without)
        affected = {row.id: row.affected for statement in _AFFECTED for row in connection.execute(statement, {"ids": _ids(best)})}
        names = resolve.names(connection, {row.assignee_id for _, _, row in best if row.assignee_id is not None})
    return tuple(
        _similar(score, why, row, affected.get(row.id) or 1, names[row.assignee_id].title if row.assignee_id in names else "")
        for score, why, row in best
    )


def articles(desk: Desk, likeness: Likeness, *, limit: int = ROWS) -> tuple[Similar, ...]:
    """Return published articles that may answer a contact, the likest first."""
    kind = desk.registry.kind("knowledge")
    if not lookup.readable(desk, kind):
        return ()
    with desk.database.read() as connection:
        known = _known(connection, likeness)
        by_text = _by_text(connection, known, numbered=(kind.prefix,))
        of_service = connection.execute(_ARTICLES_OF, {"id": known.service}).scalars() if known.service is not None else ()
        ids = dict.fromkeys([*by_text, *of_service])
        rows = connection.execute(_ARTICLES, {"ids": list(ids)}).all() if ids else []
        best = _best(known, rows, frozenset(by_text), limit)
    return tuple(_similar(score, why, row, row.used) for score, why, row in best)


def known_errors(desk: Desk, likeness: Likeness, *, limit: int = ROWS) -> tuple[Similar, ...]:
    """Return known errors that help, and problems whose cause is still looked for, the likest first, known errors before.

    A problem that has a known error is told by that. `affected` is how many incidents are linked to the problem.
    """
    if desk.actor.restricted or not all(lookup.readable(desk, desk.registry.kind(name)) for name in ERRORS):
        return ()
    prefixes = tuple(desk.registry.kind(name).prefix for name in ERRORS)
    with desk.database.read() as connection:
        known = _known(connection, likeness)
        by_text = _by_text(connection, known, numbered=prefixes)
        on_ci = frozenset(connection.execute(_ON_CI, {"id": known.ci}).scalars()) if known.ci is not None else frozenset[int]()
        things = ((name, key) for name, key in (("ci", known.ci), ("service", known.service)) if key is not None)
        near = [
            key for name, one in things for found in _ERRORS_OF[name] for key in connection.execute(found, {"id": one}).scalars()
        ]
        ids = dict.fromkeys([*by_text, *on_ci, *near])
        rows = connection.execute(_BY_ID, {"ids": list(ids)}).all() if ids else []
        open_ = [row for row in rows if _is_of_help(row)]
        symptoms = {row.id: row.symptom for of in _SYMPTOMS for row in connection.execute(of, {"ids": [one.id for one in open_]})}
        best = _best(
            known, open_, frozenset(by_text), limit * 2, without=likeness.without, on_ci=on_ci, more=symptoms, least=SURE
        )
        problems = {row.problem_id: row.id for row in connection.execute(_OF_PROBLEMS, {"ids": _ids(best)})}
        told = {row.id for _, _, row in best}
        best = [one for one in best if problems.get(one[2].id) not in told]
        owners = {row.id: row.problem_id for row in connection.execute(_OWNERS, {"ids": _ids(best)})}
        keys = [owners.get(row.id, row.id) for _, _, row in best]
        counts = {row.problem_id: row.incidents for row in connection.execute(q.COUNTS_OF, {"ids": keys})}
    ranked = sorted(best, key=lambda one: one[2].kind != "known-error")[:limit]
    return tuple(_similar(score, why, row, counts.get(owners.get(row.id, row.id), 0)) for score, why, row in ranked)


def _is_of_help(row: Any) -> bool:
    return row.state in HELPS if row.kind == "known-error" else row.kind == "problem" and row.open_since is not None


_SYMPTOMS = tuple(
    select(table.c.id, told.label("symptom")).where(table.c.id.in_(bindparam("ids", expanding=True)), told.is_not(None))
    for table, told in ((known_error, known_error.c.symptom), (problem, problem.c.symptoms))
)
_OWNERS = select(known_error.c.id, known_error.c.problem_id).where(known_error.c.id.in_(bindparam("ids", expanding=True)))


def _known(connection: Connection, likeness: Likeness) -> _Known:
    typing = bool(likeness.summary) and likeness.summary[-1].isalnum() and not likeness.description
    words = significant(f"{likeness.summary} {likeness.description}".strip(), typing=typing)
    last = search.tokens(likeness.summary)[-1:] if typing else []
    open_word = last[0] if last and last[0] in words else ""
    return _Known(
        tuple(word for word in words if word != open_word),
        open_word,
        _one(connection, likeness.ci, "ci"),
        _one(connection, likeness.service, "service"),
    )


def _one(connection: Connection, text: object, kind: str) -> int | None:
    """Return the record that a value names, if it does: half-typed names are nobody's error here."""
    if text in (None, ""):
        return None
    try:
        return resolve.one_of(connection, text, (kind,))
    except ValueError:
        return None


def _by_text(connection: Connection, known: _Known, *, numbered: Sequence[str] = ()) -> list[int]:
    needles = [search.Needle(word) for word in known.words]
    if known.open_word:
        needles.append(search.Needle(known.open_word, prefix=True))
    if not needles:
        return []
    # All words first: where any one of them is common, the newest of a million hide those that share them all.
    found = search.find(connection, needles, limit=REACH // 4, numbered=numbered) if len(needles) > 1 else []
    found += search.find(connection, needles, limit=REACH, any_of=True, numbered=numbered)
    return [hit.record_id for hit in found]


def _by_things(connection: Connection, known: _Known) -> list[int]:
    wanted = ((name, key) for name, key in (("ci", known.ci), ("service", known.service)) if key is not None)
    return [found for name, key in wanted for found in connection.execute(_OPEN_OF[name], {"id": key}).scalars()]


def _best(
    known: _Known, rows: Iterable[Any], by_text: frozenset[int], limit: int, *, without: str = "",
    on_ci: frozenset[int] = frozenset(), more: Mapping[int, str] = MappingProxyType({}), least: float = LEAST,
) -> list[tuple[float, str, Any]]:  # fmt: skip
    scored = [
        (*_score(known, row, in_text=row.id in by_text, on_ci=row.id in on_ci, more=more.get(row.id, "")), row)
        for row in rows
        if row.number != without
    ]
    kept = [one for one in scored if one[0] >= least]
    return sorted(kept, key=lambda one: (-one[0], -one[2].id))[:limit]


def _ids(best: Sequence[tuple[float, str, Any]]) -> list[int]:
    return [row.id for _, _, row in best]


def _score(known: _Known, row: Any, *, in_text: bool, on_ci: bool = False, more: str = "") -> tuple[float, str]:
    """Return how much a record shares, and what.

    Args:
        known: What is looked for.
        row: A record's spine.
        in_text: Whether the full text found it, wherever the words stand.
        on_ci: Whether it is about the CI, among others.
        more: Text whose words count like those of its title, such as its symptoms.
    """
    title = set(search.tokens(f"{row.title_key} {more[:TOLD]}"))
    shared = [word for word in known.words if word in title]
    if known.open_word and (begun := next((word for word in sorted(title) if word.startswith(known.open_word)), "")):
        shared.append(begun)
    total = len(known.words) + bool(known.open_word)
    score = SAME_WORDS * (len(shared) / total if shared else IN_BODY if in_text else 0.0)
    reasons = shared[:4] or (["in its text"] if in_text else [])
    if known.service is not None and row.service_id == known.service:
        score += SAME_SERVICE
        reasons.insert(0, "same service")
    if known.ci is not None and (row.ci_id == known.ci or on_ci):
        score += SAME_CI
        reasons.insert(0, "same CI")
    return min(1.0, score), ", ".join(reasons)


def _similar(score: float, why: str, row: Any, affected: int, assignee: str = "") -> Similar:
    return Similar(row.number, row.kind, row.title, row.state, round(score, 3), why, affected, assignee)
