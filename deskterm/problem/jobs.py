"""What the desk does by itself for problem management: it looks for patterns among incidents and proposes candidates."""

from __future__ import annotations

from deskterm import late
from deskterm.jobs import Job

JOBS = (
    Job(
        "problem-candidates", 3600, late.function("deskterm.problem.patterns:propose"),
        "Proposes problems: incidents that recur, or tell of the same.", ("incident",),
        late.function("deskterm.problem.due:candidates"), apart=True,
    ),
)  # fmt: skip
