"""What problem management declares: the problem, the known error, and the candidate that may become a problem."""

from __future__ import annotations

from data.vocab import Pattern
from deskterm.desk_settings import DeskSettings
from deskterm.fields import Choice, Duration, Field, Instant, Refs, Structure, Text, Whole, Words, long_text, ref
from deskterm.incident.fields import IMPACT, URGENCY
from deskterm.kinds import Kind
from deskterm.permissions import Family
from deskterm.problem.workflow import CANDIDATE_WORKFLOW, CAUSE_CODES, ERROR_WORKFLOW, WORKFLOW

AUDIENCE = Choice(("everybody", "agents"))

PROBLEM = Kind(
    name="problem",
    prefix="PRB",
    process="problem",
    family=Family.WORK,
    table="data.tables.problem:problem",
    workflow=WORKFLOW,
    sort="priority,-updated_at",
    key="p",
    columns=("priority", "state", "assignee", "team", "service", "category", "recurrences"),
    help="The unknown cause of one or more incidents.",
    fields=(
        Field("summary", Text(255), required=True, searchable=True, section="What", width=40, help="One line that says it."),
        Field("description", long_text(), searchable=True, section="What"),
        Field("symptoms", long_text(), searchable=True, section="What", help="How it shows, in callers' words."),
        Field("service", ref("service"), section="What", width=16),
        Field("ci", ref("ci"), "CI", section="What", width=16, help="The configuration item it is about."),
        Field("cis", Refs("ci", "affects-ci"), "Affected CIs", section="What", help="All configuration items that have it."),
        Field("versions", Words(), section="What", help="Versions that have it, such as 4.2."),
        Field("category", Text(80), section="What", suggestions=DeskSettings().categories),
        Field("impact", IMPACT, required=True, default=3, section="Priority", width=6, help="How much of the business it hits."),
        Field("urgency", URGENCY, required=True, default=2, section="Priority", width=7, help="How soon it has to be gone."),
        Field("priority", Whole(1, 9), section="Priority", width=1, help="From impact and urgency; overriding needs a reason."),
        Field("priority_reason", Text(255), section="Priority", help="Why the priority is not what the matrix says."),
        Field("team", ref("team"), section="Work", width=12),
        Field("assignee", ref("agent"), "Agent", section="Work", width=8, help="Who has it."),
        Field("occurred_at", Instant(), "First seen", section="Work", default=lambda now: now, help="When it first showed."),
        Field("root_cause", long_text(), section="Error control", searchable=True, help="What is wrong, and why."),
        Field("root_cause_code", Text(80), section="Error control", suggestions=CAUSE_CODES, help="What sort of cause it is."),
        Field("workaround", long_text(), section="Error control", searchable=True, help="What helps until it is mended."),
        Field("audience", AUDIENCE, "Workaround for", default="everybody", section="Error control", required=True,
              help="Who reads the workaround where it is posted: callers too, or agents alone."),
        Field("change", ref("change"), section="Error control", width=14, help="The request for change that mends it."),
        Field("fix_seconds", Duration(), "Cost of the fix", section="Error control", help="How long mending it takes, in work."),
        Field("solution", long_text(), section="Error control", searchable=True, help="What mended it."),
        Field("duplicate_of", ref("problem"), section="Error control", help="The problem that it is the same as."),
        Field("risk_reason", long_text(), section="Error control", help="Why it is lived with."),
        Field("root_cause_at", Instant(), derived=True, help="When the root cause was first recorded."),
        Field("workaround_at", Instant(), derived=True, help="When a workaround was first recorded."),
        Field("published_at", Instant(), derived=True, help="When the workaround was last published."),
        Field("published_digest", Text(64), derived=True, sensitive=True, help="Tells which wording was published."),
        Field("resolved_at", Instant(), derived=True, help="When it was last resolved."),
        Field("reopens", Whole(0), derived=True, default=0, help="How often it came back."),
        Field("recurred_at", Instant(), derived=True, help="When an incident was linked that began after it was resolved."),
        Field("recurrences", Whole(0), derived=True, default=0, width=6, help="How many incidents came after it was resolved."),
        Field("external_key", Text(120), "External number", help="Its number in the system it came from."),
    ),
    rules="deskterm.problem.service:RULES",
)  # fmt: skip

KNOWN_ERROR = Kind(
    name="known-error",
    prefix="KE",
    process="problem",
    family=Family.WORK,
    table="data.tables.problem:known_error",
    workflow=ERROR_WORKFLOW,
    label="Known error",
    columns=("state", "service", "ci", "category", "problem"),
    help="A problem whose root cause and workaround are both known. The desk keeps it; its problem says what it is.",
    fields=(
        Field("summary", Text(255), derived=True, searchable=True, width=44),
        Field("problem", ref("problem"), derived=True, width=14, help="The problem that it is of."),
        Field("symptom", long_text(), derived=True, searchable=True, help="How it shows."),
        Field("cause", long_text(), derived=True, searchable=True, help="What is wrong."),
        Field("workaround", long_text(), derived=True, searchable=True, help="What helps until it is mended."),
        Field("service", ref("service"), derived=True, width=16),
        Field("ci", ref("ci"), "CI", derived=True, width=16),
        Field("cis", Refs("ci", "known-on"), "Affected CIs", derived=True),
        Field("versions", Words(), derived=True, help="Versions that have it."),
        Field("category", Text(80), derived=True),
    ),
    rules="deskterm.problem.known_errors:RULES",
)

CANDIDATE = Kind(
    name="problem-candidate",
    prefix="PCA",
    process="problem",
    family=Family.WORK,
    table="data.tables.problem:problem_candidate",
    workflow=CANDIDATE_WORKFLOW,
    label="Problem candidate",
    sort="-updated_at",
    columns=("state", "pattern", "why", "problem"),
    help="A pattern among incidents that may have one cause. The desk proposes it; a person accepts or dismisses it.",
    fields=(
        Field("summary", Text(255), derived=True, searchable=True, width=40),
        Field("pattern", Choice.of(Pattern), derived=True, width=8, help="What its incidents have in common."),
        Field("subject", Text(160), derived=True, width=16, help="The CI, service or category, or the words they share."),
        Field("why", long_text(), derived=True, width=40, help="What is odd about them."),
        Field("evidence", Structure(), derived=True, help="The figures behind it."),
        Field("incidents", Refs("incident", "found-in"), derived=True, help="The incidents it was found in."),
        Field("reason", long_text(), "Dismissed because", help="Why it is no problem."),
        Field("problem", ref("problem"), derived=True, width=14, help="The problem that it became."),
        Field("key", Text(64), derived=True, sensitive=True, help="Pattern and incidents in one word: no set is proposed twice."),
        Field("subject_id", Whole(0), derived=True, sensitive=True, help="Row id of its CI or service."),
    ),
    rules="deskterm.problem.candidates:RULES",
)

KINDS = (PROBLEM, KNOWN_ERROR, CANDIDATE)
