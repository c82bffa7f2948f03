"""What continuity management is assessed by."""

from __future__ import annotations

from deskterm.assessment.criteria import count, share

PLANS = "-state:retired"

CRITERIA = (
    count(1, "Is it analysed what outages do to the business?", "impact-analysis", "state:active"),
    count(2, "Are there plans to come back by?", "continuity-plan", PLANS),
    share(2, "Does each analysis say when a service must be back?", "impact-analysis", "state:active", "rto_seconds:any", 90),
    share(3, "Are the plans approved?", "continuity-plan", PLANS, "state:approved", 80),
    count(3, "Are risks assessed?", "risk", "created:<365d"),
    count(4, "Were plans exercised within a year?", "exercise", "verified_at:<365d"),
    share(4, "Were exercises that are over reviewed?", "exercise", "state:closed", "review:any", 80),
    share(5, "Were the objectives met?", "exercise", "verified_at:<365d", "result:met", 80),
)
