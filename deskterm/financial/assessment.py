"""What financial management is assessed by."""

from __future__ import annotations

from deskterm.assessment.criteria import count, share

CRITERIA = (
    count(1, "Are costs recorded?", "cost", "created:<365d"),
    share(2, "Does each cost say what it was spent on?", "cost", "state:active", "service:any OR ci:any OR centre:any", 90),
    count(2, "Are there budgets?", "budget", "state:active"),
    count(3, "Is what is shared passed on by a rule?", "allocation-rule", "state:active"),
    count(3, "Is it known what an hour of work costs?", "labour-rate", "state:active"),
    share(4, "Is it known what an hour of downtime costs?", "service", "state:active", "downtime_cost_per_hour:any", 50),
    count(5, "Are investments decided by their figures?", "business-case", "created:<365d"),
)
