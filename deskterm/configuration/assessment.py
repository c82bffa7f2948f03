"""What configuration management is assessed by."""

from __future__ import annotations

from deskterm.assessment.criteria import count, share

IN_USE = "state:live,in-repair"

CRITERIA = (
    count(1, "Are configuration items recorded?", "ci", "-state:disposed", 10),
    share(2, "Does each have an owner or a team that supports it?", "ci", IN_USE, "owner:any OR support_team:any", 80),
    share(2, "Is it known which service each belongs to?", "ci", IN_USE, "service:any", 70),
    count(3, "Are baselines taken?", "baseline", "taken_at:<365d"),
    count(3, "Are there audits of what is there?", "audit", "closed_at:<365d"),
    share(4, "Were the items verified within the last 30 days?", "ci", IN_USE, "last_seen_at:<30d", 50),
    share(4, "Are scans answered?", "discovery", "created:>7d", "-state:open", 90),
    share(5, "Is what is recorded there?", "ci", f"{IN_USE} last_seen_at:any", "missing_since:none", 98),
)
