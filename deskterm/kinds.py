"""Kinds of record, declared once. Form, list, command line, JSON, search, journal, import, export, rights and help follow.

A process declares its kinds in ``deskterm/<process>/kinds.py`` as a tuple named ``KINDS``; nothing else has to be told. A kind
brings its own table (or none, if the spine suffices), its fields, its workflow and the few rules that are its own. Every command
and every console reads all declarations, so they load fields and workflows alone; tables and rules are named by their place.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Table

from data.tables.core import record
from deskterm.errors import InvalidInput
from deskterm.fields import Choice, Field, Instant, Ref, Refs, Text, Whole
from deskterm.late import named
from deskterm.permissions import Family
from deskterm.records.schema import WATCHES
from deskterm.relation_words import GENERAL, Relation
from deskterm.wording import with_article
from deskterm.workflow import STANDING, Action, Phase, When, Workflow

if TYPE_CHECKING:
    from deskterm.facts import Fact
    from deskterm.records.draft import Draft
    from deskterm.records.unit import Unit

PROCESSES = (
    "service_desk", "incident", "problem", "configuration", "change", "release",
    "service_level", "availability", "capacity", "continuity", "financial",
)  # fmt: skip
"""The service desk and the ten processes, each a package with the same rooms."""

Rule = Callable[["Unit", "Draft"], None]
"""Something a kind does to a draft within the unit of work: derive a value, refuse, or change another record with it."""
LinkRule = Callable[["Unit", "Draft", str, "Draft", dict[str, Any]], None]
"""Refuses a link between two records (source, relation, target, options) that makes no sense for the kind of one of them."""
Handler = Callable[["Unit", "Draft", Mapping[str, Any]], None]
"""What an action does beyond moving the state; it is handed the action's own inputs."""
Lasting = Callable[["Draft", frozenset[str]], str]
"""Returns why what changed these fields is not undone; empty where it may be."""

OWN_FIELDS = (
    Field("number", Text(40), "Number", derived=True, width=10, help="How people name the record."),
    Field("state", Text(40), "State", derived=True, width=11, help="Where it is in its workflow."),
    Field("version", Whole(1), "Version", derived=True, width=7, help="Goes up with every change."),
    Field("created_at", Instant(), "Created", derived=True, width=12, help="When it was recorded."),
    Field("updated_at", Instant(), "Updated", derived=True, width=12, help="When it last changed."),
)
"""Fields that every kind has."""

WATCHERS = Field(
    "watchers", Refs("agent", WATCHES, inverse=True, aside=True), width=14, sensitive=True,
    help="Who hears of what others do with it; set by the actions watch and unwatch.",
)  # fmt: skip

WORK_FIELDS = (
    Field("due_at", Instant(future=True), "Due", derived=True, width=9, help="Earliest due instant of its running clocks."),
    Field("clock_state", Text(12), "Clock", derived=True, width=9, help="State of its most urgent clock."),
    Field("done_at", Instant(), "Done", derived=True, width=12, help="When the work ended."),
    Field("open_since", Instant(), "Open since", derived=True, width=12, help="Since when it is open work."),
    WATCHERS,
)
"""Fields that every kind of work has besides."""


def watchable(workflow: Workflow) -> Workflow:
    """Return a workflow with the two actions that every kind of work has, whatever state it is in."""
    if any(action.name == "watch" for action in workflow.actions):
        return workflow
    states = tuple(state.name for state in workflow.states)
    whom = Field("agent", Ref(("agent",)), help="Whom it is about; yourself if empty, for others it takes the right to edit.")
    watch = Action("watch", states, None, "Watch", "Hear of what others do with it.", inputs=(whom,), verb="read")
    unwatch = Action("unwatch", states, None, "Unwatch", "Hear of it no more.", inputs=(whom,), verb="read",
                     when=(When(WATCHERS.name, True, "nobody watches it"),))  # fmt: skip
    return replace(workflow, actions=(*workflow.actions, watch, unwatch))


@dataclass(frozen=True, slots=True)
class Rules:
    """The hooks of a kind, all within the unit of work that writes it."""

    complete: tuple[Rule, ...] = ()
    """Derive values before they are checked and written."""
    check: tuple[Rule, ...] = ()
    """Refuse what is complete but wrong."""
    after: tuple[Rule, ...] = ()
    """Follow up once the row is written: clocks, revisions, other records."""
    link: tuple[LinkRule, ...] = ()
    """Refuse a link from or to a record of the kind that somebody makes by hand."""
    handlers: Mapping[str, Handler] = field(default_factory=dict)
    """By action: what it does with its inputs."""
    lasting: tuple[Lasting, ...] = ()
    """Say why an operation that changed these fields of a record is taken back neither there nor on any other record."""


