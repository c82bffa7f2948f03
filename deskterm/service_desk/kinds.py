"""The service desk's kinds: people and teams, contacts, requests, knowledge, shifts and handovers, views, announcements."""

from __future__ import annotations

from data.vocab import Channel, Outcome
from deskterm.fields import Choice, Field, Flag, Instant, Refs, Text, Whole, Words, long_text, ref
from deskterm.incident.fields import ASK, CONTACT_FIELDS, PROGRESS_FIELDS
from deskterm.incident.workflow import REQUEST_WORKFLOW
from deskterm.kinds import Kind
from deskterm.permissions import Family, Role
from deskterm.relation_words import MEMBER_OF
from deskterm.workflow import STANDING, Action, Phase, State, Workflow

ORGANISATION = Kind(
    name="organisation",
    prefix="ORG",
    process="service_desk",
    family=Family.PEOPLE,
    table="data.tables.people:organisation",
    title_field="name",
    unique_title=True,
    sort="name",
    columns=("domain",),
    help="A customer: a company, a department, a site.",
    fields=(
        Field("name", Text(160), required=True, searchable=True, width=30),
        Field("domain", Text(255), searchable=True, width=24, help="Mail domain of its people."),
        Field("external_key", Text(120)),
        Field("note", long_text(), sensitive=True),
    ),
)

PERSON = Kind(
    name="person",
    prefix="PER",
    process="service_desk",
    family=Family.PEOPLE,
    table="data.tables.people:person",
    title_field="name",
    plural="people",
    sort="name",
    columns=("organisation", "email", "phone", "vip", "location"),
    help="Somebody who calls the desk.",
    fields=(
        Field("name", Text(160), required=True, searchable=True, width=26),
        Field("email", Text(320), searchable=True, width=28),
        Field("phone", Text(60), searchable=True, width=14),
        Field("organisation", ref("organisation"), column="customer_id", width=20),
        Field("location", Text(120), searchable=True, width=14),
        Field("vip", Flag(), "VIP", default=False, width=4, help="Calls for particular care."),
        Field("tz", Text(60), "Time zone"),
        Field("note", long_text(), sensitive=True),
    ),
    rules="deskterm.service_desk.telephone:RULES",
)

TEAM = Kind(
    name="team",
    prefix="TEAM",
    process="service_desk",
    family=Family.ADMIN,
    table="data.tables.people:team",
    title_field="name",
    unique_title=True,
    sort="name",
    columns=("lead", "line", "email"),
    help="A group of agents with a queue of its own.",
    fields=(
        Field("name", Text(120), required=True, searchable=True, width=24),
        Field("lead", ref("agent")),
        Field("members", Refs("agent", MEMBER_OF, inverse=True)),
        Field("line", Choice(("first", "second", "third", "supplier")), default="first", help="First line is the desk itself."),
        Field("calendar", ref("calendar"), help="When the team works."),
        Field("email", Text(320), width=24),
        Field("note", long_text()),
    ),
)

AGENT = Kind(
    name="agent",
    prefix="AGT",
    process="service_desk",
    family=Family.ADMIN,
    table="data.tables.people:agent",
    title_field="login",
    unique_title=True,
    sort="login",
    columns=("name", "roles", "active"),
    help="A login of the desk, with the roles that say what it may do.",
    fields=(
        Field("login", Text(80), required=True, searchable=True, width=14),
        Field("name", Text(200), searchable=True, width=24, help="How colleagues call them."),
        Field("roles", Words(tuple(role.value for role in Role)), default=["agent"], width=24),
        Field("teams", Refs("team", MEMBER_OF)),
        Field("email", Text(320)),
        Field("person", ref("person"), help="Who they are as a caller; a requester sees only that person's records."),
        Field("tz", Text(60), "Time zone"),
        Field("ssh_keys", long_text(20_000), "SSH keys", help="Public keys, one a line, that open the console as this agent."),
        Field("active", Flag(), default=True, width=6, help="May work on the desk."),
    ),
    rules="deskterm.service_desk.service:AGENT_RULES",
)

_LOGGED = Workflow((State("logged", Phase.STANDING), State("void", Phase.STANDING)), (
    Action("void", ("logged",), "void", help="It was logged by mistake."),
))  # fmt: skip

