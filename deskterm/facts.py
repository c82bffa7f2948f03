"""Facts that are no records: measurements and the like, told by `deskterm new`, kept by the thousand without a number.

A process declares them beside its kinds as a tuple named ``FACTS``; the command line, the help and the checking follow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from deskterm.errors import InvalidInput
from deskterm.fields import Field, Ref
from deskterm.late import named

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from deskterm.desk import Desk

Add = Callable[["Desk", Mapping[str, Any]], Mapping[str, Any]]
"""Keeps a fact whose values are checked, and returns it as it is kept."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One sort of fact."""

    name: str
    about: str
    """Prefix of the records that it is about."""
    fields: tuple[Field, ...]
    place: str
    """`module:function` that keeps one."""
    help: str

    def add(self, desk: Desk, given: Mapping[str, object]) -> Mapping[str, Any]:
        """Check the values of a fact and keep it.

        Raises:
            InvalidInput: a field is unknown, wrong, or required and missing; `fields` names each.
        """
        with desk.database.read() as connection:
            values = self._read(connection, given)
        return cast(Add, named(self.place))(desk, values)

    def _read(self, connection: Connection, given: Mapping[str, object]) -> dict[str, Any]:
        from deskterm.records import resolve

        known = {item.name: item for item in self.fields}
        wrong = {name: "unknown field" for name in given if name not in known}
        if wrong:
            raise InvalidInput(f"a {self.name} has no field {next(iter(wrong))!r}; it has {', '.join(known)}", fields=wrong)
        values: dict[str, Any] = {}
        for name, item in known.items():
            raw = given.get(name)
            if raw in (None, ""):
                if item.required:
                    wrong[name] = "required"
                continue
            try:
                refers = item.type.to if isinstance(item.type, Ref) else ()
                values[name] = resolve.one_of(connection, raw, refers) if refers else item.type.parse(raw)
            except ValueError as problem:
                wrong[name] = str(problem)
        if wrong:
            said = "; ".join(f"{name} {'is required' if why == 'required' else why}" for name, why in wrong.items())
            raise InvalidInput(f"a {self.name}: {said}", fields=wrong)
        return values
