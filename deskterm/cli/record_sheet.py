"""One record on paper: everything the desk knows of it, for a person to read or for a program."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from deskterm.cli.context import Context
from deskterm.clock import format_instant
from deskterm.desk import Desk
from deskterm.fields import show_duration
from deskterm.kinds import Kind
from deskterm.permissions import Family
from deskterm.records.reading import as_json
from deskterm.records.schema import JournalLine, LinkLine, RecordView

_NAME = 18
"""Cells of the column of labels."""


@dataclass(frozen=True, slots=True)
class RecordSheet:
    """A record with its whole journal, and the kind that says what its values mean."""

    kind: Kind
    view: RecordView

    def as_json(self) -> dict[str, Any]:
        """Return the record as `deskterm show --json` prints it."""
        view = self.view
        shown: dict[str, Any] = {
            "number": view.number,
            "kind": view.kind,
            "state": view.state,
            "version": view.version,
            "created_at": format_instant(view.created_at),
            "updated_at": format_instant(view.updated_at),
        }
        shared = {name: value for name, value in view.extra.items() if name in self.kind.all_fields}
        shown |= {name: self.kind.all_fields[name].type.export(value, view.names) for name, value in shared.items()}
        shown |= as_json(self.kind, view)
        shown["clocks"] = [clock.as_json() for clock in view.clocks]
        shown["links"] = [_link_json(line) for line in view.links]
        shown["journal"] = [_journal_json(line) for line in view.journal]
        return shown

    def print_on(self, context: Context) -> None:
        """Print the record for a person."""
        view = self.view
        context.line(f"{view.number}  {view.title}")
        context.line(f"{self.kind.title}, {view.state}, version {view.version}, updated {format_instant(view.updated_at)}")
        self._print_fields(context)
        if view.clocks:
            context.line()
            context.line("Clocks")
            context.table([_clock_cells(clock) for clock in view.clocks], indent="  ")
        if view.links:
            context.line()
            context.line("Links")
            context.table([_link_cells(line) for line in view.links], indent="  ")
        context.line()
        context.line("Journal")
        for line in view.journal:
            self._print_entry(context, line)

    def _print_fields(self, context: Context) -> None:
        long = []
        context.line()
        for item in self.kind.told:
            shown = item.type.show(self.view.values.get(item.name), self.view.names)
            if not shown or item.name == self.kind.title_field:
                continue
            if "\n" in shown or len(shown) > 100:
                long.append((item.title, shown))
            else:
                context.line(f"  {item.title:{_NAME - 1}} {shown}")
        for title, shown in long:
            context.line()
            context.line(title)
            context.lines(shown, indent="  ")

    def _print_entry(self, context: Context, line: JournalLine) -> None:
        late = "" if line.at == line.recorded_at else f" (recorded {format_instant(line.recorded_at)})"
        context.line(f"  {format_instant(line.at)}  {line.actor}  {_said(line)}{late}")
        if line.text and line.what != "state":
            context.lines(line.text, indent="      ")


def _said(line: JournalLine) -> str:
    """Return a journal entry's first line, without when and who."""
    if line.what in ("field", "state"):
        reason = f" ({line.text})" if line.what == "state" and line.text else ""
        return f"{line.field}: {_brief(line.old)} → {_brief(line.new)}{reason}"
    if line.what in ("link", "unlink"):
        return f"{line.what} {line.field} {line.new or line.old}"
    return f"{line.what} (public)" if line.public else line.what


def _brief(value: object) -> str:
    if value is None or value == "" or value == []:
        return "nothing"
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"


def _clock_cells(clock: Any) -> tuple[str, ...]:
    used = show_duration(clock.elapsed_seconds)
    target = "?" if clock.target_seconds is None else show_duration(clock.target_seconds)
    due = "no due instant" if clock.due_at is None else f"due {format_instant(clock.due_at)}"
    met = "" if clock.met_at is None else f"met {format_instant(clock.met_at)}"
    return clock.metric, clock.agreement, clock.state, f"{used} of {target}", due, met


def _link_cells(line: LinkLine) -> tuple[str, ...]:
    until = "" if line.valid_until is None else f"until {format_instant(line.valid_until)}"
    group = "" if line.group is None else f"{line.need} of group {line.group}"
    arrow = f"← {line.relation}" if line.inverse else f"{line.relation} →"
    return arrow, line.number, line.title, line.state, until, group


def _link_json(line: LinkLine) -> dict[str, Any]:
    return {
        "relation": line.relation,
        "inverse": line.inverse,
        "number": line.number,
        "kind": line.kind,
        "title": line.title,
        "state": line.state,
        "from": format_instant(line.valid_from),
        "until": None if line.valid_until is None else format_instant(line.valid_until),
        "group": line.group,
        "need": line.need,
    }


def _journal_json(line: JournalLine) -> dict[str, Any]:
    return {
        "seq": line.seq,
        "at": format_instant(line.at),
        "recorded_at": format_instant(line.recorded_at),
        "actor": line.actor,
        "what": line.what,
        "field": line.field,
        "old": line.old,
        "new": line.new,
        "text": line.text,
        "public": line.public,
        "operation": line.operation,
    }


def read(desk: Desk, number: str) -> RecordSheet:
    """Read a record with every page of its journal; what configuration management keeps, as it was where an instant is given."""
    view = desk.show(number)
    if desk.at is not None and desk.registry.kind(view.kind).family is Family.CONFIGURATION:
        from deskterm.configuration.past import view_at

        return RecordSheet(desk.registry.kind(view.kind), view_at(desk, number, desk.at))
    if view.earlier:
        pages = [view.journal, *_earlier_pages(desk, view)]
        view = replace(view, journal=tuple(line for page in reversed(pages) for line in page), earlier=False)
    return RecordSheet(desk.registry.kind(view.kind), view)


def _earlier_pages(desk: Desk, view: RecordView) -> Iterator[tuple[JournalLine, ...]]:
    while view.earlier and view.journal:
        view = desk.show(view.number, before=view.journal[0].seq)
        yield view.journal