INTERACTION = Kind(
    name="interaction",
    prefix="CON",
    process="service_desk",
    family=Family.WORK,
    table="data.tables.service_desk:interaction",
    workflow=_LOGGED,
    label="Contact",
    sort="-updated_at",
    key="c",
    columns=("caller", "channel", "outcome", "record", "created_at"),
    help="One contact with the desk, whatever came of it.",
    fields=(
        Field("caller", ref("person"), column="requester_id", width=18),
        Field("channel", Choice.of(Channel), default="phone", width=10),
        Field("summary", Text(255), required=True, searchable=True, width=40),
        Field("description", long_text(), searchable=True),
        Field("outcome", Choice.of(Outcome), default="information", width=11),
        Field("record", ref("incident", "request"), column="about_id", help="The record it led to."),
        Field("service", ref("service")),
        Field("ci", ref("ci"), "CI"),
        Field("assignee", ref("agent"), "Agent", help="Who took it."),
        Field("occurred_at", Instant(), "When", default=lambda now: now),
        Field("handle_seconds", Whole(0), help="How long it took."),
    ),
    rules="deskterm.service_desk.service:INTERACTION_RULES",
)

REQUEST = Kind(
    name="request",
    prefix="REQ",
    process="service_desk",
    family=Family.WORK,
    table="data.tables.incident:request",
    workflow=REQUEST_WORKFLOW,
    label="Service request",
    ask=ASK,
    clocked=True,
    sort="due_at",
    key="r",
    columns=("due_at", "priority", "assignee", "state", "team", "requester", "service"),
    help="Somebody asks for something that the desk provides.",
    fields=(
        *CONTACT_FIELDS,
        *PROGRESS_FIELDS,
        Field("item", Text(120), section="What", help="What is asked for."),
    ),
    rules="deskterm.incident.service:REQUEST_RULES",
)

_ARTICLE = Workflow(
    (State("draft", Phase.STANDING), State("published", Phase.STANDING), State("retired", Phase.STANDING)),
    (
        Action("publish", ("draft", "retired"), "published", help="Offer it to everybody it is meant for."),
        Action("withdraw", ("published",), "draft", help="Work on it again."),
        Action("retire", ("draft", "published"), "retired", help="It no longer holds."),
        Action("use", ("published",), None, "Use", "It answered a contact: count it.", verb="read"),
    ),
)

KNOWLEDGE = Kind(
    name="knowledge",
    prefix="KB",
    process="service_desk",
    family=Family.KNOWLEDGE,
    table="data.tables.service_desk:knowledge",
    workflow=_ARTICLE,
    label="Knowledge article",
    public={"state": "published", "audience": "everybody"},
    columns=("state", "category", "audience", "used"),
    help="What the desk knows: a symptom and what to do about it.",
    fields=(
        Field("summary", Text(255), required=True, searchable=True, width=44),
        Field("symptom", long_text(), searchable=True, help="How it shows, in callers' words."),
        Field("body", long_text(), "What to do", required=True, searchable=True),
        Field("category", Text(80)),
        Field("service", ref("service")),
        Field("audience", Choice(("agents", "everybody")), default="agents", width=10),
        Field("used", Whole(0), derived=True, default=0, width=5, help="How many contacts it answered."),
        Field("review_at", Instant(future=True), "Review"),
    ),
    rules="deskterm.service_desk.service:KNOWLEDGE_RULES",
)

SHIFT = Kind(
    name="shift",
    prefix="SHF",
    process="service_desk",
    family=Family.SHIFT,
    table="data.tables.service_desk:shift",
    title_field="name",
    sort="-starts_at",
    columns=("team", "starts_at", "ends_at", "lead"),
    help="A stretch of work of a team, under one lead.",
    fields=(
        Field("name", Text(120), required=True, width=24),
        Field("team", ref("team"), required=True),
        Field("starts_at", Instant(), required=True, width=16),
        Field("ends_at", Instant(), required=True, width=16),
        Field("lead", ref("agent")),
    ),
    rules="deskterm.service_desk.service:SHIFT_RULES",
)

