"""Commands that find records: list and search."""

from __future__ import annotations

import base64
import hashlib
import json
from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from deskterm.cli import words
from deskterm.cli.command import Command, arg
from deskterm.cli.context import Context
from deskterm.errors import InvalidInput, UsageError

if TYPE_CHECKING:
    from deskterm.desk import Desk
    from deskterm.fields import Field
    from deskterm.kinds import Kind
    from deskterm.records.listing import Listing
    from deskterm.records.schema import Row

LIMIT = 200
"""Rows that a list prints where nobody says how many; the rest is said to be there, and `--after` continues."""
COUNT_AT_MOST = 10_000_000


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of a list, how many there are in all, and where the next ones begin."""

    kind: Kind
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    count: int
    next: str | None


def list_(context: Context, args: Namespace) -> None:
    """Print the records of a kind that a query finds."""
    if args.csv and context.json:
        raise UsageError("--csv and --json are two different outputs; choose one")
    desk = context.desk
    kind = desk.registry.kind(args.kind)
    columns = _columns(kind, args.columns, everything=context.json)
    if args.query == "-":
        found = _named(context, kind, columns, words.numbers(context, ["-"]))
    else:
        given = words.whole(args.limit, "--limit")
        limit = LIMIT if given is None else given
        found = find(desk, kind, args.query or "", args.sort or "", columns, limit=limit, after=args.after)
    if context.json:
        items = [item_json(kind, row, columns, desk.known) for row in found.rows]
        context.write_json(
            {"kind": kind.name, "query": args.query or "", "count": found.count, "items": items, "next": found.next}
        )
    elif args.csv:
        from deskterm.exchange.export_tables import write_rows

        write_rows(("number", *columns), _values(desk, found), context.document)
    else:
        _print(context, found)


def _columns(kind: Kind, given: str | None, *, everything: bool) -> tuple[str, ...]:
    """Return the fields that a list shows besides the number; the short names of the query language serve here too.

    Raises:
        InvalidInput: there is no such field.
    """
    if given:
        from deskterm.query.compiler import ALIASES

        asked = [word for part in given.split(",") if (word := part.strip())]
        names = [kind.field(word if word in kind.all_fields else ALIASES.get(word, word)).name for word in asked]
    elif everything:
        names = list(kind.all_fields)
    else:
        names = ["state", *kind.columns, kind.title_field]
    return tuple(name for name in dict.fromkeys(names) if name != "number")


def find(
    desk: Desk, kind: Kind, query: str, sort: str, columns: Sequence[str], *, limit: int = 0, after: str | None = None
) -> Found:
    """Return the rows of a list, read page by page.

    Args:
        limit: at most so many rows; 0 for all.
        after: where a list before ended; it belongs to one kind, query and sort order.
    """
    prepared = desk.prepare([kind.name], query, sort)
    asked = f"{kind.name}\n{query}\n{sort}"
    rows: list[Row] = []
    more = True
    edge = read_cursor(after, asked) if after else None
    if edge and len(edge) != len(prepared.keys):
        raise UsageError("--after takes the cursor that the list before gave as next")
    while more and (not limit or len(rows) < limit):
        page = desk.page(prepared, limit=min(limit - len(rows), 200) if limit else 200, after=edge, columns=columns)
        rows += page.rows
        more = page.more and bool(page.rows)
        edge = rows[-1].cursor if rows else None
    cursor = write_cursor(rows[-1].cursor, asked) if more and rows else None
    return Found(kind, tuple(columns), tuple(rows), _count(desk, prepared, rows, complete=not after and not more), cursor)


def _count(desk: Desk, prepared: Listing, rows: Sequence[Row], *, complete: bool) -> int:
    return len(rows) if complete else desk.count(prepared, cap=COUNT_AT_MOST)


def _named(context: Context, kind: Kind, columns: Sequence[str], numbers: Sequence[str]) -> Found:
    rows = context.desk.rows(numbers, columns=columns)
    strange = [row.number for row in rows if row.kind != kind.name]
    if strange:
        raise InvalidInput(f"{strange[0]} is not a {kind.name}", fields=dict.fromkeys(strange, f"not a {kind.name}"))
    return Found(kind, tuple(columns), rows, len(rows), None)


def write_cursor(edge: Sequence[Any], asked: str) -> str:
    """Return a row's place in a list as one word."""
    written = json.dumps([_digest(asked), *edge], separators=(",", ":"))
    return base64.urlsafe_b64encode(written.encode()).decode().rstrip("=")


