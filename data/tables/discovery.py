"""Discovery and audits: scans in the verification inbox with their rows, audit campaigns with their lines, findings about CIs."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text, UniqueConstraint, text

from data.base import Document, extends_record, identity, instant, metadata, reference

discovery = Table(
    "discovery",
    metadata,
    extends_record(),
    Column("format", String(20), nullable=False),
    Column("file", String(255), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("scope", String(255), nullable=False),
    instant("scanned_at", nullable=False),
    Column("complete", Boolean, nullable=False),
    Column("hosts", Integer, nullable=False),
    Column("ports", Document),
    Column("staged", Text),
    Column("discarded", Text),
    Column("applied", Text),
    Column("choices", Document),
)
"""A scan. The rows that are staged, discarded and applied are ranges such as `1-4,9`: undo puts decisions back like any field."""
Index("ix_discovery_digest", discovery.c.digest)
Index("ix_discovery_scope", discovery.c.format, discovery.c.scope, discovery.c.scanned_at)

discovery_row = Table(
    "discovery_row",
    metadata,
    identity(),
    reference("discovery_id", nullable=False),
    Column("position", Integer, nullable=False),
    Column("line", Integer, nullable=False),
    Column("source", String(255), nullable=False, server_default=text("''")),
    Column("name", Text, nullable=False),
    Column("outcome", String(12), nullable=False),
    reference("ci_id"),
    Column("matched_by", String(12), nullable=False, server_default=text("''")),
    Column("source_key", String(300)),
    Column("found", Document, nullable=False),
    Column("keys", Document, nullable=False),
    Column("guessed", Document),
    Column("software", Document),
    Column("differences", Document),
    Column("candidates", Document),
    Column("unauthorised", Boolean, nullable=False, server_default=text("false")),
    Column("covered_by", String(40)),
    reference("incident_id"),
    Column("message", Text),
    UniqueConstraint("discovery_id", "position"),
)
"""One thing a scan found, or one it did not find any more, and what reconciling made of it.

`ci_id` is the CI it is; of something new, the CI that applying made of it.
"""
Index("ix_discovery_row_ci", discovery_row.c.ci_id, discovery_row.c.discovery_id)
Index("ix_discovery_row_source", discovery_row.c.source_key)

audit = Table(
    "audit",
    metadata,
    extends_record(),
    Column("location", String(120)),
    Column("types", Document),
    Column("note", Text),
    instant("closed_at"),
    Column("expected", Integer, nullable=False, server_default=text("0")),
    Column("scanned", Integer, nullable=False, server_default=text("0")),
    Column("missing", Integer, nullable=False, server_default=text("0")),
    Column("unexpected", Integer, nullable=False, server_default=text("0")),
)

audit_line = Table(
    "audit_line",
    metadata,
    identity(),
    reference("audit_id", nullable=False),
    reference("ci_id"),
    Column("code", String(120), nullable=False, server_default=text("''")),
    Column("expected", Boolean, nullable=False),
    instant("scanned_at"),
    Column("scanned_by", String(80)),
)
"""A CI that an audit expects, or what it found without expecting it: a CI from elsewhere, or a code that nothing carries."""
Index("ix_audit_line_audit", audit_line.c.audit_id, audit_line.c.ci_id)

ci_finding = Table(
    "ci_finding",
    metadata,
    identity(),
    reference("ci_id", nullable=False),
    Column("sort", String(24), nullable=False),
    Column("detail", Text, nullable=False),
    instant("since", nullable=False),
    UniqueConstraint("ci_id", "sort"),
)
"""What is wrong with the record of a CI, and since when: a cache that the job `data-quality` keeps current."""
