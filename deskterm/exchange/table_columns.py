"""Columns of a table as fields of a kind: what a heading means, and what its cells say before the field itself reads them."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import field_validator

from deskterm.civil_time import instant_of, read_instant, zone_named
from deskterm.errors import DeskError, InvalidInput
from deskterm.exchange.faults import Faults, brief
from deskterm.exchange.mapping import Rules, ZoneName
from deskterm.fields import Field, Instant, Ref, Refs, as_list
from deskterm.kinds import Kind, Registry

Cells = Mapping[str, Any]
"""By heading: the text of a CSV cell, or any value of a JSON object."""

DELIMITERS = (",", ";", "\t")


class TableRules(Rules):
    """What a mapping may say about a table."""

    kind: str = ""
    """What the rows are, where neither a column, nor their numbers, nor the file's name says it."""
    columns: dict[str, str] = {}
    """Heading to field; an empty field leaves the column out."""
    constants: dict[str, Any] = {}
    """Field to what it is where a row says nothing."""
    date_format: str = ""
    """How instants are written, as Python's strptime has it; ISO 8601 if empty."""
    zone: ZoneName = "UTC"
    """In which IANA zone instants without an offset are."""
    delimiter: str = ""
    """Between cells; found by itself if empty."""
    encoding: str = "utf-8"
    clear: bool = False
    """An empty cell empties the field. Otherwise it says nothing."""

    @field_validator("delimiter")
    @classmethod
    def _delimiter_is_one(cls, value: str) -> str:
        if value and (len(value) != 1 or value in "\"\r\n'" or not value.isascii()):
            raise ValueError("must be one character, such as ;")
        return value

    @field_validator("encoding")
    @classmethod
    def _encoding_keeps_lines(cls, value: str) -> str:
        try:
            plain = codecs.lookup(value).encode("a,\n")[0] == b"a,\n"
        except (LookupError, UnicodeError, TypeError):
            plain = False
        if not plain:
            raise ValueError("must be an encoding such as utf-8, cp1252 or latin-1; save anything else as UTF-8")
        return value


class BadRow(Exception):
    """A row says something that cannot be; `faults` says what, by heading."""

    def __init__(self, heading: str, message: str) -> None:
        super().__init__(message)
        self.faults = {heading: message}


@dataclass(frozen=True, slots=True)
class Row:
    """What a row says, before its fields are read."""

    kind: Kind
    number: str
    state: str
    values: Mapping[str, Any]
    """By field: what stands in the cell; None where it says nothing."""
    headings: Mapping[str, str]
    """By field: what the file calls it."""

    def heading(self, name: str) -> str:
        """Return what the file calls a field."""
        return self.headings.get(name, name)


class Columns:
    """Reads rows of one table."""

    def __init__(self, registry: Registry, rules: TableRules, stem: str) -> None:
        self._registry, self._rules = registry, rules
        self._zone = zone_named(rules.zone)
        self._stated = registry.kind(rules.kind) if rules.kind else None
        self._file = self._named_like(stem)
        self._known: dict[tuple[str, str], Field | None] = {}
        self._by_prefix = {kind.prefix: kind for kind in registry}

    def name(self, heading: str) -> str:
        """Return the field's name that a heading means; empty if it is left out."""
        return self._rules.columns.get(heading, heading).strip().casefold().replace(" ", "_").replace("-", "_")

    def row(self, line: int, cells: Cells, faults: Faults) -> Row:
        """Return what a row says; unknown columns are noted once.

        Raises:
            BadRow: its kind is unknown, or a cell can mean nothing.
        """
        headings: dict[str, str] = {}
        said: dict[str, Any] = {}
        for heading, cell in cells.items():
            name = self.name(heading)
            if name:
                headings[name] = heading
                said[name] = None if isinstance(cell, str) and not cell.strip() else cell
        kind = self._kind(said, headings)
        for name, constant in self._rules.constants.items():
            if said.get(name) is None:
                said[name] = constant
        values: dict[str, Any] = {}
        for name, value in said.items():
            item = self._field(line, kind, name, headings.get(name, name), None if value is None else faults)
            if item is not None:
                values[item.name] = self._plain(item, headings.get(name, name), value)
                headings.setdefault(item.name, headings.get(name, name))
        return Row(kind, _word(said.get("number")).upper(), _word(said.get("state")).casefold(), values, headings)

    def _kind(self, said: Mapping[str, Any], headings: Mapping[str, str]) -> Kind:
        """Return what a row is: by its own word, the mapping's, its number's first letters, the file's name."""
        word = _word(said.get("kind"))
        if word:
            try:
                return self._registry.kind(word)
            except InvalidInput as problem:
                raise BadRow(headings["kind"], problem.message) from None
        prefix = re.match(r"[A-Z]+", _word(said.get("number")).upper())
        found = self._stated or (self._by_prefix.get(prefix[0]) if prefix else None) or self._file
        if found is None:
            raise BadRow("kind", 'is unknown; add a column kind, or say it in a mapping: kind = "person"')
        return found

    def _named_like(self, stem: str) -> Kind | None:
        try:
            return self._registry.kind(stem)
        except InvalidInput:
            return None

    def _field(self, line: int, kind: Kind, name: str, heading: str, faults: Faults | None) -> Field | None:
        """Return the field of a column that can be set; None for one that is read otherwise, worked out or unknown.

        Args:
            faults: where an unknown column is noted; None while it is empty, as columns of other kinds in the same table are.
        """
        if name in ("kind", "number") or (name == "state" and kind.all_fields["state"].derived):
            return None
        if (kind.name, name) not in self._known:
            labels = {item.title.casefold().replace(" ", "_"): item for item in kind.told}
            found = kind.all_fields.get(name) or labels.get(name)
            if found is None and faults is None:
                return None
            if found is None and faults is not None:
                self._unknown(line, kind, heading, faults)
            self._known[kind.name, name] = None if found is None or found.derived else found
        return self._known[kind.name, name]

    def _unknown(self, line: int, kind: Kind, heading: str, faults: Faults) -> None:
        try:
            kind.field(heading)
        except InvalidInput as problem:
            faults.add(line, heading, f'is no field: {problem.message}; or leave it out by a mapping: [columns] "{heading}" = ""')

    def _plain(self, item: Field, heading: str, value: Any) -> Any:
        """Return what a cell says in the terms that the field reads."""
        if isinstance(item.type, Instant) and isinstance(value, str):
            return self._instant(heading, value)
        if isinstance(item.type, Ref) and value is not None:
            return _word(value)
        if isinstance(item.type, Refs) and value is not None:
            try:
                return [_word(one) for one in as_list(value)]
            except ValueError as problem:
                raise BadRow(heading, str(problem)) from None
        return value

    def _instant(self, heading: str, text: str) -> int:
        try:
            if self._rules.date_format:
                moment = datetime.strptime(text.strip(), self._rules.date_format)  # noqa: DTZ007 - the zone is applied below
                return instant_of(moment, self._zone) if moment.tzinfo is None else int(moment.timestamp())
            return read_instant(text.strip(), self._zone)
        except DeskError as problem:
            raise BadRow(heading, f"must be an instant: {problem.message}") from None
        except (ValueError, OverflowError):
            raise BadRow(heading, f"must be an instant like {self._rules.date_format}, not {brief(text)}") from None


def _word(value: Any) -> str:
    return "" if value is None else str(value).strip()
