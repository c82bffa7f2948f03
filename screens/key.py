"""One key of the console as it is declared: what it is called, what it does, where it works."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Key:
    """One key, or several that do the same."""

    id: str
    """`area.what`; unique, never changed: people's keymaps name it."""
    keys: str
    """Textual's names, separated by commas."""
    action: str
    """What is called on the screen: `action_<this>`."""
    label: str
    """A word or two for the footer."""
    help: str
    """One sentence for the help."""
    footer: int = 0
    """Its place in the footer, from 1; 0 keeps it out."""
    keep: bool = False
    """Stays in the footer when there is no room for all."""
    widget: bool = False
    """Bound by a widget, not by the screen."""

    @property
    def area(self) -> str:
        """Where it works."""
        return self.id.partition(".")[0]
