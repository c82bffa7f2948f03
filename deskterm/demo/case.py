"""What a sort of trouble, or a sort of wish, looks like: how people word it, who deals with it, what it takes and how it ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

DESK, NETWORK, WORKPLACE = "Service Desk", "Network", "Workplace"
APPLICATIONS, DATABASE, SUPPLIER = "Applications", "Database", "Nordlink"


class Tale(NamedTuple):
    """Texts that belong together. In them {ci}, {place}, {first}, {clock} and {n} are filled in."""

    summaries: tuple[str, ...]
    """How callers put it in one line; one of them is taken, as of the others."""
    descriptions: tuple[str, ...]
    notes: tuple[str, ...]
    """What was found."""
    solutions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One sort of contact."""

    service: str
    category: str
    team: str
    """Who solves what the first line does not."""
    tales: tuple[Tale, ...]
    asks: tuple[str, ...] = ("Could you tell us when it happened last, and whether it happens on another machine as well?",)
    """What the caller is asked when the record waits for them."""
    weight: int = 10
    """How often it comes up, against the others."""
    impact: tuple[int, ...] = (3, 3, 3, 2)
    urgency: tuple[int, ...] = (2, 2, 3, 1)
    code: str = "solved"
    cis: tuple[str, ...] = ()
    """Beginnings of the names of the configuration items it may be about."""
    customers: tuple[str, ...] = ()
    """Only these organisations; all if empty."""
    at_once: float = 0.35
    """Share that is solved while the caller is still on the phone."""
    waits_for: str = "caller"
    channels: tuple[str, ...] = ()
    """How it reaches the desk; the usual mixture if empty."""
    subcategory: str = ""
    item: str = ""
    """What is asked for; makes it a service request."""
    tags: tuple[str, ...] = ()
    article: str = ""
    """The knowledge article that helps, by its title."""

    @property
    def kind(self) -> str:
        """Return the kind of record it becomes."""
        return "request" if self.item else "incident"