@dataclass(frozen=True, eq=False)
class Kind:
    """One kind of record. Kinds are compared by identity: there is one of each."""

    name: str
    prefix: str
    """Begins every number: INC gives INC-00001."""
    process: str
    family: Family
    fields: tuple[Field, ...]
    """In the order of the form; the first required text is usually the title."""
    title_field: str = "summary"
    """The field stored as the record's title, by which references name it."""
    table: Table | str | None = None
    """Its own table, or where it is: `module:name`. Declared by place it is loaded when it is first read or written."""
    workflow: Workflow = STANDING
    rules: Rules | str = field(default_factory=Rules)
    """Its hooks, or where they are: `module:NAME`. Declared by place they are loaded when the first of them is due."""
    plural: str = ""
    label: str = ""
    help: str = ""
    columns: tuple[str, ...] = ()
    """What a list shows besides number and title, most important first."""
    sort: str = "-updated_at"
    """How a list is sorted where nobody says."""
    unique_title: bool = False
    """No two records of the kind share a title (letter case aside)."""
    clocked: bool = False
    """Service levels run clocks on it."""
    key: str = ""
    """Offered under this key when something new is made."""
    public: Mapping[str, str] | None = None
    """Requesters see the records whose fields hold these values, whomever they name; None: only what is their own."""
    ask: tuple[str, ...] = ()
    """What a requester may fill in when they make one; with nothing here they cannot."""
    personal: bool = False
    """A record is its owner's alone unless it is shared (fields `owner` and `shared`)."""

    def __post_init__(self) -> None:
        if not isinstance(self.table, str):
            self.require_columns()
        if self.is_work:
            object.__setattr__(self, "workflow", watchable(self.workflow))

    def require_columns(self) -> None:
        """Check that every field has its column.

        Raises:
            ValueError: one has none.
        """
        for item in self.fields:
            if not isinstance(item.type, Refs) and self._column(item) is None:
                raise ValueError(f"{self.name}.{item.name}: no column {item.stored_as!r} in {self.own_table} or record")

    @cached_property
    def own_table(self) -> Table | None:
        """Return its table, loaded now if it is declared by place.

        Raises:
            ImportError, AttributeError, TypeError: there is no table at the place.
        """
        found = named(self.table) if isinstance(self.table, str) else self.table
        if found is not None and not isinstance(found, Table):
            raise TypeError(f"{self.name}: {self.table} is {type(found).__name__}, not a Table")
        return found

    @cached_property
    def hooks(self) -> Rules:
        """Return its rules, loaded now if they are declared by place.

        Raises:
            ImportError, AttributeError, TypeError: there are no rules at the place.
        """
        found = named(self.rules) if isinstance(self.rules, str) else self.rules
        if not isinstance(found, Rules):
            raise TypeError(f"{self.name}: {self.rules} is {type(found).__name__}, not Rules")
        return found

    @property
    def title(self) -> str:
        """Return what a person calls one of them."""
        return self.label or self.name.replace("-", " ").capitalize()

    @property
    def one(self) -> str:
        """Return its name with the article, for sentences: an incident, a team."""
        return with_article(self.name)

    @property
    def many(self) -> str:
        """Return what a person calls several of them."""
        return self.plural or f"{self.title}s"

    @property
    def is_log(self) -> bool:
        """Return whether its records tell of work and are none themselves: contacts."""
        return self.family is Family.WORK and not self.is_work

    @property
    def is_work(self) -> bool:
        """Return whether its records are work: open until done, in queues."""
        return self.workflow.phase(self.workflow.initial) is not Phase.STANDING

    @cached_property
    def all_fields(self) -> Mapping[str, Field]:
        """Return every field by name: its own, then those that every kind has."""
        own = {item.name: item for item in self.fields}
        shared = {item.name: item for item in (*OWN_FIELDS, *(WORK_FIELDS if self.is_work else ()))}
        return {**shared, **own} if "state" in own else {**own, **{k: v for k, v in shared.items() if k not in own}}

    @cached_property
    def stored(self) -> Mapping[str, Column[Any]]:
        """Return the column of every own field that has one."""
        pairs = ((item.name, self._column(item)) for item in self.fields)
        return {name: column for name, column in pairs if column is not None}

    @cached_property
    def links(self) -> tuple[Field, ...]:
        """Return the fields that are kept as links."""
        return tuple(item for item in self.told if isinstance(item.type, Refs))

    @property
    def told(self) -> tuple[Field, ...]:
        """Return the fields that show, export and import tell of: its own, and who watches it where it is work."""
        return (*self.fields, WATCHERS) if self.is_work else self.fields

    @cached_property
    def searchable(self) -> tuple[Field, ...]:
        """Return the fields whose text full-text search finds, besides number and title."""
        return tuple(item for item in self.fields if item.searchable and item.name != self.title_field)

    def field(self, name: str) -> Field:
        """Return a field by name.

        Raises:
            InvalidInput: there is none; the message names the nearest.
        """
        found = self.all_fields.get(name.replace("-", "_"))
        if found:
            return found
        import difflib

        near = difflib.get_close_matches(name, self.all_fields, 1)
        hint = f"did you mean {near[0]}?" if near else f"see: deskterm fields {self.name}"
        raise InvalidInput(f"{self.one} has no field {name!r}; {hint}", fields={name: "unknown field"})

    def column(self, name: str) -> Column[Any]:
        """Return the column that stores a field."""
        found = self._column(self.all_fields[name])
        if found is None:
            raise KeyError(name)
        return found

    def _column(self, item: Field) -> Column[Any] | None:
        if item.name == self.title_field:
            return record.c.title
        if self.own_table is not None and item.stored_as in self.own_table.c:
            return self.own_table.c[item.stored_as]
        return record.c.get(item.stored_as)

    def actions_from(self, state: str) -> Iterator[Action]:
        """Yield the actions a person may think of in a state."""
        return (action for action in self.workflow.actions if state in action.sources and not action.automatic)


