"""Exports: the formats there are, and the records that any of them writes, read page by page and written as they come.

What `csv` and `jsonl` write, the import of the same name reads: fields by their names, references by a name that means one
record, or by its number where the name does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, cast

from sqlalchemy import func, select

from data.tables.core import record
from deskterm.errors import InvalidInput
from deskterm.fields import Ref, Refs
from deskterm.late import named

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from deskterm.desk import Desk
    from deskterm.kinds import Kind
    from deskterm.records.schema import Row

PAGE = 200


class Sink(Protocol):
    """Where an export goes."""

    def write(self, text: str, /) -> object:
        """Take a piece of text."""
        ...


@dataclass(frozen=True, slots=True)
class Exported:
    """One record as it leaves: every value as JSON shows it."""

    kind: Kind
    number: str
    title: str
    state: str
    version: int
    created_at: int
    updated_at: int
    values: Mapping[str, Any]
    """By field: first those that an import reads back, then those that the desk works out."""
    stored: Mapping[str, Any]
    """The same as they are stored: instants in seconds."""


Records = Iterator[Exported]
Write = Callable[["Kind", Records, Sink], None]
"""Writes records of a kind."""


@dataclass(frozen=True, slots=True)
class Exporter:
    """A format as it is listed: what it is, and where the function is that writes it."""

    help: str
    place: str
    """`module:function`."""

    def load(self) -> Write:
        """Return the function, imported now."""
        return cast(Write, named(self.place))


EXPORTERS: dict[str, Exporter] = {
    "csv": Exporter("a table by field names, for spreadsheets and for import", "deskterm.exchange.export_tables:write_csv"),
    "jsonl": Exporter("a JSON object a line, for programs and for import", "deskterm.exchange.export_tables:write_jsonl"),
    "md": Exporter("a Markdown document, for people", "deskterm.exchange.export_markdown:write"),
    "ics": Exporter("a calendar of what begins and ends, for calendar programs", "deskterm.exchange.export_calendar:write"),
}
"""By the name that `deskterm export` takes."""


def run_export(desk: Desk, format: str, kind: Kind, query: str, sort: str, out: Sink) -> None:  # noqa: A002 - as run_import
    """Write the records of a kind that a query finds.

    Raises:
        InvalidInput: there is no such format, or it has no way to write this kind.
        BadQuery: the query is not understood.
        NotAllowed: the person may not read this kind.
    """
    exporter = EXPORTERS.get(format)
    if exporter is None:
        raise InvalidInput(
            f"there is no format {format!r}; there are: {', '.join(sorted(EXPORTERS))}", fields={"format": "unknown"}
        )
    exporter.load()(kind, records(desk, kind, query, sort), out)


def columns_of(kind: Kind) -> tuple[str, ...]:
    """Return the fields that an export holds besides number, kind and state: what can be set, then what is worked out."""
    own = [item for item in kind.told if item.name not in ("number", "state")]
    return tuple(item.name for item in sorted(own, key=lambda item: item.derived))


def records(desk: Desk, kind: Kind, query: str, sort: str) -> Records:
    """Yield the records that a query finds, every field of them."""
    names = columns_of(kind)
    prepared = desk.prepare([kind.name], query, sort)
    edge: Sequence[Any] | None = None
    while True:
        page = desk.page(prepared, limit=PAGE, after=edge, columns=(*names, "created_at", "updated_at"))
        if not page.rows:
            return
        words = _words(desk, kind, page.rows)
        for row in page.rows:
            yield _exported(kind, row, names, words)
        if not page.more:
            return
        edge = page.rows[-1].cursor


def _exported(kind: Kind, row: Row, names: Sequence[str], words: Mapping[tuple[str, int], str]) -> Exported:
    values = {name: _value(kind, name, row.values.get(name), words) for name in names}
    made, changed = row.values["created_at"], row.values["updated_at"]
    return Exported(kind, row.number, row.title, row.state, row.version, made, changed, values, row.values)


def _value(kind: Kind, name: str, value: Any, words: Mapping[tuple[str, int], str]) -> Any:
    item = kind.all_fields[name]
    if value is None:
        return None
    if isinstance(item.type, Ref):
        return words.get((name, value))
    if isinstance(item.type, Refs):
        return [words[name, one] for one in value if (name, one) in words]
    return item.type.export(value, {})


def _words(desk: Desk, kind: Kind, rows: Sequence[Row]) -> dict[tuple[str, int], str]:
    """Return how each reference is written, by field and record: its name if that means one record only, else its number."""
    wanted: dict[tuple[str, ...], dict[str, set[int]]] = {}
    for name, item in ((item.name, item) for item in kind.told if isinstance(item.type, Ref | Refs)):
        assert isinstance(item.type, Ref | Refs)
        kinds = item.type.to if isinstance(item.type, Ref) else (item.type.to,)
        found = {one for row in rows for one in _ids(row.values.get(name))}
        wanted.setdefault(kinds, {})[name] = found
    words: dict[tuple[str, int], str] = {}
    with desk.database.read() as connection:
        for kinds, fields in wanted.items():
            ids = set().union(*fields.values())
            unclear = _unclear(connection, kinds, {desk.known[one].title for one in ids if one in desk.known})
            for name, found in fields.items():
                for one in found & desk.known.keys():
                    named = desk.known[one]
                    words[name, one] = named.number if named.title in unclear else named.title
    return words


def _ids(value: Any) -> Sequence[int]:
    return () if value is None else value if isinstance(value, list) else (value,)


def _unclear(connection: Connection, kinds: Sequence[str], titles: set[str]) -> set[str]:
    """Return those names that several records of these kinds have, or that are another record's number."""
    from data.search import fold

    folded = {title: fold(title) for title in titles}
    shared = (
        select(record.c.title_key)
        .where(record.c.kind.in_(kinds), record.c.title_key.in_(set(folded.values())))
        .group_by(record.c.title_key)
        .having(func.count() > 1)
    )
    numbers = select(record.c.number).where(record.c.number.in_({title.strip().upper() for title in titles}))
    several = {row.title_key for row in connection.execute(shared)}
    taken = {row.number for row in connection.execute(numbers)}
    return {title for title in titles if folded[title] in several or title.strip().upper() in taken or not title}
