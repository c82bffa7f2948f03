"""What a reference may name, looked up while it is typed: by number, by the beginning of a name, by its words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from deskterm.forms.schema import Option
from deskterm.query.show import quote

if TYPE_CHECKING:
    from deskterm.desk import Desk
    from deskterm.records.schema import Row

MOST = 12


def find(desk: Desk, kinds: Sequence[str], text: str) -> tuple[Option, ...]:
    """Return the records of some kinds that a text may mean, those whose name begins with it first. Call it in a thread."""
    known = tuple(name for name in kinds if name in desk.registry)
    found: dict[int, Row] = {}
    wanted = text.strip()
    for query in _queries(wanted):
        listing = desk.prepare(known, query, desk.registry.kind(known[0]).title_field if len(known) == 1 else "-updated_at")
        for row in desk.page(listing, limit=MOST, columns=("organisation", "vip", "login")).rows:
            found.setdefault(row.id, row)
        if len(found) >= MOST:
            break
    return tuple(_option(row) for row in list(found.values())[:MOST])


def _queries(text: str) -> list[str]:
    if not text:
        return ["*"]
    words = " ".join(f"{quote(word)}" for word in text.split()[:6])
    last = text.split()[-1]
    return [f"{words}*" if last.isalnum() else words]


def _option(row: Row) -> Option:
    organisation = row.shown.get("organisation") or ""
    detail = " · ".join(part for part in (row.number, organisation, row.state if row.state != "active" else "") if part)
    return Option(row.number, row.title, detail, "VIP" if row.values.get("vip") else "")
