"""Calendars, agreements and their targets, declared."""

from __future__ import annotations

from data.tables import service_level as tables
from data.vocab import AgreementType, Metric, Unit
from deskterm.fields import Choice, Duration, Field, Instant, Numbers, Structure, Text, Whole, Words, long_text, ref
from deskterm.kinds import Kind
from deskterm.permissions import Family

CALENDAR = Kind(
    name="calendar",
    prefix="CAL",
    process="service_level",
    family=Family.POLICY,
    table=tables.calendar,
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
        Field("holidays", Structure(example='["2026-12-25"]'), help='Closed dates; {"2026-12-25": "Christmas"} names them.'),
        Field("days", Structure(example='{"2026-12-24": [["08:00", "12:00"]]}'), help="Hours of single dates; [] closes one."),
        Field("valid_from", Instant(), help="From when this edit counts; now, if nobody says."),
    ),
    rules="deskterm.service_level.service:CALENDAR_RULES",
)

AGREEMENT = Kind(
    name="agreement",
    prefix="SLA",
    process="service_level",
    family=Family.POLICY,
    table=tables.agreement,
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
    table=tables.target,
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

KINDS = (CALENDAR, AGREEMENT, TARGET)
