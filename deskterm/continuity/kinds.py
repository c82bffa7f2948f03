"""What continuity management declares: impact analyses, backup schedules, plans with their steps, runs of them, risks."""

from __future__ import annotations

from typing import Any

from deskterm.continuity.impacts import EXAMPLE, HIGHEST, read_impacts, shown
from deskterm.continuity.workflow import EXERCISE_WORKFLOW, OF_DRAFT, PLAN_WORKFLOW, PLANNED_AT, REVIEW, RISK_WORKFLOW
from deskterm.fields import (
    Choice,
    Duration,
    Field,
    Instant,
    Names,
    Refs,
    Scale,
    Structure,
    Text,
    Whole,
    Words,
    long_text,
    ref,
)  # fmt: skip
from deskterm.kinds import Kind
from deskterm.permissions import Family

CONTINUES, RECOVERS = "continues", "recovers"
"""From a plan to each service that it brings back, and to each CI that it recovers besides what the graph says."""
STRATEGIES = ("do-nothing", "manual", "reciprocal", "cold", "warm", "hot")
LIKELIHOOD = Scale(("rare", "unlikely", "possible", "likely", "almost certain"))
IMPACT = Scale(("negligible", "minor", "moderate", "major", "catastrophic"))


class Impacts(Structure):
    """Ratings over time, by category."""

    __slots__ = ()

    def show(self, value: Any, names: Names) -> str:
        """Return the ratings in words."""
        return shown(value)


IMPACT_ANALYSIS = Kind(
    name="impact-analysis",
    prefix="BIA",
    process="continuity",
    family=Family.CONFIGURATION,
    table="data.tables.continuity:impact_analysis",
    title_field="name",
    plural="Impact analyses",
    sort="name",
    columns=("service", "rto_seconds", "rpo_seconds", "wrt_seconds", "mtpd_seconds", "ci"),
    help="Business impact analysis: how bad an outage of a service gets over time, and how soon it must be back.",
    fields=(
        Field("name", Text(160), searchable=True, width=28, section="What",
              help="By the service if empty."),
        Field("service", ref("service"), section="What", width=16, help="Whose outage is rated; a service or a CI."),
        Field("ci", ref("ci"), "CI", section="What", width=14, help="Or a CI, where something is promised of it by itself."),
        Field("owner", ref("person", "agent"), section="What", width=14, help="Who answers for the rating in the business."),
        Field("impacts", Impacts(read_impacts, EXAMPLE), section="Impact", width=24,
              help="By category, how bad it is (0 none to 5 catastrophic) from which length of an outage on."),
        Field("unacceptable", Whole(1, HIGHEST), section="Impact", required=True, default=4, width=6,
              help="The level that must not be reached."),
        Field("mtpd_seconds", Duration(), "MTPD", section="Impact", width=8,
              help="Maximum tolerable period of disruption: when the impact is unacceptable first; from the impacts."),
        Field("rto_seconds", Duration(), "RTO", section="Objectives", width=8,
              help="Recovery time objective: how soon it works again. 0 is at once; empty is not rated."),
        Field("rpo_seconds", Duration(), "RPO", section="Objectives", width=8,
              help="Recovery point objective: how much work may be lost. 0 is none; empty is not rated."),
        Field("wrt_seconds", Duration(), "WRT", section="Objectives", width=8,
              help="Work recovery time: from a working system to a working business. RTO + WRT fit in the MTPD."),
        Field("minimum", long_text(), "Minimum service", section="Objectives", help="What must work at least in an emergency."),
        Field("peak", Text(255), "Peak times", section="Objectives", help="When an outage hurts most: the 25th, Mondays."),
        Field("review_at", Instant(future=True), "Review", section="Objectives", width=12, help="When it is rated again."),
        Field("note", long_text(), searchable=True, section="Objectives"),
    ),
    rules="deskterm.continuity.analyses:RULES",
)  # fmt: skip

BACKUP_SCHEDULE = Kind(
    name="backup-schedule",
    prefix="BKP",
    process="continuity",
    family=Family.CONFIGURATION,
    table="data.tables.continuity:backup_schedule",
    title_field="name",
    sort="name",
    columns=("service", "ci", "interval_seconds", "duration_seconds", "lag_seconds", "place", "restored_at"),
    help="How often the data of a service or a CI are copied: interval + duration + lag are lost at worst.",
    fields=(
        Field("name", Text(160), required=True, searchable=True, width=26),
        Field("service", ref("service"), width=14, help="Whose data; a service or a CI."),
        Field("ci", ref("ci"), "CI", width=14, help="Whose data; a service or a CI."),
        Field("interval_seconds", Duration(), "Every", required=True, width=8, help="From one start to the next."),
        Field("duration_seconds", Duration(), "Takes", required=True, default=0, width=8, help="How long one takes."),
        Field("lag_seconds", Duration(), "Lag", required=True, default=0, width=8, help="Until it is where it is needed."),
        Field("place", Text(160), width=16, help="Where the copies lie."),
        Field("restored_at", Instant(), "Last restored", width=12, help="When a copy was last read back, and was good."),
        Field("note", long_text()),
    ),
    rules="deskterm.continuity.analyses:BACKUP_RULES",
)  # fmt: skip

