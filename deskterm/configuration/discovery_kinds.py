"""The kinds of discovery and audit: a scan that waits to be verified, a campaign that looks whether what is recorded is there."""

from __future__ import annotations

from deskterm.fields import Choice, Field, Flag, Instant, Structure, Text, Whole, Words, long_text
from deskterm.kinds import Kind
from deskterm.permissions import Family
from deskterm.workflow import Action, Phase, State, Workflow

FORMATS = ("nmap", "ansible", "osquery", "discovery", "netbox")

_INBOX = Workflow(
    (State("waiting", Phase.STANDING), State("settled", Phase.STANDING), State("void", Phase.STANDING)),
    (
        Action("settle", ("waiting",), "settled", help="What nobody staged is left as it is recorded.", verb="edit"),
        Action("reopen", ("settled",), "waiting", help="Look through its rows again.", verb="edit"),
        Action(
            "void", ("waiting", "settled"), "void", help="It was a scan of something else: it counts as never made.", verb="edit"
        ),
    ),
)

DISCOVERY = Kind(
    name="discovery",
    prefix="DSC",
    process="configuration",
    family=Family.CONFIGURATION,
    table="data.tables.discovery:discovery",
    workflow=_INBOX,
    title_field="name",
    label="Scan",
    plural="Scans",
    sort="-scanned_at",
    columns=("state", "format", "hosts", "scanned_at"),
    help="What a scan found, held against what is recorded; import makes it, the verification inbox decides.",
    fields=(
        Field("name", Text(255), derived=True, width=30),
        Field("format", Choice(FORMATS), derived=True, width=9),
        Field("file", Text(255), derived=True, help="The file it came in."),
        Field("scope", Text(255), derived=True, width=20, help="What was looked at."),
        Field("scanned_at", Instant(), "Scanned", derived=True, width=12),
        Field("complete", Flag(), derived=True, help="Everything of the scope was looked at: what is not in it has vanished."),
        Field("hosts", Whole(0), derived=True, width=6, help="How many things it found."),
        Field("digest", Text(64), derived=True, help="SHA-256 of the file, by which the same is known again."),
        Field("ports", Structure(), derived=True, help="The ports that were looked at, by protocol."),
        Field("staged", long_text(), derived=True, help="The rows that the next apply takes over."),
        Field("discarded", long_text(), derived=True, help="The rows that are left as they are recorded."),
        Field("applied", long_text(), derived=True, help="The rows that were taken over."),
        Field("choices", Structure(), derived=True, help="By row: which CI it is, and fields that are not taken over."),
    ),
    rules="deskterm.configuration.discovery_record:RULES",
)

_CAMPAIGN = Workflow(
    (State("open", Phase.STANDING), State("closed", Phase.STANDING), State("void", Phase.STANDING)),
    (
        Action(
            "close",
            ("open",),
            "closed",
            help="Nothing more is scanned; what was expected and not found is missing.",
            verb="edit",
            inputs=(Field("mark_missing", Flag(), help="Note on every CI that was not found that it is missing."),),
        ),
        Action("void", ("open",), "void", help="It was begun by mistake.", verb="edit"),
    ),
)

AUDIT = Kind(
    name="audit",
    prefix="AUD",
    process="configuration",
    family=Family.CONFIGURATION,
    table="data.tables.discovery:audit",
    workflow=_CAMPAIGN,
    title_field="name",
    label="Audit",
    sort="-created_at",
    columns=("state", "location", "expected", "scanned", "missing", "unexpected"),
    help="Whether what is recorded at a place is there: the expected list is frozen, then scanned against.",
    fields=(
        Field("name", Text(160), width=30, help="Made from place and types if empty."),
        Field("location", Text(120), width=18, help="Where; with what lies in it, such as Haus A and Haus A, room 3."),
        Field("types", Words(), help="Which types of CI; all if empty."),
        Field("note", long_text()),
        Field("expected", Whole(0), derived=True, reckoned=True, default=0, width=8, help="CIs that should be there."),
        Field("scanned", Whole(0), derived=True, reckoned=True, default=0, width=7, help="Of these, how many were found."),
        Field("missing", Whole(0), derived=True, reckoned=True, default=0, width=7, help="Of these, how many were not."),
        Field("unexpected", Whole(0), derived=True, reckoned=True, default=0, width=10, help="Found, though not expected."),
        Field("closed_at", Instant(), derived=True),
    ),
    rules="deskterm.configuration.audit_rules:RULES",
)  # fmt: skip

KINDS = (DISCOVERY, AUDIT)
