"""Below the records: pages and indexes of the file, references between tables, the triggers that guard what is append-only."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, text

from data import tables
from data.base import metadata
from deskterm.doctor.findings import Finding, Severity

APPEND_ONLY = (
    "journal",
    "policy",
    "calendar_revision",
    "baseline",
    "baseline_item",
    "baseline_seal",
    "workaround_post",
    "review_seal",
    "forecast_point",
    "assessment",
    "change_vote",
    "resource_capacity",
    "capacity_forecast",
    "capacity_plan_version",
    "allocation_revision",
)
"""Tables that the database itself refuses to edit."""
NAMED = {
    "handover_line_insert": "handover_line",
    "handover_line_update": "handover_line",
    "handover_line_delete": "handover_line",
    "baseline_item_sealed": "baseline_item",
    "charge_run_update_guard": "charge_run",
    "charge_run_delete_guard": "charge_run",
    "charge_line_insert_guard": "charge_line",
    "charge_line_update_guard": "charge_line",
    "charge_line_delete_guard": "charge_line",
}
"""Triggers that refuse some edits of a table: what is signed or sealed."""
_PG_ALL = text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')")
_PG_GUARDS = text(
    "SELECT tgname FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid"
    " WHERE NOT tgisinternal AND tgenabled IN ('O', 'A') AND proname = 'refuse_edit'"
)
_SQLITE_GUARDS = text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%RAISE(ABORT%'")
_HEX_PAGES = 100


def pages(connection: Connection) -> Iterator[Finding]:
    """Find damaged pages and indexes that disagree with their tables; PostgreSQL looks after its own."""
    if connection.dialect.name != "sqlite":
        return
    for row in connection.exec_driver_sql(f"PRAGMA integrity_check({_HEX_PAGES})"):
        if row[0] != "ok":
            yield Finding("integrity", Severity.ERROR, f"{row[0]}; restore a backup", "file")


def references(connection: Connection) -> Iterator[Finding]:
    """Find rows that point at rows which are not there; PostgreSQL never lets that happen."""
    if connection.dialect.name != "sqlite":
        return
    for row in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        said = f"row {row[1]} of {row[0]} points at a {row[2]} that is not there"
        yield Finding("reference", Severity.ERROR, said, str(row[0]))


def guards(connection: Connection) -> Iterator[Finding]:
    """Find triggers that are gone or switched off, and tables that are missing."""
    sqlite = connection.dialect.name == "sqlite"
    there = set(connection.execute(_SQLITE_GUARDS if sqlite else _PG_GUARDS).scalars())
    endings = ("no_update", "no_delete") if sqlite else ("append_only", "no_truncate")
    for table in APPEND_ONLY:
        for ending in endings:
            if f"{table}_{ending}" not in there:
                said = f"the trigger {table}_{ending} is gone or switched off: SQL could rewrite {table} unseen"
                yield Finding("guard", Severity.ERROR, said, table)
    everything = there if sqlite else set(connection.execute(_PG_ALL).scalars())
    for name, table in NAMED.items():
        if name not in everything:
            said = f"the trigger {name} is gone or switched off: SQL could rewrite what is signed or sealed in {table} unseen"
            yield Finding("guard", Severity.ERROR, said, table)
    tables.declare_all()
    for name in metadata.tables:
        connection.exec_driver_sql(f'SELECT 1 FROM "{name}" LIMIT 1')