CONTINUITY_PLAN = Kind(
    name="continuity-plan",
    prefix="BCP",
    process="continuity",
    family=Family.CONFIGURATION,
    table="data.tables.continuity:continuity_plan",
    workflow=PLAN_WORKFLOW,
    title_field="name",
    unique_title=True,
    sort="name",
    key="k",
    columns=("state", "plan_version", "strategy", "owner", "review_at", "services"),
    help="How services are brought back after a disaster: steps in order, who does them, who calls whom.",
    fields=(
        Field("name", Text(160), required=True, searchable=True, width=30, section="What"),
        Field("services", Refs("service", CONTINUES), section="What", help="What it brings back."),
        Field("cis", Refs("ci", RECOVERS), "CIs", section="What", help="What it recovers besides what those services need."),
        Field("strategy", Choice(STRATEGIES), section="What", width=10,
              help="Do nothing, work by hand, help one another, or a standby: cold (days), warm (hours), hot (minutes)."),
        Field("description", long_text(), searchable=True, section="What", help="Scope and assumptions."),
        Field("owner", ref("agent"), column="assignee_id", section="Who", width=10, help="Who answers for it."),
        Field("deputy", ref("agent"), section="Who", width=10, help="Who does if the owner cannot be reached."),
        Field("team", ref("team"), section="Who", width=12),
        Field("call_tree", long_text(), section="Who",
              help="One line a person (name, role, phone); those whom they call indented by two blanks below them."),
        Field("trigger", long_text(), "Invoked when", section="How", help="When it is invoked, and who may say so."),
        Field("site", Text(160), "Recovery site", section="How", width=16),
        Field("evidence_days", Whole(1, 3_650), "Evidence, days", section="How", required=True, default=365, width=8,
              help="For so long a successful run shows that it works."),
        Field("review_at", Instant(future=True), "Review", section="How", width=12, help="When it is looked through again."),
        Field("plan_version", Whole(1), "Issue", derived=True, default=1, width=7,
              help="Goes up when it is revised."),
        Field("approved_by", Text(80), derived=True, width=10),
        Field("approved_at", Instant(), derived=True, width=12),
    ),
    rules="deskterm.continuity.plans:RULES",
)  # fmt: skip

RECOVERY_STEP = Kind(
    name="recovery-step",
    prefix="STP",
    process="continuity",
    family=Family.CONFIGURATION,
    table="data.tables.continuity:recovery_step",
    title_field="name",
    sort="plan,position",
    columns=("plan", "position", "minutes", "role", "after", "ci"),
    help="One step of a plan: how long it takes, what it waits for, who does it, and how.",
    fields=(
        Field("plan", ref("continuity-plan"), required=True, width=22, section="What"),
        Field("name", Text(160), required=True, searchable=True, width=30, section="What",
              help="No two steps of a plan share it."),
        Field("position", Whole(1, 9_999), "Place", width=5, section="What", help="In the plan; the next one if empty."),
        Field("minutes", Whole(0, 525_600), required=True, width=7, section="What", help="How long it is planned to take."),
        Field("after", Words(), "Waits for", width=20, section="What",
              help="Names or numbers of the steps of the same plan that must be done before."),
        Field("role", Text(120), width=16, section="How", help="Who does it."),
        Field("ci", ref("ci"), "CI", width=14, section="How", help="What it is done on."),
        Field("instructions", long_text(), searchable=True, section="How", help="Written so that a stranger can do it."),
    ),
    rules="deskterm.continuity.plans:STEP_RULES",
)  # fmt: skip

