"""Records as a Markdown document, a section each. What people wrote stands in it as text, whatever markup it looks like."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from deskterm.clock import format_instant
from deskterm.exchange.exporting import Exported, Records, Sink
from deskterm.kinds import Kind

_MEANING = re.compile(r"([\\`*_{}\[\]()<>#+\-!|~&])")
LONG = 120
"""Characters from which on a text stands below the others, as a block."""


def write(kind: Kind, records: Records, out: Sink) -> None:
    """Write records as a document."""
    out.write(f"# {kind.many}\n")
    for one in records:
        out.write("\n".join(_section(one)) + "\n")


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table."""
    yield f"| {' | '.join(map(inline, header))} |"
    yield "|" + " --- |" * len(header)
    for row in rows:
        yield f"| {' | '.join(map(inline, row))} |"


def inline(text: str) -> str:
    """Return a text of one line that Markdown shows as it is; controls and bidi overrides become `�`."""
    plain = " ".join(text.split())
    shown = "".join("\ufffd" if unicodedata.category(c) in ("Cc", "Cf", "Cs") else c for c in plain)
    return _MEANING.sub(r"\\\1", shown)


def block(text: str) -> Iterator[str]:
    """Yield the lines of a block in which nothing has a meaning, however many backquotes it holds."""
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    yield f"{fence}text"
    for line in text.splitlines():
        yield "".join("\ufffd" if unicodedata.category(c) in ("Cc", "Cf", "Cs") and c != "\t" else c for c in line)
    yield fence


def _section(one: Exported) -> Iterator[str]:
    yield ""
    yield f"## {inline(one.number)} {inline(one.title)}"
    yield ""
    shown = {name: _shown(value) for name, value in one.values.items()}
    long = {name for name, text in shown.items() if "\n" in text or len(text) > LONG}
    about = [("State", one.state), ("Created", format_instant(one.created_at)), ("Updated", format_instant(one.updated_at))]
    fields = one.kind.all_fields
    about += [(fields[name].title, text) for name, text in shown.items() if text and name not in long and text != one.title]
    yield from table(("Field", "Value"), about)
    for name in shown:
        if name in long:
            yield ""
            yield f"**{inline(fields[name].title)}**"
            yield ""
            yield from block(shown[name])


def _shown(value: Any) -> str:
    if value is None or value == []:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
