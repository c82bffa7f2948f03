"""What the desk does by itself for availability management: it sums up days and months, and again where a fact came late."""

from __future__ import annotations

from deskterm.availability.summaries import sum_up
from deskterm.jobs import Job

JOBS = (Job("availability-summaries", 600, sum_up, "Sums up availability by day and month, again where facts came late."),)
