"""From a query's tree to a prepared SQLAlchemy statement: built once per text, run with the values of the moment.

Whatever a person wrote ends up in bound parameters, never in SQL. What depends on the moment (now, me, a name that stands for
a record) becomes a parameter whose value is worked out at each run, so that the statement itself can be kept.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    String,
    Table,
    and_,
    bindparam,
    cast,
    false,
    func,
    literal_column,
    not_,
    or_,
    select,
    true,
)

from data import search
from data.base import NEVER, Document, Key
from data.queries import watching
from data.tables.core import HOLDS, link, record
from deskterm.errors import BadQuery
from deskterm.fields import Choice, Duration, Field, Instant, Money, Number, Numbers, Ref, Refs, Scale, Structure, Text, Whole
from deskterm.fields import Flag as YesNo
from deskterm.fields import Words as WordList
from deskterm.kinds import Kind
from deskterm.permissions import Actor
from deskterm.query import readings
from deskterm.query.instants import instants
from deskterm.query.syntax import And, Flag, Node, Not, Or, Test, Words, parse
from deskterm.query.terms import Op, Value, brief, like_pieces
from deskterm.records import resolve
from deskterm.workflow import Phase

FLAGS = {
    "me": "assigned to me",
    "mine": "assigned to me",
    "unassigned": "open work that nobody owns",
    "breached": "a clock is past its due instant",
    "at-risk": "a warning point is passed, the due instant is not",
    "paused": "its clocks wait",
    "snoozed": "hidden from queues for now",
    "watching": "watched by me",
    "news": "watched by me, and changed by somebody else since I last had it open",
}
"""The bare words of the language, and what each means."""

ALIASES = {
    "created": "created_at", "updated": "updated_at", "due": "due_at", "occurred": "occurred_at", "done": "done_at",
    "agent": "assignee", "owner": "assignee", "tag": "tags", "caller": "requester", "resolved": "resolved_at",
    "clock": "clock_state", "organisation": "customer", "watcher": "watchers",
}  # fmt: skip
"""Short names, used where a kind has no field of that very name."""

_PHASES = {"open": (Phase.ACTIVE, Phase.WAITING), "done": (Phase.DONE, Phase.FINAL), "waiting": (Phase.WAITING,)}


@dataclass(frozen=True, slots=True)
class Moment:
    """What a prepared query is run with."""

    connection: Connection
    actor: Actor
    now: int


Resolver = Callable[[Moment], Any]


@dataclass(slots=True)
class Condition:
    """A compiled query: the condition, the tables it needs besides the spine, and how to find its parameters."""

    where: ColumnElement[bool]
    tables: tuple[Table, ...]
    resolvers: Mapping[str, Resolver]

    def parameters(self, moment: Moment) -> dict[str, Any]:
        """Return the parameters' values at this moment."""
        return {name: resolver(moment) for name, resolver in self.resolvers.items()}


def compile_query(query: str, kinds: Sequence[Kind], dialect: str, *, tz: str = "UTC", restricted: bool = False) -> Condition:
    """Compile a query over records of some kinds.

    Args:
        tz: the zone in which dates without one are read.
        restricted: refuse fields that requesters may not read, so that no filter can be an oracle for them.

    Raises:
        BadQuery: it points at the column where the text is not understood.
    """
    compiler = _Compiler(tuple(kinds), dialect, tz, restricted)
    where = compiler.node(parse(query, frozenset(FLAGS)))
    return Condition(where, tuple(compiler.tables), compiler.resolvers)


