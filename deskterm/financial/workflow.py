"""The workflows of charge runs and business cases."""

from __future__ import annotations

from deskterm.fields import Field, Money, Text, long_text, ref
from deskterm.workflow import Action, Phase, State, Workflow

_REASON = Field("reason", Text(255), required=True, help="Why; it stands on the credit note.")

RUN_WORKFLOW = Workflow(
    (State("draft", Phase.STANDING), State("issued", Phase.STANDING), State("credited", Phase.STANDING),
     State("void", Phase.STANDING)),
    (
        Action("reckon", ("draft",), None, "Reckon", "Work its lines out again from the costs and prices as they stand now."),
        Action("issue", ("draft",), "issued", "Issue", "Reckon it for the last time and freeze it: nothing changes it any more."),
        Action("credit", ("issued",), None, "Credit", "Write a credit note: for a customer or for all, in full or in part.",
               inputs=(_REASON, Field("customer", ref("organisation"), help="Whom; every customer of the run if empty."),
                       Field("amount", Money(), help="How much; all that is not credited yet if empty."))),
        Action("void", ("draft",), "void", "Drop", "It is not going to be issued."),
    ),
)  # fmt: skip

CASE_WORKFLOW = Workflow(
    (State("draft", Phase.STANDING), State("approved", Phase.STANDING), State("rejected", Phase.STANDING),
     State("retired", Phase.STANDING)),
    (
        Action("approve", ("draft",), "approved", "Approve", "It is worth it.",
               inputs=(Field("decision", long_text(), help="Why, and on what condition."),)),
        Action("reject", ("draft",), "rejected", "Reject", "It is not.",
               inputs=(Field("decision", long_text(), required=True, help="Why not."),)),
        Action("revise", ("approved", "rejected"), "draft", "Revise", "Think about it again."),
        Action("retire", ("draft", "approved", "rejected"), "retired", "Retire", "It is over."),
    ),
)  # fmt: skip
