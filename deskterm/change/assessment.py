"""What change management is assessed by."""

from __future__ import annotations

from deskterm.assessment.criteria import count, share

DONE = "actual_end:<180d"

CRITERIA = (
    count(1, "Are changes recorded?", "change", "created:<180d", 3),
    share(2, "Was what was carried out approved?", "change", "actual_start:<180d", "approved_at:any", 95),
    share(2, "Is there a way back?", "change", "actual_start:<180d", "backout_plan:any", 80),
    share(3, "Is the risk assessed before it is decided?", "change", "approved_at:<180d -type:standard", "risk:any", 80),
    count(3, "Do boards meet, with minutes?", "board-meeting", "ends_at:<180d minutes:any"),
    share(4, "Are changes reviewed?", "change", DONE, "reviewed_at:any", 70),
    share(4, "Do changes succeed?", "change", f"{DONE} code:any", "code:successful", 80),
    share(5, "Are emergencies rare?", "change", "created:<180d", "-type:emergency", 90),
)
