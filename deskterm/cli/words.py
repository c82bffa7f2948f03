"""What people write after a command: `FIELD=VALUE` with its sources, record numbers from the line or from a pipe, dates."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from deskterm.errors import InvalidInput, UsageError

if TYPE_CHECKING:
    from deskterm.cli.context import Context
    from deskterm.fields import Field
    from deskterm.kinds import Kind

_ASSIGNMENT = re.compile(r"([A-Za-z][\w-]*)=(.*)", re.DOTALL)

SOURCES = """\
VALUE is taken as it is; `@path` reads a file, `-` standard input, `@@…` is a text that begins with one @.
Nothing after the `=` empties the field. A reference takes a number or a unique name, a list is `a,b` or JSON,
an instant ISO 8601, `2h` or `tomorrow 9:00`, a duration `90s`, `15m`, `4h` or seconds."""


def part(words: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the words that are no assignments, and those that are."""
    plain: list[str] = []
    assignments: list[str] = []
    for word in words:
        (assignments if _ASSIGNMENT.fullmatch(word) else plain).append(word)
    return plain, assignments


def moments(context: Context, kind: Kind, given: Mapping[str, str], action: str = "") -> dict[str, object]:
    """Return values in which an instant may be said as in a form: `2h`, `tomorrow 9:00`, in the agent's own time zone.

    What is ISO 8601, or no time at all, is left as it is: the desk reads or refuses it.
    """
    inputs = {item.name: item for one in kind.workflow.actions if one.name == action for item in one.inputs}
    return moments_of(context, {**kind.all_fields, **inputs}, given)


def moments_of(context: Context, fields: Mapping[str, Field], given: Mapping[str, str]) -> dict[str, object]:
    """Return values in which an instant may be said as in a form, read by the fields they are of."""
    from deskterm.clock import parse_instant
    from deskterm.fields import Instant
    from deskterm.forms.moments import read_moment

    found: dict[str, object] = dict(given)
    for name, text in given.items():
        item = fields.get(name)
        if not text or item is None or not isinstance(item.type, Instant):
            continue
        try:
            parse_instant(text)
        except InvalidInput:
            with suppress(InvalidInput):
                desk = context.desk
                found[name] = read_moment(text, now=desk.moment, tz=desk.actor.tz, future=item.type.future)
    return found


def values(context: Context, assignments: Iterable[str]) -> dict[str, str]:
    """Return the fields and values of `FIELD=VALUE` words, with files and standard input read.

    Raises:
        UsageError: a word is no assignment, a field comes twice, or standard input is asked for twice.
        InvalidInput: a file cannot be read, or what it holds is no text.
    """
    found: dict[str, str] = {}
    read_input = False
    for word in assignments:
        match = _ASSIGNMENT.fullmatch(word)
        if match is None:
            raise UsageError(f"{word!r} is not FIELD=VALUE")
        name, raw = match[1].replace("-", "_"), match[2]
        if name in found:
            raise UsageError(f"{name} is given twice")
        if raw == "-" and read_input:
            raise UsageError("standard input can fill one field only")
        read_input = read_input or raw == "-"
        try:
            found[name] = text_of(context, raw)
        except InvalidInput as problem:
            raise InvalidInput(f"{name}: {problem.message}", fields={name: problem.message}) from None
    return found


def text_of(context: Context, raw: str) -> str:
    """Return the text that a value stands for: itself, a file's, or standard input's."""
    if raw == "-":
        return context.read_text()
    if raw.startswith("@@"):
        return raw[1:]
    if raw.startswith("@"):
        return context.read_file(raw[1:])
    return raw


def numbers(context: Context, words: Sequence[str]) -> list[str]:
    """Return record numbers in order, each once; `-` stands for those on standard input, of which there may be none.

    Raises:
        UsageError: none is named, or standard input more than once.
    """
    if not words or words.count("-") > 1:
        raise UsageError("name at least one record, such as INC-00042; `-` reads numbers from standard input, once")
    found: dict[str, None] = {}
    for word in words:
        found.update(dict.fromkeys(_piped(context.read_text()) if word == "-" else [word]))
    return list(found)


def _piped(text: str) -> list[str]:
    """Read numbers as `list` and `search` print them: the first cell of each line, or the items of their JSON."""
    if text.lstrip().startswith(("{", "[")):
        try:
            read = json.loads(text)
        except (ValueError, RecursionError) as problem:
            raise InvalidInput(f"standard input begins like JSON, but is not: {problem}") from None
        items = read.get("items", [read]) if isinstance(read, dict) else read
        if not isinstance(items, list):
            raise InvalidInput("standard input is JSON, but holds no list of records; pipe what list --json prints")
        return [str(item["number"]) if isinstance(item, dict) and "number" in item else str(item) for item in items]
    cells = (re.split(r"[\s,;]", line.strip(), maxsplit=1)[0].strip('"') for line in text.splitlines())
    return [cell for cell in cells if cell and cell.casefold() != "number"]


def instant(text: str | None, option: str) -> int | None:
    """Read an option that is a date or an instant.

    Raises:
        UsageError: it is neither.
    """
    if text is None:
        return None
    from deskterm.clock import parse_instant

    try:
        return parse_instant(text)
    except InvalidInput as problem:
        raise UsageError(f"{option}: {problem.message}") from None


def whole(text: str | None, option: str, low: int = 0) -> int | None:
    """Read an option that is a whole number.

    Raises:
        UsageError: it is none, or less than `low`.
    """
    if text is None:
        return None
    if not re.fullmatch(r"\d{1,9}", text) or int(text) < low:
        raise UsageError(f"{option} takes a whole number from {low}, not {text!r}")
    return int(text)