EXERCISE = Kind(
    name="exercise",
    prefix="EXE",
    process="continuity",
    family=Family.WORK,
    table="data.tables.continuity:exercise",
    workflow=EXERCISE_WORKFLOW,
    sort="-disrupted_at",
    columns=("result", "rto_actual_seconds", "plan", "type", "state", "disrupted_at", "progress"),
    help="A run of a plan, played or real: who was on which step when, who verified it, and whether the objectives were met.",
    fields=(
        Field("summary", Text(255), searchable=True, width=34, section="What", help="By plan and type if empty."),
        Field("plan", ref("continuity-plan"), required=True, width=22, section="What"),
        Field("type", Choice(("exercise", "invocation")), required=True, default="exercise", width=10, section="What",
              help="Played, or after a real disruption."),
        Field("scenario", long_text(), searchable=True, section="What", help="What is lost, and what may not be used."),
        Field("incident", ref("incident"), section="What", width=12, help="The incident that it answers to."),
        OF_DRAFT,
        Field("lead", ref("agent"), column="assignee_id", section="What", width=10, help="Who leads it."),
        Field("team", ref("team"), section="What", width=12),
        PLANNED_AT,
        Field("disrupted_at", Instant(), "Disrupted", width=12, section="Stamps", help="When the service failed."),
        Field("invoked_at", Instant(), "Invoked", width=12, section="Stamps", help="When the plan was invoked."),
        Field("verified_at", Instant(), "Verified", width=12, section="Stamps",
              help="When somebody other than the restorer confirmed that it works."),
        Field("newest_data_at", Instant(), "Newest data", width=12, section="Stamps",
              help="The instant of the newest data that was recovered."),
        Field("restored_by", ref("agent"), width=10, section="Stamps", help="Who restored it, where no step says so."),
        Field("verified_by", ref("agent"), width=10, section="Stamps", help="Who confirmed that it works."),
        Field("plan_version", Whole(0), "Version run", derived=True, width=7, help="The version of the plan that was run."),
        Field("rto_seconds", Duration(), "RTO", derived=True, width=8, help="The objective that it is judged by; kept with it."),
        Field("rpo_seconds", Duration(), "RPO", derived=True, width=8, help="The objective that it is judged by; kept with it."),
        Field("objectives", Structure(), derived=True, width=8, help="The same for each of its services."),
        Field("rto_actual_seconds", Duration(), "RTO actual", derived=True, width=10, section="Outcome",
              help="From the disruption to the verified service."),
        Field("from_invocation_seconds", Duration(), "From invocation", derived=True, width=10, section="Outcome",
              help="From the invocation to the verified service."),
        Field("rpo_actual_seconds", Duration(), "RPO actual", derived=True, width=10, section="Outcome",
              help="From the newest data to the disruption."),
        Field("result", Choice(("met", "missed")), derived=True, width=7, section="Outcome",
              help="Whether it was in time; empty without an RTO or without an end."),
        Field("progress", Text(160), derived=True, width=20, section="Outcome", help="How many steps are finished."),
        REVIEW,
    ),
    rules="deskterm.continuity.runs:RULES",
)  # fmt: skip

RISK = Kind(
    name="risk",
    prefix="RSK",
    process="continuity",
    family=Family.CONFIGURATION,
    table="data.tables.continuity:risk",
    workflow=RISK_WORKFLOW,
    sort="-score",
    columns=("score", "level", "treatment", "state", "owner", "review_at", "likelihood", "impact", "service", "ci", "plan"),
    help="What may happen, how likely and how bad, and what is done about it.",
    fields=(
        Field("summary", Text(255), required=True, searchable=True, width=34, section="What", help="What may happen."),
        Field("threat", long_text(), searchable=True, section="What", help="What threatens, and the weakness that lets it."),
        Field("service", ref("service"), section="What", width=14),
        Field("ci", ref("ci"), "CI", section="What", width=14),
        Field("plan", ref("continuity-plan"), section="What", width=16, help="The plan that answers to it."),
        Field("likelihood", LIKELIHOOD, required=True, default=3, section="Rating", width=10),
        Field("impact", IMPACT, required=True, default=3, section="Rating", width=6),
        Field("score", Whole(1, 25), derived=True, section="Rating", width=5, help="Likelihood x impact."),
        Field("level", Choice(("low", "medium", "high", "extreme")), derived=True, section="Rating", width=8),
        Field("owner", ref("agent"), column="assignee_id", section="Treatment", width=10, help="Who answers for it."),
        Field("treatment", Choice(("avoid", "reduce", "transfer", "accept")), section="Treatment", width=9),
        Field("measures", long_text(), searchable=True, section="Treatment", help="What is done about it."),
        Field("review_at", Instant(future=True), "Review", section="Treatment", width=12, help="When it is rated again."),
    ),
    rules="deskterm.continuity.risks:RULES",
)  # fmt: skip

KINDS = (CONTINUITY_PLAN, RECOVERY_STEP, EXERCISE, IMPACT_ANALYSIS, BACKUP_SCHEDULE, RISK)
