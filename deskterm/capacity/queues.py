"""How many people answer, and how long callers wait: the queue M/M/c after Erlang (1917), formula C. Pure.

Calls arrive at random, every caller waits, any free agent takes the next one. Traffic in erlangs is `calls · handle time /
interval`; more traffic than agents is a queue that only grows. P(wait) comes from the recursion of formula B,
`B(n) = a·B(n-1) / (n + a·B(n-1))`, which has no factorials and so is stable for any number of agents; then
`C = B / (1 - a/c·(1 - B))`, service level `1 - C·exp(-(c - a)·target/handle)`, mean wait `C·handle / (c - a)`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import exp, floor

from deskterm.errors import InvalidInput

MOST_AGENTS = 100_000


@dataclass(frozen=True, slots=True)
class Load:
    """What comes in."""

    calls: Fraction
    """Contacts in the interval, on average."""
    interval_seconds: Fraction
    handle_seconds: Fraction
    """Mean time that an agent is busy with one, work after the call included."""

    def __post_init__(self) -> None:
        _check(
            calls=(self.calls >= 0, "must be 0 or more"),
            interval_seconds=(self.interval_seconds > 0, "must be more than 0"),
            handle_seconds=(self.handle_seconds > 0, "must be more than 0"),
        )

    @property
    def traffic(self) -> Fraction:
        """The offered traffic in erlangs: agents that would be busy all the time."""
        return self.calls * self.handle_seconds / self.interval_seconds


@dataclass(frozen=True, slots=True)
class Queue:
    """How a number of agents fares with a load; probabilities and shares from 0 to 1."""

    agents: int
    traffic: float
    """Erlangs."""
    p_wait: float
    """The probability that a caller has to wait at all."""
    service_level: float
    """The share of callers who are answered within the target."""
    mean_wait_seconds: float
    """Over all callers, those who need not wait included."""
    occupancy: float
    """The share of their time that agents are busy."""


def erlang_c(load: Load, agents: int, target_seconds: Fraction) -> Queue:
    """Return how so many agents fare with a load.

    Args:
        load: what comes in.
        agents: how many answer at once.
        target_seconds: how long a caller may wait.

    Raises:
        InvalidInput: the queue is unstable, its traffic being as much as the agents or more; or a figure is out of range.
    """
    traffic = load.traffic
    _check(
        agents=(1 <= agents <= MOST_AGENTS, f"must be from 1 to {MOST_AGENTS}"),
        target_seconds=(target_seconds >= 0, "must be 0 or more"),
    )
    if traffic >= agents:
        message = f"{agents} cannot carry {float(traffic):g} erlangs: the queue is unstable, take {floor(traffic) + 1} or more"
        raise InvalidInput(message, fields={"agents": message})
    blocked = 1.0
    erlangs = float(traffic)
    for number in range(1, agents + 1):
        blocked = erlangs * blocked / (number + erlangs * blocked)
    return _queue(load, agents, blocked, target_seconds)


def agents_needed(load: Load, target_seconds: Fraction, service_level: float) -> Queue:
    """Return the smallest staffing that answers a share of the callers within the target.

    Args:
        load: what comes in.
        target_seconds: how long a caller may wait.
        service_level: the share of callers, from 0 up to but not including 1, which no staffing reaches.

    Raises:
        InvalidInput: more agents would be needed than there are in any one place, or a figure is out of range.
    """
    _check(
        service_level=(0 <= service_level < 1, "must be from 0 to less than 1, such as 0.8"),
        target_seconds=(target_seconds >= 0, "must be 0 or more"),
    )
    blocked, erlangs = 1.0, float(load.traffic)
    for number in range(1, MOST_AGENTS + 1):
        blocked = erlangs * blocked / (number + erlangs * blocked)
        if number > load.traffic:
            queue = _queue(load, number, blocked, target_seconds)
            if queue.service_level >= service_level:
                return queue
    message = f"{float(load.traffic):g} erlangs need more than {MOST_AGENTS} agents"
    raise InvalidInput(message, fields={"calls": message})


def _queue(load: Load, agents: int, blocked: float, target_seconds: Fraction) -> Queue:
    occupancy = float(load.traffic / agents)
    spare = float(agents - load.traffic)
    p_wait = blocked / (1 - occupancy * (1 - blocked))
    return Queue(
        agents=agents,
        traffic=float(load.traffic),
        p_wait=p_wait,
        service_level=1 - p_wait * exp(-spare * float(target_seconds / load.handle_seconds)),
        mean_wait_seconds=p_wait * float(load.handle_seconds) / spare,
        occupancy=occupancy,
    )


def _check(**rules: tuple[bool, str]) -> None:
    broken = {name: rule for name, (kept, rule) in rules.items() if not kept}
    for name, rule in broken.items():
        raise InvalidInput(f"{name} {rule}", fields=broken)
