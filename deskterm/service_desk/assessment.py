"""What the service desk is assessed by."""

from __future__ import annotations

from deskterm.assessment.criteria import count, share

LATELY = "created:<90d"

CRITERIA = (
    count(1, "Is each contact logged?", "interaction", LATELY, 20),
    share(2, "Is it known who calls?", "interaction", f"{LATELY} -channel:monitoring", "caller:any", 80),
    share(2, "Does each contact have an outcome?", "interaction", LATELY, "outcome:any", 90),
    share(3, "Is each shift handed over and accepted?", "handover", f"{LATELY} -state:withdrawn", "state:accepted", 75),
    count(3, "Is there knowledge to answer from?", "knowledge", "state:published", 5),
    count(4, "Is the knowledge used?", "knowledge", "used:>0", 3),
    share(4, "Are callers asked how satisfied they are?", "incident", "done_at:<90d requester:any", "satisfaction:any", 10),
    share(5, "Is knowledge looked at again in time?", "knowledge", "state:published", "review_at:>=now", 80),
)