_HANDOVER = Workflow(
    (
        State("open", Phase.STANDING),
        State("handed-over", Phase.STANDING, "handed over"),
        State("accepted", Phase.STANDING),
        State("withdrawn", Phase.STANDING),
    ),
    (
        Action("sign", ("open",), "handed-over", help="The outgoing lead signs: no line is added any more."),
        Action("accept", ("handed-over",), "accepted", help="The incoming lead signs: every line is answered."),
        Action("withdraw", ("open",), "withdrawn", help="The shift was closed too early, or with the wrong times."),
    ),
)

HANDOVER = Kind(
    name="handover",
    prefix="HND",
    process="service_desk",
    family=Family.SHIFT,
    table="data.tables.service_desk:handover",
    workflow=_HANDOVER,
    title_field="name",
    label="Shift handover",
    sort="-starts_at",
    columns=("team", "state", "outgoing", "incoming", "starts_at", "ends_at"),
    help="What one shift leaves to the next, line by line, signed by both.",
    fields=(
        Field("name", Text(160), width=30, help="Made from team and times if empty."),
        Field("team", ref("team"), required=True),
        Field("starts_at", Instant(), required=True),
        Field("ends_at", Instant(), required=True),
        Field("next_ends_at", Instant(), "Next shift ends", required=True),
        Field("outgoing", ref("agent"), width=12),
        Field("incoming", ref("agent"), width=12),
        Field("note", long_text(), searchable=True, help="One thing to a line; each becomes a line of the handover."),
        Field("outgoing_signed_at", Instant(), derived=True),
        Field("incoming_signed_at", Instant(), derived=True),
    ),
    rules="deskterm.service_desk.handover_rules:RULES",
)

VIEW = Kind(
    name="view",
    prefix="VIEW",
    process="service_desk",
    family=Family.PERSONAL,
    table="data.tables.service_desk:view",
    title_field="name",
    sort="position",
    personal=True,
    columns=("query", "sort", "shared", "owner"),
    help="A saved list: conditions, columns and sort order, one's own or shared.",
    fields=(
        Field("name", Text(60), required=True, width=16),
        Field("kinds", Words(), default=["incident", "request"], help="Which kinds of record it lists."),
        Field("query", Text(4000), required=True, width=40),
        Field("sort", Text(120), default="due_at"),
        Field("columns", Words(), help="Fields it shows; the kind's own if empty."),
        Field("owner", ref("agent")),
        Field("shared", Flag(), default=False, help="Everybody sees it."),
        Field("position", Whole(0, 1000), default=100, help="Where it stands among the tabs."),
    ),
    rules="deskterm.service_desk.service:VIEW_RULES",
)

ANNOUNCEMENT = Kind(
    name="announcement",
    prefix="ANN",
    process="service_desk",
    family=Family.KNOWLEDGE,
    table="data.tables.service_desk:announcement",
    workflow=STANDING,
    public={"state": "active"},
    columns=("starts_at", "ends_at"),
    help="Something everybody should know while it lasts: an outage, a freeze, a move.",
    fields=(
        Field("summary", Text(255), required=True, searchable=True, width=44),
        Field("body", long_text(), required=True, searchable=True),
        Field("service", ref("service")),
        Field("starts_at", Instant(), required=True, default=lambda now: now),
        Field("ends_at", Instant(future=True)),
    ),
)

TEMPLATE = Kind(
    name="template",
    prefix="TPL",
    process="service_desk",
    family=Family.KNOWLEDGE,
    table="data.tables.service_desk:template",
    title_field="name",
    unique_title=True,
    sort="name",
    columns=("public",),
    help="A text that is written again and again.",
    fields=(
        Field("name", Text(80), required=True, searchable=True, width=24),
        Field("body", long_text(), required=True, searchable=True, help="{number}, {caller} and {agent} are filled in."),
        Field("public", Flag(), default=True, help="A reply to the caller; otherwise a note."),
    ),
)

KINDS = (
    ORGANISATION, PERSON, TEAM, AGENT, INTERACTION, REQUEST, KNOWLEDGE, SHIFT, HANDOVER, VIEW, ANNOUNCEMENT, TEMPLATE,
)  # fmt: skip
