"""The fields of a change, and those that it shares with the template it may come from."""

from __future__ import annotations

from deskterm.change.risk import ASKED, RISK_EXAMPLE, read_answers
from deskterm.change.workflow import CODES
from deskterm.fields import Answers, Choice, Duration, Field, Instant, Refs, Structure, Text, Whole, Words, long_text, ref

TYPES = ("normal", "standard", "emergency")
CATEGORIES = ("minor", "significant", "major")
DISRUPTIONS = ("none", "degraded", "down")
CHANGES = "changes"
"""The relation between a change and the CIs that it changes."""
TEMPLATE_FOR = "template-for"

PLANS = (
    Field("description", long_text(), searchable=True, section="What"),
    Field("category", Choice(CATEGORIES), section="What", width=11, help="How much it weighs: who has to agree follows from it."),
    Field("reason", long_text(), searchable=True, section="Why", help="What happens if it is not done, and what is gained."),
    Field("plan", long_text(), section="Plans", searchable=True, help="What is done, in order."),
    Field("backout_plan", long_text(), "Back-out plan", section="Plans", help="How it is taken back if it goes wrong."),
    Field("test_plan", long_text(), section="Plans", help="How it is known that it worked."),
    Field("risk_answers", Answers(read_answers, RISK_EXAMPLE, ASKED), section="Risk",
          help=f"Answers to the questions about risk: {'; '.join(f'{one.name} {one.choices}' for one in ASKED)}."),
    Field("disruption", Choice(DISRUPTIONS), default="down", section="Risk", width=9,
          help="What becomes of its CIs while it is done."),
)  # fmt: skip

COPIED = tuple(item.name for item in PLANS)
"""What a change takes over from its template."""

CHANGE_FIELDS = (
    Field("summary", Text(255), required=True, searchable=True, section="What", width=40, help="One line that says it."),
    Field("type", Choice(TYPES), required=True, default="normal", section="What", width=9,
          help="Normal goes before the board; standard comes from an approved template; emergency goes before the committee."),
    Field("template", ref("change-template"), section="What", help="The pre-approved template of a standard change."),
    Field("requester", ref("person"), "Asked for by", section="What", width=16),
    Field("cis", Refs("ci", CHANGES), "CIs", section="What", help="The configuration items that it changes."),
    Field("service", ref("service"), section="What", width=16, help="The service that it is done for."),
    *PLANS,
    Field("window_start", Instant(future=True), "Window from", section="When", width=12, help="When work may begin."),
    Field("window_end", Instant(future=True), "Window until", section="When", width=12, help="When everything is back."),
    Field("downtime_seconds", Duration(), "Downtime", section="When",
          help="How long of the window its CIs are away; all of it if empty."),
    Field("team", ref("team"), section="Work", width=12),
    Field("assignee", ref("agent"), "Implementer", section="Work", width=11, help="Who does it."),
    Field("board", ref("board"), section="Work", width=12, help="Who decides on it; follows from the type if empty."),
    Field("tags", Words(), section="Work"),
    Field("external_key", Text(120), "External number", section="Work", help="Its number in the system it came from."),
    Field("author", ref("agent"), derived=True, width=8, help="Who raised it, and therefore has no vote on it."),
    Field("risk", Whole(0, 100), derived=True, width=4, help="0 harmless to 100; `deskterm explain NUMBER risk` has the sum."),
    Field("risk_level", Choice(("low", "medium", "high", "very-high")), derived=True, width=9),
    Field("risk_basis", Structure(), derived=True, help="The sum that the risk is made of, as it was reckoned."),
    Field("submitted_at", Instant(), derived=True),
    Field("approved_at", Instant(), derived=True, help="When the decision for it was made."),
    Field("approval_round", Whole(1), derived=True, default=1, help="Goes up when it goes back to draft: older votes are void."),
    Field("content", Text(64), derived=True, help="Digest of what a board decides on; a material edit changes it."),
    Field("approved_content", Text(64), derived=True, help="The content that was decided on."),
    Field("actual_start", Instant(), derived=True, width=12, help="When work began."),
    Field("actual_end", Instant(), derived=True, width=12, help="When work was over."),
    Field("code", Choice(CODES), "Closure code", section="Review", width=12, help="How it went."),
    Field("review", long_text(), section="Review", searchable=True, help="The post-implementation review."),
    Field("reviewed_at", Instant(), derived=True),
    Field("reviewed_by", ref("agent"), derived=True),
)  # fmt: skip

MATERIAL = (
    "type", "category", "reason", "cis", "service", "plan", "backout_plan", "test_plan", "risk_answers", "disruption",
    "downtime_seconds", "window_start", "window_end",
)  # fmt: skip
"""What a board decides on. Once one of these differs, every vote given before is void."""
