"""The CI browser's tree, a branch at a time: by type, location, service or dependency, downwards or upwards.

Opening a branch reads that branch and nothing else. How nodes fare is read once and kept until somebody says `forget`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Select

from data.queries import browsing as q
from deskterm.configuration import graph, states
from deskterm.configuration.rules import Need, redundancy
from deskterm.configuration.schema import Branch, BranchPage
from deskterm.desk import Desk
from deskterm.errors import InvalidInput, NotAllowed
from deskterm.permissions import require

PAGE = 200
MOST_PLACES = 200
"""Locations read at once."""
NOWHERE = "(no location)"
_ROOT_SEPARATOR = "/"


class Mode(StrEnum):
    """By what the tree is ordered."""

    SERVICE = "service"
    TYPE = "type"
    LOCATION = "location"
    DEPENDENCY = "dependency"


@dataclass(slots=True)
class Browser:
    """Reads branches for one console. Its calls run in threads; what it keeps is replaced, never changed."""

    desk: Desk
    mode: Mode = Mode.SERVICE
    upwards: bool = False
    """Branches of CIs hold what needs them, instead of what they need."""
    query: str = ""
    """Which CIs stand at the root; nothing means the whole tree."""
    _standing: states.Standing | None = field(default=None, repr=False)

    def forget(self) -> None:
        """Read anew how nodes fare when they are next shown."""
        self._standing = None

    def branch(self, key: str = "", after: str = "", limit: int = PAGE) -> BranchPage:
        """Return what stands directly below a row, from a place on.

        Args:
            key: the row's key; nothing for the root.
            after: `more` of the page before.
            limit: rows at most.

        Raises:
            NotAllowed: the person may not read the configuration.
            BadQuery: the query is not understood.
        """
        desk, kind = self.desk, self.desk.registry.kind("ci")
        require(desk.actor, "read", kind.family, kind.process, kind.name)
        if desk.actor.restricted:
            raise NotAllowed("the configuration is for the desk's own people")
        limit = max(1, min(limit, PAGE))
        if not key and self.query:
            return self._found(after, limit)
        with desk.database.read() as connection:
            name, _, value = key.rpartition(_ROOT_SEPARATOR)[2].partition(":")
            match name:
                case "":
                    return self._roots(connection, after, limit)
                case "type":
                    return self._type(connection, key, int(value), after, limit)
                case "place":
                    return self._place(connection, key, value, after, limit)
                case "node":
                    return self._needs(connection, key, int(value), after, limit)
        raise InvalidInput("there is no such branch")

    def standing(self, connection: Connection) -> states.Standing:
        """Return how everything fares now, as it was read last."""
        if self._standing is None:
            self._standing = states.standing(connection, self.desk.now())
        return self._standing

    # The roots

    def _roots(self, connection: Connection, after: str, limit: int) -> BranchPage:
        match self.mode:
            case Mode.TYPE:
                return self._types(connection, None, "")
            case Mode.LOCATION:
                return self._places(connection, after)
            case Mode.SERVICE:
                return self._page(connection, q.SERVICES, {}, "", after, limit)
            case Mode.DEPENDENCY:
                return self._page(connection, q.BOTTOMS if self.upwards else q.TOPS, {}, "", after, limit)

    def _found(self, after: str, limit: int) -> BranchPage:
        """Return the CIs that the query finds, as the root."""
        prepared = self.desk.prepare(("ci",), self.query, "name")
        page = self.desk.page(prepared, limit=limit, after=json.loads(after) if after else None)
        with self.desk.database.read() as connection:
            found = {row.id: row for row in connection.execute(q.SORTED, {"ids": [row.id for row in page.rows]})}
            rows = [found[row.id] for row in page.rows if row.id in found]
            branches = self._branches(connection, rows, "", {})
        return BranchPage(branches, json.dumps(list(page.rows[-1].cursor)) if page.more else "")

    def _types(self, connection: Connection, parent: int | None, key: str) -> BranchPage:
        every = connection.execute(q.TYPES).all()
        used = set(_distinct(connection, q.NEXT_TYPE, "", len(every) + MOST_PLACES))
        below: dict[int | None, list[Any]] = {}
        for row in every:
            below.setdefault(row.parent_id, []).append(row)
        known = {row.id for row in every}

        def in_use(row: Any, depth: int = 0) -> bool:
            return row.title in used or (depth < len(every) and any(in_use(one, depth + 1) for one in below.get(row.id, ())))

        here = [row for row in every if row.parent_id == parent or (parent is None and row.parent_id not in known)]
        return BranchPage(
            tuple(Branch(_key(key, "type", row.id), row.title, row.number, row.kind, opens=in_use(row)) for row in here)
        )

    def _places(self, connection: Connection, after: str) -> BranchPage:
        names = _distinct(connection, q.NEXT_LOCATION, after, MOST_PLACES + 1)
        rows = [Branch(_key("", "place", f"={name}"), name) for name in names[:MOST_PLACES]]
        if not after and connection.execute(q.NOWHERE).first():
            rows.insert(0, Branch(_key("", "place", ""), NOWHERE))
        return BranchPage(tuple(rows), names[MOST_PLACES - 1] if len(names) > MOST_PLACES else "")

    # What stands below

    def _type(self, connection: Connection, key: str, type_id: int, after: str, limit: int) -> BranchPage:
        subtypes = () if after else self._types(connection, type_id, key).rows
        name = graph.named(connection, [type_id])[type_id].title
        page = self._page(connection, q.OF_TYPE, {"value": name}, key, after, limit)
        return BranchPage((*(one for one in subtypes if one.opens), *page.rows), page.more)

    def _place(self, connection: Connection, key: str, value: str, after: str, limit: int) -> BranchPage:
        if not value:
            return self._page(connection, q.WITHOUT_LOCATION, {}, key, after, limit)
        return self._page(connection, q.AT_LOCATION, {"value": _plain(value.removeprefix("="))}, key, after, limit)

    def _needs(self, connection: Connection, key: str, node: int, after: str, limit: int) -> BranchPage:
        """Return what a node needs, or what needs it: hard needs first, each group together."""
        now = self.desk.now()
        read = graph.direct_dependants if self.upwards else graph.direct_needs
        how: dict[int, tuple[bool, str, str]] = {}
        for need in read(connection, [node], now):
            words = need.relation if not need.group else f"{need.relation}, {need.suffices} of {need.group}"
            for end in (need.owner,) if self.upwards else need.members:
                how.setdefault(end, (need.soft, need.group or "", words))
        found = [row for part in _parts(sorted(how)) for row in connection.execute(q.SORTED, {"ids": part})]
        found.sort(key=lambda row: (*how[row.id][:2], row.title_key, row.id))
        start = int(after or 0)
        rows = found[start : start + limit]
        words_of = {row.id: how[row.id][2] for row in rows}
        more = str(start + limit) if len(found) > start + limit else ""
        return BranchPage(self._branches(connection, rows, key, words_of), more)

    def _page(
        self, connection: Connection, statement: Select[Any], values: dict[str, Any], key: str, after: str, limit: int
    ) -> BranchPage:
        after_key, after_id = json.loads(after) if after else ("", 0)
        asked = {**values, "after_key": after_key, "after_id": after_id, "limit": limit + 1}
        rows = connection.execute(statement, asked).all()
        more = json.dumps([rows[limit - 1].title_key, rows[limit - 1].id]) if len(rows) > limit else ""
        return BranchPage(self._branches(connection, rows[:limit], key, {}), more)

    def _branches(self, connection: Connection, rows: Sequence[Any], key: str, how: dict[int, str]) -> tuple[Branch, ...]:
        """Return rows of nodes: how they fare, how their redundancy stands, whether anything is below them."""
        ids = [row.id for row in rows]
        if not ids:
            return ()
        statement = q.OPENS_UP if self.upwards else q.OPENS_DOWN
        opens = set(connection.execute(statement, {"ids": ids}).scalars())
        groups = self._groups(connection, ids)
        above = set(key.split(_ROOT_SEPARATOR))
        standing = self.standing(connection)
        found = []
        for row in rows:
            circle = f"node:{row.id}" in above
            note, marks = _redundancy(groups.get(row.id, ()), standing)
            found.append(
                Branch(
                    _key(key, "node", row.id), row.title, row.number, row.kind, standing.state(row.id).value,
                    "" if row.state in ("live", "active") else row.state, note, (*marks, *(("circle",) if circle else ())),
                    how.get(row.id, ""), row.id in opens and not circle,
                )
            )  # fmt: skip
        return tuple(found)

    def _groups(self, connection: Connection, ids: Iterable[int]) -> dict[int, list[Need]]:
        found: dict[int, list[Need]] = {}
        for need in graph.groups(connection, ids, self.desk.now()):
            found.setdefault(need.owner, []).append(need)
        return found


def _redundancy(needs: Iterable[Need], standing: states.Standing) -> tuple[str, tuple[str, ...]]:
    """Return how the worst group of a node stands, and what should be marked."""
    stands = sorted(((redundancy(need, standing.verdict), need) for need in needs), key=lambda one: one[0].spare)
    if not stands:
        return "", ()
    worst, need = stands[0]
    marks = [word for word, there in (("SPOF now", worst.is_spof and not need.soft), ("short", need.is_short)) if there]
    return str(worst), tuple(marks)


def _distinct(connection: Connection, statement: Select[Any], after: str, most: int) -> list[str]:
    """Return distinct values in order, by seeking from one to the next."""
    found: list[str] = []
    while len(found) < most:
        value = connection.execute(statement, {"after": after}).scalar()
        if value is None:
            break
        found.append(value)
        after = value
    return found


def _key(above: str, name: str, value: object) -> str:
    spelt = str(value).replace("%", "%25").replace(_ROOT_SEPARATOR, "%2F")
    return f"{above}{_ROOT_SEPARATOR}{name}:{spelt}"


def _plain(value: str) -> str:
    return value.replace("%2F", _ROOT_SEPARATOR).replace("%25", "%")


def _parts(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + graph.ASKED_AT_ONCE] for start in range(0, len(ids), graph.ASKED_AT_ONCE))
