"""What change management declares: changes, templates and work orders, the boards that decide, and when nothing may move."""

from __future__ import annotations

from deskterm.change.fields import CHANGE_FIELDS, PLANS, TEMPLATE_FOR
from deskterm.change.rules import BoardRule
from deskterm.change.workflow import BOARD_WORKFLOW, MEETING_WORKFLOW, TEMPLATE_WORKFLOW, WORK_ORDER_WORKFLOW, WORKFLOW
from deskterm.fields import Choice, Duration, Field, Flag, Instant, Refs, Text, Whole, long_text, ref
from deskterm.kinds import Kind
from deskterm.permissions import Family
from deskterm.relation_words import SITS_ON
from deskterm.workflow import STANDING

CHANGE = Kind(
    name="change",
    prefix="CHG",
    process="change",
    family=Family.WORK,
    table="data.tables.change:change",
    workflow=WORKFLOW,
    sort="window_start",
    key="g",
    columns=("window_start", "state", "type", "category", "risk_level", "assignee", "window_end", "service"),
    help="A change to one or more configuration items, from the request for it to the review.",
    fields=CHANGE_FIELDS,
    rules="deskterm.change.actions:RULES",
)

TEMPLATE = Kind(
    name="change-template",
    prefix="CTP",
    process="change",
    family=Family.POLICY,
    table="data.tables.change:change_template",
    workflow=TEMPLATE_WORKFLOW,
    title_field="name",
    unique_title=True,
    sort="name",
    columns=("state", "category", "service", "duration_seconds"),
    help="A change that is done again and again, approved once for every time.",
    fields=(
        Field("name", Text(160), required=True, searchable=True, width=30),
        Field("cis", Refs("ci", TEMPLATE_FOR), "CIs", help="The only CIs it may be done on; any if empty."),
        Field("service", ref("service")),
        *PLANS,
        Field("duration_seconds", Duration(), "Duration", help="How long its window is."),
    ),
    rules="deskterm.change.upkeep:TEMPLATE_RULES",
)

WORK_ORDER = Kind(
    name="work-order",
    prefix="WO",
    process="change",
    family=Family.WORK,
    table="data.tables.change:work_order",
    workflow=WORK_ORDER_WORKFLOW,
    sort="planned_start",
    columns=("change", "position", "step", "state", "ci", "assignee", "planned_start", "planned_end"),
    help="One step of a change: what is done where by whom, planned and as it was.",
    fields=(
        Field("summary", Text(255), required=True, searchable=True, width=36),
        Field("change", ref("change"), required=True, width=20),
        Field("position", Whole(1, 9_999), "Order", width=5, help="Its place among the change's steps; the next one if empty."),
        Field("step", Choice(("prepare", "implement", "verify", "back-out")), default="implement", width=9),
        Field("ci", ref("ci"), "CI", width=16, help="Where it is done: one of the change's CIs."),
        Field("team", ref("team"), width=12),
        Field("assignee", ref("agent"), "Implementer", width=11, help="Who does it; the change's implementer if empty."),
        Field("description", long_text(), searchable=True),
        Field("planned_start", Instant(future=True), width=12),
        Field("planned_end", Instant(future=True), width=12),
        Field("actual_start", Instant(), derived=True, width=12),
        Field("actual_end", Instant(), derived=True, width=12),
        Field("result", long_text(), help="What came of it."),
    ),
    rules="deskterm.change.upkeep:ORDER_RULES",
)

BOARD = Kind(
    name="board",
    prefix="CAB",
    process="change",
    family=Family.POLICY,
    table="data.tables.change:board",
    workflow=BOARD_WORKFLOW,
    title_field="name",
    label="Change advisory board",
    unique_title=True,
    sort="name",
    columns=("type", "rule", "quorum", "members", "chair"),
    help="Who decides on changes: the board (CAB), or its committee for emergencies (ECAB).",
    fields=(
        Field("name", Text(120), required=True, searchable=True, width=24),
        Field("type", Choice(("cab", "ecab")), required=True, default="cab", width=6),
        Field("members", Refs("agent", SITS_ON, inverse=True), help="Who has a vote."),
        Field("rule", Choice.of(BoardRule), required=True, default="majority", width=9, help="When it has agreed."),
        Field("quorum", Whole(1, 500), required=True, default=1, width=6, help="How many must have voted at least."),
        Field("chair", ref("agent"), help="Who leads the meeting and writes the minutes."),
        Field("note", long_text()),
    ),
    rules="deskterm.change.upkeep:BOARD_RULES",
)

FREEZE = Kind(
    name="freeze",
    prefix="FRZ",
    process="change",
    family=Family.POLICY,
    table="data.tables.change:freeze",
    workflow=STANDING,
    sort="starts_at",
    columns=("starts_at", "ends_at", "cis", "services", "state"),
    help="A stretch of time in which nothing may be changed.",
    fields=(
        Field("summary", Text(160), required=True, searchable=True, width=36),
        Field("starts_at", Instant(future=True), required=True, width=12),
        Field("ends_at", Instant(future=True), required=True, width=12),
        Field("services", Refs("service", "freezes-service"), help="What it covers, with the CIs of these services."),
        Field("cis", Refs("ci", "freezes"), "CIs", help="What it covers besides; without CIs and services it is everything."),
        Field("emergencies", Flag(), default=True, help="Emergency changes may go on."),
        Field("reason", long_text()),
    ),
    rules="deskterm.change.upkeep:FREEZE_RULES",
)

MEETING = Kind(
    name="board-meeting",
    prefix="MTG",
    process="change",
    family=Family.WORK,
    table="data.tables.change:board_meeting",
    workflow=MEETING_WORKFLOW,
    sort="-starts_at",
    columns=("board", "starts_at", "ends_at", "chair"),
    help="One meeting of a board: what was on its agenda, what was decided, who said what.",
    fields=(
        Field("summary", Text(160), required=True, searchable=True, width=36),
        Field("board", ref("board"), required=True, width=18),
        Field("chair", ref("agent"), width=10),
        Field("starts_at", Instant(), required=True, default=lambda now: now, width=12),
        Field("ends_at", Instant(future=True), width=12),
        Field(
            "minutes", long_text(), searchable=True, help="Written when the meeting ends; what was voted stands on each change."
        ),
    ),
    rules="deskterm.change.upkeep:MEETING_RULES",
)

KINDS = (CHANGE, TEMPLATE, WORK_ORDER, BOARD, MEETING, FREEZE)
