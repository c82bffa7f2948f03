"""The fields that an incident and a service request have in common: who, what, how bad, who works on it."""

from __future__ import annotations

from data.vocab import Channel, PendingReason
from deskterm.desk_settings import DeskSettings
from deskterm.fields import Choice, Field, Instant, Scale, Text, Whole, Words, long_text, ref

IMPACT = Scale(("high", "medium", "low"))
URGENCY = Scale(("high", "medium", "low"))

CONTACT_FIELDS = (
    Field("requester", ref("person"), "Caller", section="Contact", width=16, help="Whom it affects and who hears of it."),
    Field("channel", Choice.of(Channel), default="phone", section="Contact", help="How it reached the desk."),
    Field("summary", Text(255), required=True, searchable=True, section="Contact", width=40, help="One line that says it."),
    Field("description", long_text(), searchable=True, section="Contact", help="What happened, in the caller's words."),
    Field("customer", ref("organisation"), section="Contact", help="The caller's organisation; taken from the caller."),
    Field("service", ref("service"), section="What", width=16, help="The service that is not what it should be."),
    Field("ci", ref("ci"), "CI", section="What", width=16, help="The configuration item it is about."),
    Field("category", Text(80), section="What", suggestions=DeskSettings().categories),
    Field("subcategory", Text(80), section="What"),
    Field("impact", IMPACT, required=True, default=3, section="Priority", width=6, help="How much of the business it hits."),
    Field("urgency", URGENCY, required=True, default=2, section="Priority", width=7, help="How soon it hurts."),
    Field("priority", Whole(1, 9), section="Priority", width=1, help="From impact and urgency; overriding it needs a reason."),
    Field("priority_reason", Text(255), section="Priority", help="Why the priority is not what the matrix says."),
    Field("team", ref("team"), section="Work", width=12, help="The team whose queue it is in."),
    Field("assignee", ref("agent"), "Agent", section="Work", width=8, help="Who has it."),
    Field(
        "occurred_at", Instant(), "Occurred", section="Work", default=lambda now: now, help="When it began: clocks start here."
    ),
    Field("tags", Words(), section="Work", help="Free words to find it by."),
)

ASK = ("requester", "summary", "description", "channel", "service", "category", "urgency")
"""What a requester says of their own trouble; how much it matters and who works on it is the desk's to say."""

PROGRESS_FIELDS = (
    Field("pending_reason", Choice.of(PendingReason), derived=True, help="Whom it waits for; set by the action pend."),
    Field("pending_until", Instant(future=True), derived=True, help="When it wakes up; set by the action pend."),
    Field("code", Text(80), "Resolution code", section="Resolution", suggestions=DeskSettings().resolution_codes),
    Field("solution", long_text(), section="Resolution", searchable=True, help="What brought the service back."),
    Field("first_response_at", Instant(), derived=True, help="When the caller first had an answer."),
    Field("resolved_at", Instant(), derived=True, help="When it was last resolved."),
    Field("resolved_by", ref("agent"), derived=True),
    Field("reassignments", Whole(0), derived=True, default=0, help="How often it went to another team."),
    Field("reopens", Whole(0), derived=True, default=0, help="How often it came back."),
    Field("contacts", Whole(1), derived=True, default=1, help="How often the caller had to get in touch."),
    Field("affected", Whole(1, 1_000_000), default=1, help="How many people it affects."),
    Field("snoozed_until", Instant(future=True), derived=True, help="Hidden from queues until then."),
    Field("satisfaction", Whole(1, 5), derived=True, help="What the caller thinks of it: 1 poor to 5 excellent."),
    Field("satisfaction_comment", long_text(), derived=True, help="What the caller says about it."),
    Field("external_key", Text(120), "External number", help="Its number in the system it came from."),
    Field("breach_risk", Whole(0, 100), "Breach risk", derived=True, reckoned=True, sensitive=True, width=4,
          help="How likely it is to be resolved too late, in percent; = says what that stands on."),
)  # fmt: skip
