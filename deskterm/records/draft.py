"""A record as it is about to be written: what it was, what it shall be, and what differs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from deskterm.journal import What
from deskterm.kinds import Kind
from deskterm.workflow import Action, Phase


@dataclass(slots=True)
class Draft:
    """One record within a unit of work. Rules read `old` and `new` and set `new`; the store writes the difference."""

    kind: Kind
    old: Mapping[str, Any]
    """Stored values by field name; empty for a record that is being created."""
    new: dict[str, Any]
    id: int = 0
    """Row id; 0 until it has one."""
    number: str = ""
    version: int = 0
    state_before: str = ""
    state: str = ""
    action: Action | None = None
    """The workflow action that is being taken, if one is."""
    given: frozenset[str] = frozenset()
    """The fields a person gave, as against those the desk derives."""
    reason: str = ""
    """Goes into the journal beside a change of state: why it waits."""
    said: What | None = None
    """The note or reply that this write is about, where it is about one."""
    created_at: int = 0
    updated_at: int = 0
    extra: dict[str, Any] = field(default_factory=dict)
    """Spine columns that rules set and no field shows."""

    @property
    def creating(self) -> bool:
        """Return whether the record does not exist yet."""
        return not self.old

    @property
    def changed(self) -> dict[str, tuple[Any, Any]]:
        """Return the fields that differ: name to (old, new). An empty text or list counts as nothing."""
        names = sorted(name for name in self.new.keys() | self.old.keys() if self.old.get(name) != self.new.get(name))
        pairs = ((name, self.old.get(name), self.new.get(name)) for name in names)
        return {name: (old, new) for name, old, new in pairs if _blank(old) != _blank(new)}

    @property
    def phase(self) -> Phase:
        """Return what its state means to clocks and queues."""
        return self.kind.workflow.phase(self.state)

    @property
    def phase_before(self) -> Phase | None:
        """Return what its state meant before, None for a record that is being created."""
        return self.kind.workflow.phase(self.state_before) if self.state_before else None

    @property
    def for_everybody(self) -> bool:
        """Return whether requesters may see it, whomever it names."""
        wanted = self.kind.public
        if wanted is None or not self.old:
            return False
        return all((self.state_before if name == "state" else self.old.get(name)) == value for name, value in wanted.items())

    def get(self, name: str) -> Any:
        """Return a field's value as it shall be."""
        return self.new.get(name)


def _blank(value: Any) -> Any:
    return None if value in ("", [], {}) else value
