"""What incident management is assessed by."""

from __future__ import annotations

from deskterm.assessment.criteria import count, share

LATELY = "created:<90d"
DONE = "done_at:<90d -state:cancelled"

CRITERIA = (
    count(1, "Are incidents recorded?", "incident", LATELY, 10),
    share(2, "Are they classified?", "incident", LATELY, "category:any", 90),
    share(2, "Does each have somebody who works on it?", "incident", DONE, "assignee:any", 90),
    share(3, "Is it known which service suffers?", "incident", LATELY, "service:any", 80),
    share(3, "Is the solution written down?", "incident", DONE, "solution:any", 90),
    share(4, "Are they solved in the agreed time?", "incident", f"{DONE} clock_state:any", "clock_state:met", 80),
    share(4, "Do they stay solved?", "incident", DONE, "reopens:0", 95),
    share(4, "Are major incidents reviewed?", "incident", "major:yes state:closed done_at:<365d", "review:any", 90),
    share(5, "Are they led back to problems and known errors?", "incident", DONE, "problem:any OR known_error:any", 10),
)
