"""`deskterm import discovery`: a CSV table of hosts that some tool found, by the names of a CI's fields, to the inbox.

Our own export of CIs is such a table. A column of another name is an attribute, with `attributes.` before it or without.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from deskterm.configuration.discovery_schema import Found, Scan
from deskterm.csv_cells import unguard
from deskterm.exchange.csv_lines import CsvTable
from deskterm.exchange.discovery import DiscoveryRules, Reader, land, text_of
from deskterm.exchange.importing import ImportResult, Job
from deskterm.exchange.mapping import rules_of

SAME = {
    "host": "name",
    "hostname": "fqdn",
    "host name": "fqdn",
    "dns name": "fqdn",
    "serial number": "serial",
    "mac address": "mac",
    "asset tag": "asset_number",
    "asset": "asset_number",
    "vendor": "manufacturer",
    "ip address": "attributes.ip",
    "ip": "attributes.ip",
    "site": "location",
    "uuid": "uuid",
    "memory": "attributes.memory_mb",
}
"""What other tools call a field."""
OF_THE_RECORD = frozenset({"number", "state", "version", "created_at", "updated_at", "kind"})


def load(job: Job) -> ImportResult:
    """Load a table; see `docs/import-discovery.md`."""
    rules = rules_of(DiscoveryRules, job.mapping)
    scan = Scan("discovery", sighting=False)
    return land(job, scan, rules, lambda scan: TableReader(job, scan).read())


class TableReader(Reader):
    """Reads a table."""

    def read(self) -> Iterator[Found]:
        """Yield every row."""
        kind = self.job.unit.registry.kind("ci")
        rows = CsvTable(self.job)
        if rows.empty or self.job.faults:
            return
        names = self._names(kind.all_fields.keys(), rows.headings)
        if self.job.faults:
            return
        for line, cells in rows.rows(self.unread):
            found: list[Found] = []
            self.guarded(line, lambda: found.append(self._found(line, names, cells)))  # noqa: B023
            yield from found
            if self.job.source.progress:
                self.job.source.progress(self.job.source.file.tell() // 2, self.job.source.size)

    def _names(self, known: Sequence[str] | Any, headings: Sequence[str]) -> list[str]:
        names = []
        for heading in headings:
            plain = heading.casefold()
            name = plain.replace(" ", "_")
            if name in known or name in OF_THE_RECORD or name.startswith("attributes."):
                names.append(name)
            else:
                names.append(SAME.get(plain.replace("_", " "), f"attributes.{name}"))
        for heading, name in zip(headings, names, strict=True):
            if names.count(name) > 1:
                self.fault(1, heading, "stands there twice, or two headings mean the same field")
        if not {"name", "fqdn", "number", "serial"} & set(names):
            self.fault(1, "", "names no host: it needs a column name, hostname, serial or number")
        return names

    def _found(self, line: int, names: Sequence[str], cells: Sequence[str]) -> Found:
        said = {name: unguard(cell) for name, cell in zip(names, cells, strict=True) if cell.strip()}
        attributes = said.pop("attributes", None)
        facts: dict[str, Any] = {}
        if attributes is not None:
            try:
                held = json.loads(attributes)
            except (ValueError, RecursionError):
                raise ValueError("attributes is not JSON") from None
            if not isinstance(held, dict):
                raise ValueError('attributes must be an object such as {"os": "Debian 12"}')
            facts |= {f"attributes.{name}": value for name, value in held.items()}
        number = said.pop("number", "")
        facts |= {name: value for name, value in said.items() if name not in OF_THE_RECORD}
        name = text_of(said.get("name") or said.get("fqdn") or said.get("serial") or number, 160)
        return Found(line, name, facts, number=text_of(number, 40))
