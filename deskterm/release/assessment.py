"""What release management is assessed by."""

from __future__ import annotations

from deskterm.assessment.criteria import count, share

OUT = "rollout_started_at:<365d"

CRITERIA = (
    count(1, "Are releases planned?", "release", "created:<365d"),
    share(2, "Is what enters the library checked for quality?", "definitive-item", "state:in-library", "qa_result:passed", 90),
    share(2, "Are the library's files what they were?", "definitive-item", "path:any", "integrity:verified", 100),
    share(3, "Does each release carry out approved changes?", "release", OUT, "changes:any", 80),
    share(3, "Is backing out rehearsed?", "release", OUT, "backout_rehearsed_at:any", 70),
    share(4, "Are releases reviewed?", "release", "early_life_ended_at:any", "review:any", 80),
    share(5, "Do they stay out?", "release", OUT, "-state:backed-out", 90),
)