class Registry:
    """Every kind there is, by name and by prefix."""

    def __init__(self, kinds: Iterable[Kind] = ()) -> None:
        self._kinds: dict[str, Kind] = {}
        self.relations: dict[str, Relation] = {relation.word: relation for relation in GENERAL}
        """The words by which people may link records, besides those that fields keep."""
        self.facts: dict[str, Fact] = {}
        """What is told by `new` and is no record: samples."""
        for kind in kinds:
            self.add(kind)

    def add(self, kind: Kind) -> None:
        """Add a kind; names and prefixes are unique."""
        if kind.name in self._kinds or any(kind.prefix == other.prefix for other in self._kinds.values()):
            raise ValueError(f"kind {kind.name} or its prefix {kind.prefix} is declared twice")
        self._kinds[kind.name] = kind

    def relate(self, relation: Relation) -> None:
        """Add a relation; each word is declared once."""
        if relation.word in self.relations:
            raise ValueError(f"relation {relation.word} is declared twice")
        self.relations[relation.word] = relation

    def __iter__(self) -> Iterator[Kind]:
        return iter(self._kinds.values())

    def __contains__(self, name: object) -> bool:
        return name in self._kinds

    def kind(self, name: str) -> Kind:
        """Return a kind by name, plural or label.

        Raises:
            InvalidInput: there is none; the message lists those there are.
        """
        if name in self._kinds:
            return self._kinds[name]
        wanted = name.strip().casefold().replace("_", "-")
        for kind in self:
            if wanted in (kind.name, kind.many.casefold().replace(" ", "-"), kind.prefix.casefold()):
                return kind
        raise InvalidInput(f"there is no kind {name!r}; there are: {', '.join(sorted(self._kinds))}")

    def kinds(self, names: Iterable[str]) -> tuple[Kind, ...]:
        """Return several kinds by name."""
        return tuple(self.kind(name) for name in names)

    @property
    def work(self) -> tuple[Kind, ...]:
        """Return the kinds that are work."""
        return tuple(kind for kind in self if kind.is_work)


def declared() -> Registry:
    """Return the kinds that the eleven systems declare."""
    registry = Registry()
    for process in PROCESSES:
        name = f"deskterm.{process}.kinds"
        if importlib.util.find_spec(f"deskterm.{process}") and importlib.util.find_spec(name):
            module = importlib.import_module(name)
            for kind in module.KINDS:
                registry.add(kind)
            for relation in getattr(module, "RELATIONS", ()):
                registry.relate(relation)
            for fact in getattr(module, "FACTS", ()):
                registry.facts[fact.name] = fact
    return registry


def choice_of(kind: Kind, name: str) -> tuple[str, ...]:
    """Return the words a field offers, in a form and while completing a query."""
    if name == "state":
        return tuple(state.name for state in kind.workflow.states)
    item = kind.all_fields[name]
    return item.type.options if isinstance(item.type, Choice) else item.suggestions
