"""What capacity management is assessed by."""

from __future__ import annotations

from deskterm.assessment.criteria import count, share

CRITERIA = (
    count(1, "Is it recorded what fills up?", "resource", "state:active"),
    share(
        2, "Is it known from when on it is too full?", "resource", "state:active role:resource", "warn:any OR critical:any", 80
    ),
    share(2, "Is it measured?", "resource", "state:active", "level_at:<7d", 70),
    share(
        3, "Is it known how long more of it takes to come?", "resource", "state:active role:resource", "lead_time_days:any", 50
    ),
    share(3, "Does somebody own it?", "resource", "state:active", "owner:any", 70),
    share(4, "Is none of it critically full?", "resource", "state:active level:any", "-level:critical", 95),
)
