"""What the desk does by itself for problem management: it looks for patterns among incidents and proposes candidates."""

from __future__ import annotations

from deskterm.jobs import Job
from deskterm.problem.patterns import propose

JOBS = (Job("problem-candidates", 3600, propose, "Proposes problems: incidents that recur, or tell of the same."),)