def _is_place(value: object) -> bool:
    """Return whether a value can stand in a cursor: a text, or a number that a database holds."""
    return isinstance(value, str) or (isinstance(value, int) and abs(value) < 2**63)


def read_cursor(text: str, asked: str) -> tuple[Any, ...]:
    """Return the place that a word stands for.

    Raises:
        UsageError: it is no cursor, or another list's.
    """
    try:
        digest, *edge = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, TypeError):
        raise UsageError("--after takes the cursor that the list before gave as next") from None
    if digest != _digest(asked) or not edge or not all(_is_place(value) for value in edge):
        raise UsageError("that cursor belongs to another list; ask with the same kind, query and sort order")
    return tuple(edge)


def _digest(asked: str) -> str:
    return hashlib.sha256(asked.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def row_value(row: Row, name: str) -> Any:
    """Return the stored value of a field of a row."""
    own = {"number": row.number, "version": row.version}
    if name in own:
        return own[name]
    return row.values.get(name, row.state if name == "state" else None)


def item_json(kind: Kind, row: Row, columns: Sequence[str], names: Mapping[int, Any]) -> dict[str, Any]:
    """Return a row as JSON shows it: number, kind, state and version always, then the columns."""
    item: dict[str, Any] = {"number": row.number, "kind": row.kind, "state": row.state, "version": row.version}
    return item | {name: exported(kind.all_fields[name], row_value(row, name), names) for name in columns}


def exported(item: Field, value: Any, names: Mapping[int, Any]) -> Any:
    """Return a value as JSON shows it."""
    return None if value is None else item.type.export(value, names)


def _values(desk: Desk, found: Found) -> Iterator[list[Any]]:
    """Yield the values of each row as JSON shows them, the number first."""
    for row in found.rows:
        values = ((found.kind.all_fields[name], row_value(row, name)) for name in ("number", *found.columns))
        yield [exported(item, value, desk.known) for item, value in values]


def _print(context: Context, found: Found) -> None:
    kind, known = found.kind, context.desk.known
    rows = []
    for row in found.rows:
        values = {name: row_value(row, name) for name in found.columns}
        rows.append([row.number, *(kind.all_fields[name].type.show(value, known) for name, value in values.items())])
    numeric = [i + 1 for i, name in enumerate(found.columns) if kind.all_fields[name].type.numeric]
    context.table(rows, ("number", *found.columns), right=numeric)
    if found.next:
        context.remark(f"{len(found.rows)} of {found.count}; the next ones: --after {found.next}")


def search(context: Context, args: Namespace) -> None:
    """Print the records of every kind that match a text best."""
    limit = words.whole(args.limit, "--limit", 1) or 50
    text = " ".join(args.text)
    rows = context.desk.search(text, limit=limit, kinds=args.kind or ())
    if context.json:
        items = [{"number": row.number, "kind": row.kind, "state": row.state, "title": row.title} for row in rows]
        context.write_json({"text": text, "count": len(items), "items": items})
        return
    context.table([(row.number, row.kind, row.state, row.title) for row in rows], ("number", "kind", "state", "title"))


COMMANDS = (
    Command(
        "list", list_, "list the records of a kind that a query finds",
        (
            arg("kind", metavar="KIND", help="what to list; see: deskterm kinds"),
            arg("query", metavar="QUERY", nargs="?", help="which of them (docs/query.md); `-` reads their numbers"),
            arg("--sort", metavar="F,-G", help="fields to sort by, `-` for downwards; the kind's own order if not given"),
            arg("--limit", metavar="N", help=f"at most so many, 0 for all; {LIMIT} if not given"),
            arg("--after", metavar="CURSOR", help="go on where a list before ended, with its `next`"),
            arg("--columns", metavar="F,G", help="fields to show besides the number"),
            arg("--csv", action="store_true", help="write CSV; cells that a spreadsheet would run get an apostrophe"),
        ),
        "With `--at`, times such as `now` and `<4h` are reckoned from that instant.",
        ("deskterm list incident 'state:open priority:1..2 -tag:noise' --sort due_at,-priority",
         "deskterm list incident unassigned | deskterm do - take"),
    ),
    Command(
        "search", search, "find a text in everything there is, the best matches first",
        (
            arg("text", metavar="TEXT", nargs="+", help="words, or a number; the last may be a beginning"),
            arg("--kind", metavar="KIND", action="append", help="only this kind; may be given again"),
            arg("--limit", metavar="N", help="at most so many; 50 if not given"),
        ),
    ),
)  # fmt: skip
