"""What problem management is assessed by."""

from __future__ import annotations

from deskterm.assessment.criteria import count, share

SOLVED = "state:resolved,closed"

CRITERIA = (
    count(1, "Are problems recorded?", "problem", "created:<365d"),
    share(2, "Does each open problem have somebody who looks for the cause?", "problem", "state:open", "assignee:any", 90),
    count(2, "Are there known errors with workarounds?", "known-error", "-state:retired workaround:any"),
    share(3, "Is the root cause of what was solved written down?", "problem", SOLVED, "root_cause:any", 90),
    share(3, "Are candidates answered?", "problem-candidate", "created:>14d", "-state:proposed", 80),
    share(4, "Are workarounds published to those who wait?", "problem", "workaround:any", "published_at:any", 50),
    share(4, "Are causes removed by changes?", "problem", SOLVED, "change:any", 30),
    share(5, "Does what was solved stay away?", "problem", SOLVED, "recurrences:0", 80),
)