@dataclass(slots=True)
class _Compiler:
    kinds: tuple[Kind, ...]
    dialect: str
    tz: str
    restricted: bool
    tables: dict[Table, None] = field(default_factory=dict)
    resolvers: dict[str, Resolver] = field(default_factory=dict)

    def node(self, node: Node) -> ColumnElement[bool]:
        match node:
            case And(parts):
                return and_(true(), *(self.node(part) for part in parts))
            case Or(parts):
                return or_(*(self.node(part) for part in parts))
            case Not(part):
                return not_(func.coalesce(self.node(part), literal_column("false")))
            case Words(words, phrase, prefix):
                return self._words(words, phrase, prefix)
            case Flag(name):
                return self._flag(name)
            case Test():
                return self._test(node)

    def bind(self, resolver: Resolver, *, many: bool = False) -> Any:
        """Return a parameter whose value `resolver` finds at each run."""
        name = f"q{len(self.resolvers)}"
        self.resolvers[name] = resolver
        return bindparam(name, expanding=many)

    def constant(self, value: Any, *, many: bool = False) -> Any:
        return self.bind(lambda _moment: value, many=many)

    def _words(self, words: str, phrase: bool, prefix: bool) -> ColumnElement[bool]:
        expression = search.phrase(self.dialect, [search.Needle(words, phrase, prefix)])
        if expression is None:
            return true()
        name = f"q{len(self.resolvers)}"
        self.resolvers[name] = lambda _moment: expression
        return search.condition(self.dialect, name)

    def _flag(self, name: str) -> ColumnElement[bool]:
        now = self.bind(lambda moment: moment.now)
        is_open: ColumnElement[bool] = record.c.open_since.is_not(None)
        match name:
            case "me" | "mine":
                return and_(record.c.assignee_id == self.bind(lambda moment: moment.actor.agent_id))
            case "unassigned":
                return and_(record.c.assignee_id.is_(None), is_open)
            case "breached":
                return or_(record.c.clock_state == literal_column("'breached'"), and_(is_open, record.c.due_at <= now))
            case "at-risk":
                return and_(record.c.clock_state == literal_column("'at-risk'"), record.c.due_at > now)
            case "paused":
                return and_(record.c.clock_state == literal_column("'paused'"))
            case "watching":
                return record.c.id.in_(watching.watched(self._me()))
            case "news":
                return record.c.id.in_(watching.news(self._me(), self.bind(lambda moment: moment.actor.login)))
            case _:
                return and_(record.c.snoozed_until > now)

    def _me(self) -> ColumnElement[int]:
        return cast(self.bind(lambda moment: moment.actor.agent_id), Key)

    def _test(self, test: Test) -> ColumnElement[bool]:
        if test.field == "kind":
            return self._kind(test)
        if test.field == "state" and self._is_own_state():
            return self._state(test)
        fields = self._fields(test)
        item = fields[0][1]
        if isinstance(item.type, Refs):
            return self._linked(test, item.type)
        column = self._column(fields)
        if test.op is Op.EMPTY:
            return self._empty(column, item)
        if test.op is Op.PRESENT:
            return not_(self._empty(column, item))
        return self._compare(test, item, column, fields)

    def _kind(self, test: Test) -> ColumnElement[bool]:
        if test.op in (Op.PRESENT, Op.EMPTY):
            return true() if test.op is Op.PRESENT else false()
        options = {kind.name: (kind.name,) for kind in self.kinds}
        return record.c.kind.in_(self.constant(list(readings.choices(test.op, test.values, options)), many=True))

    def _is_own_state(self) -> bool:
        return all("state" not in {item.name for item in kind.fields} for kind in self.kinds)

    def _state(self, test: Test) -> ColumnElement[bool]:
        if test.op in (Op.PRESENT, Op.EMPTY):
            return true() if test.op is Op.PRESENT else false()
        if len(test.values) == 1 and not test.values[0].quoted and test.op is Op.EQ:
            word = test.values[0].text.casefold()
            if word == "open" and all(kind.is_work for kind in self.kinds):
                return record.c.open_since.is_not(None)
        states = [state for kind in self.kinds for state in kind.workflow.states]
        options: dict[str, tuple[str, ...]] = {
            word: tuple({s.name: None for s in states if s.phase in phases}) for word, phases in _PHASES.items()
        }
        options.update({state.name: (state.name,) for state in states})
        return record.c.state.in_(self.constant(list(readings.choices(test.op, test.values, options)), many=True))

    def _fields(self, test: Test) -> list[tuple[Kind, Field]]:
        name = test.field.casefold().replace("-", "_")
        found = self._named(name) or self._named(ALIASES.get(name, ""))
        if not found:
            known = sorted({n for kind in self.kinds for n in kind.all_fields if self._named(n)})
            near = difflib.get_close_matches(name, [*known, *(word for word, own in ALIASES.items() if self._named(own))], 1)
            hint = f"did you mean {near[0]}?" if near else "see the fields with: deskterm fields"
            raise BadQuery(f"there is no field {brief(test.field)}; {hint}", column=test.column)
        shapes = {item.type.word for _, item in found}
        if len(shapes) > 1:
            raise BadQuery(f"{brief(test.field)} means several things here; say of which kind", column=test.column)
        if isinstance(found[0][1].type, Structure) and test.op not in (Op.EMPTY, Op.PRESENT):
            raise BadQuery(f"{brief(test.field)} is no single value; look for its words instead", column=test.column)
        return found

    def _named(self, name: str) -> list[tuple[Kind, Field]]:
        return [
            (kind, item)
            for kind in self.kinds
            if (item := kind.all_fields.get(name)) and not (self.restricted and _is_closed(kind, item))
        ]

    def _column(self, fields: Sequence[tuple[Kind, Field]]) -> ColumnElement[Any]:
        columns = list({kind.column(item.name): None for kind, item in fields})
        for column in columns:
            if column.table is not record:
                self.tables[column.table] = None
        return columns[0] if len(columns) == 1 else func.coalesce(*columns)

    def _empty(self, column: ColumnElement[Any], item: Field) -> ColumnElement[bool]:
        if item.stored_as == "due_at":
            return column == NEVER
        if isinstance(item.type, WordList | Numbers):
            return or_(column.is_(None), self._length(column) == 0)
        return or_(column.is_(None), column == "") if isinstance(item.type, Text) else column.is_(None)

    def _length(self, column: ColumnElement[Any]) -> ColumnElement[int]:
        if self.dialect == "sqlite":
            return func.json_array_length(column)
        return func.jsonb_array_length(cast(column, Document))

    def _compare(
        self, test: Test, item: Field, column: ColumnElement[Any], fields: Sequence[tuple[Kind, Field]]
    ) -> ColumnElement[bool]:
        match item.type:
            case Instant(future=future):
                found = instants(test.op, test.values, now=0, tz=self.tz, direction="future" if future else "past")
                return or_(*(self._stretch(column, test, item.type, i) for i in range(len(found))))
            case Duration():
                return self._numbers(column, readings.intervals(test.op, test.values, readings.duration))
            case Money():
                return self._numbers(column, readings.intervals(test.op, test.values, readings.hundredths))
            case Number():
                return self._numbers(column, readings.intervals(test.op, test.values, readings.measured))
            case Scale(labels=labels) if test.op in (Op.EQ, Op.IN):
                named = [self._scale(value, labels) for value in test.values]
                return column.in_(self.constant(named, many=True))
            case Whole() | Scale():
                return self._numbers(column, readings.intervals(test.op, test.values, readings.whole))
            case YesNo():
                return column.is_(readings.truth(test.values[0])) if test.op is Op.EQ else self._refuse(test)
            case Choice():
                options = {option: (option,) for _, f in fields if isinstance(f.type, Choice) for option in f.type.options}
                return column.in_(self.constant(list(readings.choices(test.op, test.values, options)), many=True))
            case Ref(to=kinds):
                return self._reference(test, column, kinds)
            case WordList() | Numbers():
                return or_(*(self._contains(test, column, value, item) for value in test.values))
            case _:
                return self._text(test, column, item)

    @staticmethod
    def _scale(value: Value, labels: Sequence[str]) -> int:
        words = [label.casefold() for label in labels]
        folded = value.text.casefold()
        return words.index(folded) + 1 if folded in words else readings.whole(value)

    @staticmethod
    def _refuse(test: Test) -> ColumnElement[bool]:
        raise BadQuery(f"{test.field} is either yes or no; write one of them", column=test.column)

    def _stretch(self, column: ColumnElement[Any], test: Test, kind: Instant, index: int) -> ColumnElement[bool]:
        def read(moment: Moment) -> readings.Interval[int]:
            direction: Any = "future" if kind.future else "past"
            return instants(test.op, test.values, now=moment.now, tz=self.tz, direction=direction)[index]

        shape = instants(test.op, test.values, now=10**9, tz=self.tz, direction="future" if kind.future else "past")[index]
        conditions: list[ColumnElement[bool]] = []
        if shape.low is not None:
            low = self.bind(lambda moment: read(moment).low)
            conditions.append(column > low if shape.low_open else column >= low)
        if shape.high is not None:
            high = self.bind(lambda moment: read(moment).high)
            conditions.append(column < high if shape.high_open else column <= high)
        return and_(column != NEVER, *conditions)

    def _numbers(self, column: ColumnElement[Any], found: Sequence[readings.Interval[Any]]) -> ColumnElement[bool]:
        options = []
        for one in found:
            if one.low is not None and one.low == one.high:
                options.append(column == self.constant(one.low))
                continue
            conditions: list[ColumnElement[bool]] = [column.is_not(None)]
            if one.low is not None:
                conditions.append(column > self.constant(one.low) if one.low_open else column >= self.constant(one.low))
            if one.high is not None:
                conditions.append(column < self.constant(one.high) if one.high_open else column <= self.constant(one.high))
            options.append(and_(*conditions))
        return or_(*options)

    def _reference(self, test: Test, column: ColumnElement[Any], kinds: tuple[str, ...]) -> ColumnElement[bool]:
        if test.op is Op.LIKE:
            pattern = _pattern(test.values[0])
            names = select(record.c.id).where(
                record.c.kind.in_(self.constant(list(kinds), many=True)),
                record.c.title_key.like(self.constant(search.fold(pattern)), escape="\\"),
            )
            return column.in_(names)
        if test.op not in (Op.EQ, Op.IN):
            raise BadQuery(f"{test.field} knows no larger or smaller; write one, or several with commas", column=test.column)
        return or_(*(self._named_by(column, value, kinds) for value in test.values))

    def _named_by(self, column: ColumnElement[Any], value: Value, kinds: tuple[str, ...]) -> ColumnElement[bool]:
        if value.text == "mine" and not value.quoted and "team" in kinds:
            return column.in_(self.bind(lambda moment: list(moment.actor.team_ids), many=True))
        return and_(column == self.bind(_finder(value, kinds)))

    def _linked(self, test: Test, shape: Refs) -> ColumnElement[bool]:
        own, other = (link.c.target_id, link.c.source_id) if shape.inverse else (link.c.source_id, link.c.target_id)
        linked = select(own).where(link.c.relation == self.constant(shape.relation), HOLDS)
        if test.op is Op.EMPTY:
            return record.c.id.not_in(linked)
        if test.op is Op.PRESENT:
            return record.c.id.in_(linked)
        if test.op not in (Op.EQ, Op.IN):
            raise BadQuery(f"{test.field} names records; write one, or several with commas", column=test.column)
        wanted = or_(*(other == self.bind(_finder(value, (shape.to,))) for value in test.values))
        return record.c.id.in_(linked.where(wanted))

    def _contains(self, test: Test, column: ColumnElement[Any], value: Value, item: Field) -> ColumnElement[bool]:
        """Return the condition that a stored list holds a value, or one that begins like it."""
        expand = func.json_each(column) if self.dialect == "sqlite" else func.jsonb_array_elements_text(cast(column, Document))
        element = func.lower(cast(expand.table_valued("value").c.value, String))
        if test.op is Op.LIKE:
            return select(element).where(element.like(self.constant(_pattern(value)), escape="\\")).exists()
        if test.op not in (Op.EQ, Op.IN):
            raise BadQuery(f"{test.field} is a list; write what it holds, or several with commas", column=test.column)
        wanted = str(readings.whole(value)) if isinstance(item.type, Numbers) else value.text.lower()
        return select(element).where(element == self.constant(wanted)).exists()

    def _text(self, test: Test, column: ColumnElement[Any], item: Field) -> ColumnElement[bool]:
        lowered = func.lower(column)
        if test.op is Op.LIKE:
            return lowered.like(self.constant(_pattern(test.values[0])), escape="\\")
        if test.op not in (Op.EQ, Op.IN):
            raise BadQuery(f"{test.field} is text; write a word, or a beginning with a star", column=test.column)
        loose = isinstance(item.type, Text) and (item.type.lines or item.searchable)
        if loose:
            patterns = [f"%{_escape(value.text.casefold())}%" for value in test.values]
            return or_(*(lowered.like(self.constant(pattern), escape="\\") for pattern in patterns))
        return lowered.in_(self.constant([value.text.lower() for value in test.values], many=True))


def _is_closed(kind: Kind, item: Field) -> bool:
    """Return whether requesters may not ask by a field: an answer would tell them what exists and what is said there."""
    return item.sensitive or (isinstance(item.type, Ref | Refs) and item.name not in kind.ask) or item.name == "requester"


def _finder(value: Value, kinds: tuple[str, ...]) -> Resolver:
    def find(moment: Moment) -> int | None:
        if value.text == "me" and not value.quoted and {"agent", "person"} & set(kinds):
            return moment.actor.agent_id if "agent" in kinds else moment.actor.person_id
        try:
            return resolve.one_of(moment.connection, value.text, kinds)
        except ValueError as problem:
            raise BadQuery(str(problem), column=value.column) from None

    return find


def _escape(text_: str) -> str:
    return text_.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _pattern(value: Value) -> str:
    return "%".join(_escape(piece.lower()) for piece in like_pieces(value))
