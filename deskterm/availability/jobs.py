"""What the desk does by itself for availability management: it sums up days and months, and again where a fact came late."""

from __future__ import annotations

from deskterm import late
from deskterm.jobs import Job

JOBS = (
    Job(
        "availability-summaries", 600, late.function("deskterm.availability.summaries:sum_up"),
        "Sums up availability by day and month, again where facts came late.", ("ci", "service"),
        late.function("deskterm.availability.due:summaries"), apart=True,
    ),
)  # fmt: skip
