"""Availability from facts: how long a thing was up of the time it was agreed to be. Pure.

`A % = 100 · (AST - DT) / AST`, where AST is the agreed service time of the period and DT the downtime within it, overlapping
outages counted once. Over n outages MTRS = DT / n (mean time to restore service), MTBF = (AST - DT) / n (mean time between
failures) and MTBSI = AST / n (mean time between system incidents), so that MTBSI = MTBF + MTRS. After ITIL v2, Service
Delivery, "Availability Management"; what stands on nothing is None, never 0 or 100.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from deskterm.clock import format_instant
from deskterm.errors import InvalidInput
from deskterm.intervals import Interval, Spans


@dataclass(frozen=True, slots=True)
class Outage:
    """A stretch of downtime as recorded."""

    start_at: int
    end_at: int | None
    """None while it is still open."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one service or CI."""

    down: Spans
    planned: Spans = Spans.EMPTY
    """Windows that were approved before they began; downtime within them is planned, they do not shorten the agreed time."""
    unknown: Spans = Spans.EMPTY
    """When nobody watched. A recorded outage is knowledge all the same."""
    open_since: int | None = None
    """Where an outage has not ended: its start, however long it has lasted."""


@dataclass(frozen=True, slots=True)
class Availability:
    """What the facts of a period come to; durations in seconds, percentages from 0 to 100 and exact."""

    agreed_seconds: int
    """AST."""
    downtime_seconds: int
    """DT: of the agreed time, planned downtime included."""
    planned_seconds: int
    """How much of the downtime was planned."""
    unknown_seconds: int
    """How much of the agreed time nobody watched; not part of the downtime."""
    outages: int
    """Outages that began in the period and hit agreed time: one that spans two periods is a failure of the first alone."""
    is_open: bool
    """Whether an outage goes on beyond what was counted."""

    @property
    def availability(self) -> Fraction | None:
        """Per cent of the agreed time, unknown time taken for up; None where nothing is known."""
        return self._percentage(self.downtime_seconds, self.agreed_seconds)

    @property
    def availability_excluding_planned(self) -> Fraction | None:
        """The same with planned downtime excused: taken off the downtime, not off the agreed time."""
        return self._percentage(self.downtime_seconds - self.planned_seconds, self.agreed_seconds)

    @property
    def availability_known_time(self) -> Fraction | None:
        """Per cent of the agreed time that was watched: the other basis, on which unknown time counts for nothing."""
        return self._percentage(self.downtime_seconds, self.known_seconds)

    @property
    def known_seconds(self) -> int:
        """How much of the agreed time is known to be up or down."""
        return self.agreed_seconds - self.unknown_seconds

    @property
    def mtrs_seconds(self) -> Fraction | None:
        """Mean time to restore service; None: no failures."""
        return self._mean(self.downtime_seconds)

    @property
    def mtbf_seconds(self) -> Fraction | None:
        """Mean time between failures, from repair to the next one; None: no failures."""
        return self._mean(self.agreed_seconds - self.downtime_seconds)

    @property
    def mtbsi_seconds(self) -> Fraction | None:
        """Mean time between system incidents, from one failure to the next; None: no failures."""
        return self._mean(self.agreed_seconds)

    def _percentage(self, down: int, of: int) -> Fraction | None:
        return Fraction(100 * (of - down), of) if self.known_seconds > 0 else None

    def _mean(self, seconds: int) -> Fraction | None:
        return Fraction(seconds, self.outages) if self.outages else None


def facts(outages: Iterable[Outage], now_at: int, *, planned: Spans = Spans.EMPTY, unknown: Spans = Spans.EMPTY) -> Facts:
    """Gather outages: overlapping and touching ones are one, an open one lasts until now.

    Raises:
        InvalidInput: an outage ends before it starts.
    """
    known = list(outages)
    # One recorded as beginning after now has not lasted yet.
    ends = [(one.start_at, max(one.start_at, now_at) if one.end_at is None else one.end_at) for one in known]
    still_open = [one.start_at for one in known if one.end_at is None]
    return Facts(Spans.of(ends), planned, unknown, min(still_open, default=None))


def agreed_time(start_at: int, end_at: int, service_time: Spans | None) -> Spans:
    """Return the agreed service time of a period: around the clock where no hours were agreed.

    Raises:
        InvalidInput: the period does not end after it starts.
    """
    if end_at <= start_at:
        message = f"a period runs from a start to a later end, not from {format_instant(start_at)} to {format_instant(end_at)}"
        raise InvalidInput(message, fields={"to": "must be after `from`"})
    return Spans.between(start_at, end_at) if service_time is None else service_time.clip(start_at, end_at)


def measure(known: Facts, start_at: int, end_at: int, service_time: Spans | None = None) -> Availability:
    """Measure a period.

    Args:
        known: the facts; they may reach beyond the period.
        start_at: where the period starts.
        end_at: the instant it ends before.
        service_time: when the service was agreed to be up; None: always.

    Raises:
        InvalidInput: the period does not end after it starts.
    """
    agreed = agreed_time(start_at, end_at, service_time)
    down = known.down & agreed
    return Availability(
        agreed_seconds=agreed.seconds,
        downtime_seconds=down.seconds,
        planned_seconds=(down & known.planned).seconds,
        unknown_seconds=((known.unknown - known.down) & agreed).seconds,
        outages=sum(1 for outage in known.down if start_at <= outage.start < end_at and _hits(outage, down)),
        is_open=known.open_since is not None and known.open_since < end_at,
    )


def _hits(outage: Interval, down: Spans) -> bool:
    return bool(down.clip(outage.start, outage.end))
