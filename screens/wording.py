"""Journal entries in words, as colleagues tell them: who, what, and the text. Pure; names come with the entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deskterm.clock import parse_instant
from deskterm.errors import DeskError
from deskterm.fields import Field, Flag, Instant, Scale
from deskterm.records.schema import WATCHES, JournalLine
from screens.when import short

if TYPE_CHECKING:
    from deskterm.kinds import Kind

SAID = frozenset({"note", "reply"})
"""What people wrote."""
CHANGED = frozenset({"field", "state", "link", "unlink", "clock", "signed", "refused"})
"""What happened besides."""


@dataclass(frozen=True, slots=True)
class Wording:
    """One entry in words."""

    what: str
    """One or two words: `note`, `reply to caller`, `priority`."""
    text: str
    """The rest; of several lines where people wrote several."""


def worded(line: JournalLine, kind: Kind, now: int, tz: str) -> Wording:
    """Return an entry in words.

    Args:
        line: The entry.
        kind: The kind of its record.
        now: The present instant, for short dates.
        tz: The person's time zone.
    """
    field = kind.all_fields.get(line.field or "")
    label = field.title.lower() if field is not None else (line.field or "").replace("_", " ")
    old, new = (value_text(value, field, now, tz) for value in (line.old, line.new))
    match line.what:
        case "note":
            return Wording("note", line.text or "")
        case "reply":
            return Wording("reply" if line.public else "note", line.text or "")
        case "created":
            return Wording("logged it", "")
        case "state":
            return Wording("state", f"{_arrow(old, new)}{f' · {line.text}' if line.text else ''}")
        case "field":
            return Wording(label, _arrow(_one_line(old), _one_line(new)))
        case "link" | "unlink":
            return _linked(line.field or "", new or old, made=line.what == "link")
        case _:
            return Wording(line.what, line.text or _arrow(old, new))


def _linked(relation: str, other: str, *, made: bool) -> Wording:
    """Return a link in words, read from the source to the target whichever end it is told at."""
    if relation == f"{WATCHES} of":
        return Wording("watched by" if made else "watched no more by", other)
    what = "linked" if made else "unlinked"
    return Wording(what, f"{other} {relation.removesuffix(' of')} this" if relation.endswith(" of") else f"{relation} {other}")


def value_text(value: object, field: Field | None, now: int, tz: str) -> str:
    """Return a journalled value as a person reads it; empty for nothing."""
    if value is None or value in ("", [], {}):
        return ""
    if field is not None and isinstance(field.type, Instant):
        return instant_text(value, now, tz)
    if field is not None and isinstance(field.type, Scale) and isinstance(value, int) and 1 <= value <= len(field.type.labels):
        return f"{value} {field.type.labels[value - 1]}"
    if isinstance(value, bool) or (field is not None and isinstance(field.type, Flag)):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {part}" for name, part in value.items())
    return str(value)


def instant_text(value: object, now: int, tz: str) -> str:
    """Return an instant, in seconds or ISO 8601, as a short local time."""
    if isinstance(value, int):
        return short(value, now, tz)
    try:
        return short(parse_instant(str(value)), now, tz)
    except DeskError:
        return str(value)


def _arrow(old: str, new: str) -> str:
    if not old:
        return new or "nothing"
    return f"{old} → {new or 'nothing'}"


def _one_line(text: str, limit: int = 120) -> str:
    joined = " ".join(text[: limit * 4].split())
    return joined if len(joined) <= limit else joined[: limit - 1] + "…"
