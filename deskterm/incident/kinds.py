"""What incident management declares: the incident, and the rules that alerts are routed by."""

from __future__ import annotations

from deskterm.fields import Field, Flag, Instant, Text, long_text, ref
from deskterm.incident.alert_kinds import ALERT_RULE
from deskterm.incident.fields import ASK, CONTACT_FIELDS, PROGRESS_FIELDS
from deskterm.incident.workflow import UPDATE_MINUTES, WORKFLOW
from deskterm.kinds import Kind
from deskterm.permissions import Family
from deskterm.relation_words import RECURRENCE_OF, Relation

INCIDENT = Kind(
    name="incident",
    prefix="INC",
    process="incident",
    family=Family.WORK,
    table="data.tables.incident:incident",
    workflow=WORKFLOW,
    clocked=True,
    ask=ASK,
    sort="due_at",
    key="i",
    columns=("due_at", "priority", "assignee", "state", "team", "requester", "service", "category"),
    help="An unplanned interruption of a service, or a reduction of its quality.",
    fields=(
        *CONTACT_FIELDS,
        *PROGRESS_FIELDS,
        Field("symptom", Text(80), section="What"),
        Field("location", Text(120), section="What"),
        Field("major", Flag(), derived=True, default=False, help="A major incident: set by the action declare-major."),
        Field("commander", ref("agent"), section="Major", help="Who leads the major incident."),
        Field("update_minutes", UPDATE_MINUTES.type, section="Major", help=UPDATE_MINUTES.help),
        Field("review", long_text(), section="Major", help="What a major incident taught; closing it demands one."),
        Field(
            "newest_data_at",
            Instant(),
            "Newest data",
            section="Major",
            help="The instant of the newest data that were there when it was over: what is later was lost.",
        ),
        Field("problem", ref("problem"), section="Links", help="The problem that causes it."),
        Field(
            "known_error", ref("known-error"), section="Links", help="The known error whose workaround helps; brings its problem."
        ),
        Field("change", ref("change"), section="Links", help="The change that solves it."),
        Field("caused_by", ref("change"), section="Links", help="The change that caused it."),
        Field("vendor", Text(80), section="Links"),
        Field(
            "detected_at", Instant(), "Detected", section="Life cycle", help="When it was noticed; when it was logged, if empty."
        ),
        Field("diagnosed_at", Instant(), "Diagnosed", section="Life cycle", help="When its cause was found."),
        Field("repaired_at", Instant(), "Repaired", section="Life cycle", help="When what had failed was whole again."),
        Field("recovered_at", Instant(), "Recovered", section="Life cycle", help="When data and programs were back on it."),
        Field("restored_at", Instant(), "Restored", section="Life cycle", help="When people could work again; set by resolving."),
    ),
    rules="deskterm.incident.service:RULES",
)

RELATIONS = (
    Relation(RECURRENCE_OF, "is the same trouble again as", ("incident",), ("incident",)),
    Relation("answered-by", "was answered by", ("incident", "request", "interaction"), ("knowledge",)),
)

KINDS = (INCIDENT, ALERT_RULE)
