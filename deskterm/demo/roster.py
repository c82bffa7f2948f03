"""Who is there when: three shifts a day at the first line, office hours and one on call in the other teams."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from deskterm.calendars import Calendar
from deskterm.civil_time import ONE_DAY, date_of, instant_of
from deskterm.demo.case import DESK
from deskterm.demo.cast import AGENTS, PAIRS
from deskterm.demo.terms import ZONE

BERLIN = ZoneInfo(ZONE)
CHANGES = (6, 14, 22)
"""The hours at which shifts change, by the wall clock."""
NAMES = ("Early", "Late", "Night")


@dataclass(frozen=True, slots=True)
class Watch:
    """One shift of the first line, `[starts_at, ends_at)`."""

    name: str
    day: date
    starts_at: int
    ends_at: int
    lead: str
    other: str


@dataclass(frozen=True, slots=True)
class Roster:
    """The shifts as they fall around the present, and who of the other teams has the day."""

    now: int
    office: Calendar
    offset: int
    """Turns the pairs so that the shift at `now` is led by the first of them."""

    @classmethod
    def around(cls, now: int, office: Calendar) -> Roster:
        """Return the roster in which whoever opens the demo leads the present shift."""
        plain = cls(now, office, 0)
        return cls(now, office, -_slot(plain.watch(now)))

    def watch(self, at: int) -> Watch:
        """Return the shift of the first line at an instant."""
        day = date_of(at, BERLIN)
        for candidate, number in ((day, 2), (day, 1), (day, 0), (day - ONE_DAY, 2)):
            starts_at = wall(candidate, CHANGES[number])
            if starts_at <= at:
                break
        after = wall(candidate, CHANGES[number + 1]) if number < 2 else wall(candidate + ONE_DAY, CHANGES[0])
        week = (candidate - timedelta(days=candidate.weekday())).toordinal() // 7
        lead, other = PAIRS[(number + week + self.offset) % len(PAIRS)]
        return Watch(NAMES[number], candidate, starts_at, after, lead, other)

    def on_duty(self, team: str, at: int, turn: int) -> str:
        """Return who of a team takes something at an instant: by turns in office hours, else whoever is on call."""
        if team == DESK:
            watch = self.watch(at)
            return watch.lead if turn % 5 < 2 else watch.other
        members = MEMBERS[team]
        if self.office.is_open(at):
            return members[turn % len(members)]
        return members[date_of(at, BERLIN).toordinal() // 7 % len(members)]


def _slot(watch: Watch) -> int:
    return next(i for i, (lead, _) in enumerate(PAIRS) if lead == watch.lead)


MEMBERS = {
    team: tuple(login for login, _, _, teams in AGENTS if team in teams)
    for team in dict.fromkeys(name for _, _, _, teams in AGENTS for name in teams)
}
"""Agents by team."""


def wall(day: date, hour: int, minute: int = 0, second: int = 0) -> int:
    """Return the instant of a time by the clock on the wall."""
    return instant_of(datetime.combine(day, time(hour, minute, second)), BERLIN)
