"""Calendars, requirements, agreements and their targets, reviews and improvements, declared."""

from __future__ import annotations

from data.vocab import AgreementType, Metric, Unit
from deskterm.fields import Choice, Duration, Field, Instant, Numbers, Structure, Text, Whole, Words, long_text, ref
from deskterm.kinds import Kind
from deskterm.permissions import Family
from deskterm.service_level.review_workflow import IMPROVEMENT as PROGRAMME
from deskterm.service_level.review_workflow import REQUIREMENT as NEGOTIATION
from deskterm.service_level.review_workflow import REVIEW as REVIEWING

CALENDAR = Kind(
    name="calendar",
    prefix="CAL",
    process="service_level",
    family=Family.POLICY,
    table="data.tables.service_level:calendar",
    title_field="name",
    unique_title=True,
    sort="name",
    columns=("tz", "valid_from"),
    help="When a service is agreed to be there: weekly hours, holidays, exceptions, in one time zone.",
    fields=(
        Field("name", Text(120), required=True, searchable=True, width=30),
        Field(
            "tz",
            Text(60),
            "Time zone",
            required=True,
            default="Europe/Berlin",
            width=18,
            help="IANA name, such as Europe/Berlin.",
        ),
        Field("hours", Structure(example='{"mon": [["08:00", "18:00"]]}'), required=True, help="Opening hours by weekday."),
        Field(
            "holidays",
            Structure(example='["2026-12-25"]'),
            help='Closed dates, or {"country": "DE", "region": "BB", "years": [2026]}.',
        ),
        Field("days", Structure(example='{"2026-12-24": [["08:00", "12:00"]]}'), help="Hours of single dates; [] closes one."),
        Field("valid_from", Instant(), help="From when this edit counts; now, if nobody says."),
    ),
    rules="deskterm.service_level.service:CALENDAR_RULES",
)

REQUIREMENT = Kind(
    name="requirement",
    prefix="SLR",
    process="service_level",
    family=Family.POLICY,
    table="data.tables.service_level:requirement",
    workflow=NEGOTIATION,
    label="Service level requirement",
    plural="Requirements",
    sort="wanted_from",
    columns=("state", "metric", "customer", "service", "wanted_from", "agreement"),
    help="What a customer wants to be promised, before it is agreed: how soon, or how much of the time.",
    fields=(
        Field("summary", Text(255), required=True, searchable=True, section="Who", width=36, least=30,
              help="One line that says it."),
        Field("customer", ref("organisation"), required=True, section="Who", width=16, help="Who wants it."),
        Field("service", ref("service"), section="Who", width=14, help="Of which service; of every service if empty."),
        Field("asked_by", ref("person"), section="Who", help="Who said so."),
        Field("business_reason", long_text(), section="Who", searchable=True, help="What it is worth to their business."),
        Field("metric", Choice.of(Metric), required=True, section="Wanted", width=12),
        Field("priority", Whole(1, 9), section="Wanted", width=2, help="For this priority; for all if empty."),
        Field("amount_seconds", Duration(), "Amount", section="Wanted",
              help="How long it may take: seconds, or 4h. Not with days, not for an availability."),
        Field("days", Whole(1, 3650), section="Wanted", help="How many working days. Not with an amount."),
        Field("unit", Choice.of(Unit), required=True, default="business-hours", section="Wanted", width=14),
        Field("calendar", ref("calendar"), section="Wanted", help="The hours that are wanted; those of the agreement if empty."),
        Field("objective", Text(12), section="Wanted",
              help="The wanted share in percent: of time for availability, else of records; such as 99.9."),
        Field("wanted_from", Instant(future=True), section="Wanted", width=13, help="From when on."),
        Field("agreement", ref("agreement"), section="Outcome", width=16, help="What it became part of."),
        Field("reason", long_text(), "Declined because", section="Outcome"),
    ),
    rules="deskterm.service_level.requirements:RULES",
)  # fmt: skip

AGREEMENT = Kind(
    name="agreement",
    prefix="SLA",
    process="service_level",
    family=Family.POLICY,
    table="data.tables.service_level:agreement",
    title_field="name",
    unique_title=True,
    sort="name",
    columns=("type", "service", "customer", "calendar", "valid_from"),
    help="What was promised: an SLA to a customer, an OLA by a team, a UC by a supplier.",
    fields=(
        Field("name", Text(160), required=True, searchable=True, width=30),
        Field("type", Choice.of(AgreementType), required=True, default="sla", width=4),
        Field("service", ref("service"), help="Only this service; every service if empty."),
        Field("customer", ref("organisation"), help="Only this customer; every customer if empty."),
        Field("team", ref("team"), help="Whose promise an OLA is."),
        Field("supplier", Text(120), help="Whose promise a UC is."),
        Field("calendar", ref("calendar"), required=True, width=20),
        Field("valid_from", Instant(), default=lambda now: now, help="It judges what begins from then on."),
        Field("valid_until", Instant(future=True)),
        Field("review_at", Instant(future=True), "Review", help="When it is looked at again."),
        Field("on_reopen", Choice(("continue", "new-cycle")), default="continue",
              help="Reopening goes on with the clock, or begins a new one."),
        Field("note", long_text()),
    ),
    rules="deskterm.service_level.service:AGREEMENT_RULES",
)  # fmt: skip

