"""A record that stands open at present, as it is told: how much time is left on it, who has it, what was said so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Said(NamedTuple):
    """Something said on a record."""

    share: float
    """When: 0 is the beginning, 1 is now, in time that counts for the record."""
    who: str
    """An agent's login, or empty for the caller."""
    text: str
    public: bool = False


class Wait(NamedTuple):
    """What a pending record waits for."""

    reason: str
    since_hours: float
    text: str
    """What the caller is asked, or the note of why it waits."""
    wakes_hours: float | None = None
    """In how many hours it wakes up by itself."""


@dataclass(frozen=True, slots=True)
class Story:
    """One open record. It says either how much time is left on its resolution, or how long ago it came in."""

    summary: str
    description: str
    person: str
    service: str
    left: float | None = None
    """Hours of agreed time left to its resolution when it was last running; negative: overdue by so much."""
    age: float = 0.0
    """Hours since it came in, by the clock on the wall; counts where nothing is said of the time left."""
    team: str = ""
    """Empty: nobody has looked at it yet."""
    agent: str = ""
    """Empty: it lies in the queue of its team."""
    begun: bool = True
    """Work on it has begun, if an agent has it."""
    ci: str = ""
    category: str = "software"
    impact: int = 3
    urgency: int = 2
    channel: str = "phone"
    item: str = ""
    """What is asked for; makes it a service request."""
    said: tuple[Said, ...] = ()
    wait: Wait | None = None
    affected: int = 1
    tags: tuple[str, ...] = ()
    key: str = ""
    parent: str = ""
    customer: str = ""
    """Whose it is where nobody called: raised by monitoring."""
    major: bool = False
