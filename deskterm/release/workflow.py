"""The workflows of a release and of an item of the definitive library: what may follow what, and what it demands."""

from __future__ import annotations

from deskterm.fields import Choice, Field, Instant, Text, Whole, Words, long_text
from deskterm.release.cells import OUTCOMES
from deskterm.workflow import STANDING, Action, Phase, State, Workflow

BEFORE_ROLLOUT = ("planning", "building", "testing", "ready")
OUT = ("rolling-out", "early-life")
"""Something of it may be installed."""
PLANNABLE = (*BEFORE_ROLLOUT, "rolling-out")

STATES = (
    State("planning", Phase.ACTIVE),
    State("building", Phase.ACTIVE),
    State("testing", Phase.ACTIVE),
    State("ready", Phase.ACTIVE),
    State("rolling-out", Phase.ACTIVE, "rolling out"),
    State("early-life", Phase.ACTIVE, "early life"),
    State("closed", Phase.FINAL),
    State("backed-out", Phase.FINAL, "backed out"),
    State("cancelled", Phase.FINAL),
)

_REASON = Field("reason", Text(255), required=True, help="Why; it stands in the journal of the release and of each CI.")
_WAVE = Field("wave", Whole(1, 999), help="Number of the wave; the one that is open, if empty.")
_CIS = Field("cis", Words(), "CIs", help="Which of its CIs, by number or name; all of them, if empty.")
_NEW_WAVE = (
    Field("name", Text(120), help="What the wave is called; the way it is numbered, if empty."),
    Field("wave", Whole(1, 999), help="Number of the wave that gets more CIs; a new one, if empty."),
    Field("cis", Words(), "CIs", help="By number or name."),
    Field("sites", Words(), help="Locations: every live CI of the service there."),
    Field("planned_at", Instant(future=True), "Planned", help="When it is to begin."),
)

WORKFLOW = Workflow(
    STATES,
    (
        Action("build", ("planning",), "building", help="Begin to build: the library items are gathered in a build record."),
        Action("test", ("building",), "testing", help="The build is finished; its tests begin."),
        Action("rebuild", ("testing", "ready"), "building", help="Build again; the tests begin anew with the next build.",
               inputs=(_REASON,)),
        Action("ready", ("testing",), "ready", help="Every gate is open: it may go out.",
               takes=("backout_plan", "backout_rehearsed_at", "backout_evidence")),
        Action("plan-wave", PLANNABLE, None, "Plan a wave", "Say which CIs or sites get it together.", inputs=_NEW_WAVE),
        Action("drop-cells", PLANNABLE, None, "Drop CIs", "Take CIs out of a wave that nothing was sent to yet.",
               inputs=(Field("cis", Words(), "CIs", required=True, help="By number or name."),)),
        Action("roll-out", ("ready",), "rolling-out", "Roll out", "Begin with the first wave."),
        Action("go", ("rolling-out",), None, "Go", "Distribute to what is planned in a wave.", inputs=(_WAVE, _CIS)),
        Action("report", ("rolling-out",), None, "Report", "Say how it went where it is being distributed.",
               inputs=(Field("outcome", Choice(OUTCOMES), required=True, help="How it went there."), _WAVE, _CIS,
                       Field("reason", Text(255), help="What went wrong; demanded where it failed."))),
        Action("hold", ("rolling-out",), None, "Hold", "Not now: CIs that are planned wait until they are resumed.",
               inputs=(_WAVE, _CIS, Field("reason", Text(255)))),
        Action("resume", ("rolling-out",), None, "Resume", "CIs on hold are planned again.", inputs=(_WAVE, _CIS)),
        Action("accept-wave", ("rolling-out",), None, "Accept wave", "The wave is good: the next one opens.",
               inputs=(_WAVE, Field("note", long_text(2_000), help="Demanded where something in it failed."))),
        Action("back-out-cells", OUT, None, "Back out CIs", "Put back what was there before, on some CIs.",
               inputs=(_REASON, _WAVE, _CIS)),
        Action("early-life", ("rolling-out",), "early-life", "Early life", "Every wave is accepted: early-life support begins."),
        Action("back-out", OUT, "backed-out", "Back out", "Put back what was there before, everywhere.", inputs=(_REASON,)),
        Action("end-early-life", ("early-life",), None, "End early life", "The time of early-life support is over.",
               automatic=True),
        Action("close", ("early-life",), "closed", "Close", "The review says how it went.", ("review",)),
        Action("cancel", BEFORE_ROLLOUT, "cancelled", "Cancel", "It is not going out.", inputs=(_REASON,)),
    ),
)  # fmt: skip

UNIT_WORKFLOW = STANDING

ITEM_WORKFLOW = Workflow(
    (
        State("proposed", Phase.STANDING),
        State("in-library", Phase.STANDING, "in the library"),
        State("archived", Phase.STANDING),
        State("rejected", Phase.STANDING),
        State("void", Phase.STANDING),
    ),
    (
        Action("deposit", ("proposed",), None, "Deposit", "Its file is copied into the library and hashed.", automatic=True),
        Action("check-quality", ("proposed",), None, "Quality check", "Sign for what was checked, and what came of it.",
               ("qa_result", "qa_evidence")),
        Action("accept", ("proposed",), "in-library", "Accept", "It has a file, a licence and passed: it may be released.",
               takes=("licence", "licence_ci")),
        Action("reject", ("proposed",), "rejected", "Reject", "It does not enter.", inputs=(_REASON,)),
        Action("archive", ("in-library",), "archived", "Archive", "It is built into nothing any more; its file stays.",
               inputs=(_REASON,)),
        Action("restore", ("archived",), "in-library", "Restore", "It may be built into releases again."),
        Action("note-integrity", ("proposed", "in-library", "archived"), None, "Note integrity",
               "Its file was read again, with another result than before.", automatic=True),
    ),
)  # fmt: skip
