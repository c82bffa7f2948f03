"""The workflows of continuity: plans are approved version by version, runs are begun, verified and closed."""

from __future__ import annotations

from deskterm.fields import Field, Flag, Instant, Text, long_text, ref
from deskterm.workflow import Action, Phase, State, When, Workflow

RUNNING = ("running",)
_REASON = Field("reason", Text(255), required=True, help="Why.")
_STEP = Field("step", Text(160), required=True, help="Its name, its number, or its place in the plan.")
_WHO = Field("who", ref("agent"), help="Who is on it; yourself if empty.")
_NOTE = Field("note", Text(400), help="What is worth knowing later.")

PLAN_WORKFLOW = Workflow(
    (
        State("draft", Phase.STANDING),
        State("approved", Phase.STANDING),
        State("retired", Phase.STANDING),
    ),
    (
        Action("approve", ("draft",), "approved", "Approve", "It may be relied on: this version stands as it is.",
               ("strategy", "owner"), ("deputy", "review_at")),
        Action("revise", ("approved",), "draft", "Revise", "Begin the next version; the approved one stands until then.",
               inputs=(Field("reason", Text(255), help="What has to change."),), verb="edit"),
        Action("retire", ("draft", "approved"), "retired", "Retire", "Keep it for history, use it no more.", verb="edit"),
        Action("restore", ("retired",), "draft", "Restore", "Use it again, as a draft.", verb="edit"),
    ),
)  # fmt: skip

EXERCISE_WORKFLOW = Workflow(
    (
        State("planned", Phase.WAITING),
        State("running", Phase.ACTIVE),
        State("verified", Phase.DONE),
        State("closed", Phase.FINAL),
        State("cancelled", Phase.FINAL),
    ),
    (
        Action("begin", ("planned",), "running", "Begin", "The disruption, real or played: the clock to the RTO runs.",
               takes=("disrupted_at", "invoked_at")),
        Action("invoke", RUNNING, None, "Invoke", "The plan is invoked: whoever is called is called.",
               takes=("invoked_at",), when=(When("invoked_at", False, "it is invoked already"),)),
        Action("start-step", RUNNING, None, "Start a step", "Somebody is on it now; what it waits for is finished.",
               inputs=(_STEP, _WHO, Field("override", Text(255), help="Why it starts before what it waits for is finished."))),
        Action("finish-step", RUNNING, None, "Finish a step", "It is done.", inputs=(_STEP, _NOTE)),
        Action("assign-step", RUNNING, None, "Assign a step", "Say who is on it.",
               inputs=(_STEP, Field("who", ref("agent"), required=True, help="Who is on it."))),
        Action("skip-step", RUNNING, None, "Skip a step", "It is not needed this time.", inputs=(_STEP, _REASON)),
        Action("repeat-step", RUNNING, None, "Repeat a step", "It has to be done again.", inputs=(_STEP, _REASON)),
        Action("verify", RUNNING, "verified", "Verify", "Somebody who restored nothing confirms that the service works.",
               takes=("newest_data_at",), inputs=(_NOTE,)),
        Action("reject", RUNNING, None, "Reject", "It does not work yet: what is missing.", inputs=(_REASON,)),
        Action("close", ("verified",), "closed", "Close", "What was learned is written down.", ("review",)),
        Action("cancel", ("planned", "running"), "cancelled", "Cancel", "It is no evidence.", inputs=(_REASON,)),
    ),
)  # fmt: skip

RISK_WORKFLOW = Workflow(
    (
        State("open", Phase.STANDING),
        State("treated", Phase.STANDING),
        State("accepted", Phase.STANDING),
        State("closed", Phase.STANDING),
    ),
    (
        Action("treat", ("open", "accepted"), "treated", "Treated", "The measures are in place.", ("treatment", "measures"),
               ("likelihood", "impact", "review_at"), verb="edit"),
        Action("accept", ("open", "treated"), "accepted", "Accept", "What is left of it is borne.", ("owner",),
               ("review_at",), inputs=(_REASON,)),
        Action("reopen", ("treated", "accepted", "closed"), "open", "Reopen", "It is not dealt with after all.",
               inputs=(_REASON,), verb="edit"),
        Action("close", ("open", "treated", "accepted"), "closed", "Close", "It is there no more.", inputs=(_REASON,),
               verb="edit"),
    ),
)  # fmt: skip

OF_DRAFT = Field(
    "of_draft", Flag(), "Of the draft", section="What", help="It runs the draft and not the version that was approved."
)
PLANNED_AT = Field("planned_at", Instant(future=True), "Planned", section="Stamps", width=12, help="When it is to begin.")
REVIEW = Field("review", long_text(), "Lessons", section="Outcome", searchable=True, help="What was learned.")