TARGET = Kind(
    name="target",
    prefix="TGT",
    process="service_level",
    family=Family.POLICY,
    table="data.tables.service_level:target",
    title_field="name",
    sort="name",
    columns=("agreement", "metric", "priorities", "amount_seconds", "unit"),
    help="One figure of an agreement: how soon, for which records, counted how.",
    fields=(
        Field("name", Text(200), help="Made from the rest if empty."),
        Field("agreement", ref("agreement"), required=True, width=24),
        Field("metric", Choice.of(Metric), required=True, width=10),
        Field("kinds", Words(), help="Only these kinds of record; every clocked kind if empty."),
        Field("priorities", Numbers(1, 9), help="Only these priorities; all if empty."),
        Field("amount_seconds", Duration(), "Amount", help="How long: seconds, or 4h. Not with days."),
        Field("days", Whole(1, 3650), help="How many working days. Not with an amount."),
        Field("unit", Choice.of(Unit), required=True, default="business-hours", width=14),
        Field("warn_percent", Numbers(1, 99), help="Warning points in percent; the desk's own if empty."),
        Field(
            "objective", Text(12), help="The agreed share in percent: of time for availability, else of records; such as 99.9."
        ),
    ),
    rules="deskterm.service_level.service:TARGET_RULES",
)

REVIEW = Kind(
    name="service-review",
    prefix="REV",
    process="service_level",
    family=Family.POLICY,
    table="data.tables.service_review:service_review",
    workflow=REVIEWING,
    title_field="name",
    label="Service review",
    sort="-to_at",
    columns=("state", "to_at", "from_at", "published_at", "service", "customer"),
    help="What was achieved of what was agreed in a period; sealed when it is published.",
    fields=(
        Field("name", Text(160), searchable=True, width=42, least=40, help="Made from the rest if empty."),
        Field("agreement", ref("agreement"), section="About", width=16, help="Only this agreement; every SLA if empty."),
        Field("service", ref("service"), section="About", width=14, help="Only work on this service; all of it if empty."),
        Field("customer", ref("organisation"), section="About", width=14, help="Only work for this customer; all if empty."),
        Field("from_at", Instant(), "From", required=True, section="Period", width=16),
        Field("to_at", Instant(), "Until", required=True, section="Period", width=16, help="The instant that ends it."),
        Field("held_at", Instant(future=True), "Meeting", section="Meeting", help="When it is talked about with the customer."),
        Field("attendees", Text(400), section="Meeting", help="Who takes part."),
        Field("comments", long_text(), section="Meeting", searchable=True, help="What has to be said about the figures."),
        Field("published_at", Instant(), derived=True, width=16),
        Field("published_by", Text(80), derived=True),
        Field("digest", Text(64), derived=True, help="SHA-256 of what it says: equal digests, equal reviews."),
    ),
    rules="deskterm.service_level.reviews:RULES",
)  # fmt: skip

IMPROVEMENT = Kind(
    name="improvement",
    prefix="IMP",
    process="service_level",
    family=Family.WORK,
    table="data.tables.service_review:improvement",
    workflow=PROGRAMME,
    sort="finish_by",
    columns=("state", "finish_by", "owner", "service", "before", "after", "outcome"),
    help="An action of the service improvement programme: who, until when, and whether it helped.",
    fields=(
        Field("summary", Text(255), required=True, searchable=True, section="What", width=36, least=30,
              help="One line that says it."),
        Field("description", long_text(), searchable=True, section="What"),
        Field("service", ref("service"), section="What", width=14),
        Field("customer", ref("organisation"), section="What", width=14),
        Field("agreement", ref("agreement"), section="Because of", help="The agreement that it is to keep."),
        Field("review", ref("service-review"), section="Because of", help="The review in which it was agreed."),
        Field("problem", ref("problem"), section="Because of", help="The problem behind it."),
        Field("change", ref("change"), section="Because of", help="The change that carries it out."),
        Field("owner", ref("agent"), column="assignee_id", section="Work", width=10, help="Who answers for it."),
        Field("team", ref("team"), section="Work", width=12),
        Field("finish_by", Instant(future=True), "Due", section="Work", width=13, help="By when it is to be implemented."),
        Field("priority", Whole(1, 9), section="Work", width=1),
        Field("target", ref("target"), section="Measure",
              help="A target whose share in time tells whether it helped; the desk measures it."),
        Field("measure", Text(255), section="Measure", width=20, help="What tells whether it helped."),
        Field("measured_days", Whole(1, 400), "Days measured", default=30, section="Measure",
              help="How many days before it began are measured."),
        Field("before", Text(40), section="Measure", width=16, help="How it was; the desk fills it in where it can."),
        Field("wanted", Text(40), section="Measure", width=12, help="What it is to be."),
        Field("after", Text(40), section="Measure", width=16, help="How it is since; the desk fills it in where it can."),
        Field("outcome", Choice(("better", "same", "worse")), section="Outcome", width=7, help="Whether it helped."),
        Field("conclusion", long_text(), section="Outcome", searchable=True, help="What was learned."),
        Field("reason", long_text(), "Rejected because", section="Outcome"),
        Field("implemented_at", Instant(), derived=True, section="Outcome", width=13),
    ),
    rules="deskterm.service_level.improvements:RULES",
)  # fmt: skip

KINDS = (CALENDAR, REQUIREMENT, AGREEMENT, TARGET, REVIEW, IMPROVEMENT)
