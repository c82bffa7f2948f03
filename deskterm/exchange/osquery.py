"""`deskterm import osquery`: what osquery answers as JSON: tables of one host, of several, or the lines of its results log.

`{"system_info": [{…}], "os_version": [{…}], …}` is one host; a list or lines of such objects are several, and so are the rows
that `osqueryi --json "select * from system_info"` prints. In a log of results or snapshots the lines of one host belong together
by `hostIdentifier` (older: `hostname`): a snapshot stands for its query, a differential adds and removes rows, one by one or in a
batch, and begins anew where the counter of a batch is 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from deskterm.configuration.discovery_rules import HASHED, fqdn_key, mac_key, packages_line
from deskterm.configuration.discovery_schema import Found, Scan
from deskterm.exchange.discovery import DiscoveryRules, Reader, land, text_of
from deskterm.exchange.importing import ImportResult, Job
from deskterm.exchange.mapping import rules_of

MOST_PACKAGES = 5_000
PACKAGES = {
    "programs": ("name", "version"),
    "deb_packages": ("name", "version"),
    "rpm_packages": ("name", "version"),
    "apps": ("name", "bundle_short_version"),
    "homebrew_packages": ("name", "version"),
    "chocolatey_packages": ("name", "version"),
    "portage_packages": ("package", "version"),
}
"""Tables of installed software: the columns of name and version."""
TABLES = ("system_info", "os_version", "interface_details", "interface_addresses", "kernel_info", "hash", *PACKAGES)
LOGGED = ("snapshot", "columns", "diffResults")
"""What tells a line of a log from tables of a host."""
_PORTABLE = ("laptop", "notebook", "macbook", "thinkpad", "latitude", "elitebook", "xps", "surface")

Tables = dict[str, list[Mapping[str, Any]]]


def load(job: Job) -> ImportResult:
    """Load answers; see `docs/import-discovery.md`."""
    rules = rules_of(DiscoveryRules, job.mapping)
    return land(job, Scan("osquery"), rules, lambda scan: AnswersReader(job, scan).read())


class AnswersReader(Reader):
    """Reads answers."""

    def read(self) -> Iterator[Found]:
        """Yield every host."""
        self.scan.scope = self.scan.scope or f"osquery {self.job.source.path.stem}"
        logged: dict[str, tuple[int, str, Tables]] = {}
        for file, line, document in self.json("osquery's answers"):
            for one in document if isinstance(document, list) else [document]:
                found: list[Found] = []
                self.guarded(line, lambda: self._one(one, line, file, logged, found), file)  # noqa: B023
                yield from found
        for host, (line, file, tables) in logged.items():
            found = []
            self.guarded(line, lambda: found.append(_found(tables, line, file, host)), file)  # noqa: B023
            yield from found

    def _one(
        self, document: object, line: int, file: str, logged: dict[str, tuple[int, str, Tables]], found: list[Found]
    ) -> None:
        if not isinstance(document, dict):
            raise ValueError("is no JSON object; osquery's answers are tables by name")
        if any(name in document for name in LOGGED):
            self._log_line(document, line, file, logged)
            return
        if "system_info" not in document and {"hostname", "uuid"} <= document.keys():
            document = {"system_info": [document]}  # a row as osqueryi prints it
        tables = {name: _rows(document[name], name) for name in TABLES if name in document}
        if "system_info" not in tables:
            raise ValueError("has no system_info; ask for: select * from system_info")
        found.append(_found(tables, line, file, ""))

    def _log_line(self, document: Mapping[str, Any], line: int, file: str, logged: dict[str, tuple[int, str, Tables]]) -> None:
        named = document.get("hostIdentifier", document.get("hostname"))
        if named is None:
            raise ValueError("is a line of a log that says of no host: neither hostIdentifier nor hostname")
        host = text_of(named, 255)
        query = str(document.get("name", ""))
        name = next((one for one in TABLES if query == one or query.endswith((f"_{one}", f"/{one}", f".{one}"))), None)
        at = _count(document, "unixTime")  # a text, or a number where the logger writes numbers
        if at is not None and 0 < at < 2**33:
            self.scan.scanned_at = max(self.scan.scanned_at or 0, at)
        if name is None:
            return
        _, _, tables = logged.setdefault(host, (line, file, {}))
        if "snapshot" in document:
            tables[name] = _rows(document["snapshot"], name)
            return
        added, removed = _differs(document, name)
        begins = str(document.get("counter")) == "0" and "diffResults" in document
        gone = [] if begins else removed
        kept = [row for row in ([] if begins else tables.get(name, [])) if row not in gone]
        tables[name] = [*kept, *added]


def _differs(document: Mapping[str, Any], name: str) -> tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    """Return the rows that a line of differentials adds and takes away."""
    if "diffResults" in document:
        found = document["diffResults"]
        if not isinstance(found, dict):
            raise ValueError(f"the diffResults of {name} must be rows that were added and removed")
        return _rows(found.get("added") or [], name), _rows(found.get("removed") or [], name)
    rows = _rows([document["columns"]], name)
    return ([], rows) if document.get("action") == "removed" else (rows, [])


def _rows(value: object, name: str) -> list[Mapping[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise ValueError(f"{name} must be a list of rows")
    return list(value)


def _found(tables: Tables, line: int, file: str, host: str) -> Found:
    about = (tables.get("system_info") or [{}])[0]
    system = (tables.get("os_version") or [{}])[0]
    kernel = (tables.get("kernel_info") or [{}])[0]
    names = [text_of(about[key], 255) for key in ("hostname", "computer_name", "local_hostname") if about.get(key)]
    names += [host] if host else []
    if not names and not about.get("uuid"):
        raise ValueError("says neither the host's name nor its UUID")
    macs = tuple(dict.fromkeys(
        key for one in tables.get("interface_details", ()) if (key := mac_key(one.get("mac"))) is not None
    ))  # fmt: skip
    full = next((name for name in names if fqdn_key(name)), None)
    model = _text(about, "hardware_model")
    software, hashes = _software(tables), _hashes(tables)
    values: dict[str, Any] = {
        "type": _type(about, model or ""),
        "fqdn": full,
        "serial": _text(about, "hardware_serial"),
        "uuid": _text(about, "uuid", 36),
        "mac": next(iter(macs), None),
        "manufacturer": _text(about, "hardware_vendor"),
        "model": model,
        "attributes.os": _text(system, "name"),
        "attributes.os_version": _text(system, "version"),
        "attributes.kernel": _text(kernel, "version"),
        "attributes.architecture": _text(about, "cpu_type"),
        "attributes.cpus": _count(about, "cpu_logical_cores"),
        "attributes.memory_mb": _megabytes(about),
        "attributes.ip": _address(tables),
        "attributes.packages": packages_line(software) if software else None,
    }
    said = {key: value for key, value in values.items() if value not in (None, "", [], {})}
    name = full or next(iter(names), None) or str(values["uuid"])
    return Found(line, name, said, macs=macs, names=tuple(names), source_key=host, source=file, software={**software, **hashes})


def _text(row: Mapping[str, Any], name: str, limit: int = 120) -> str | None:
    value = row.get(name)
    return text_of(value, limit) or None if isinstance(value, str | int | float) and not isinstance(value, bool) else None


def _count(row: Mapping[str, Any], name: str) -> int | None:
    value = str(row.get(name, ""))
    return int(value) if re.fullmatch(r"\d{1,18}", value) else None


def _megabytes(row: Mapping[str, Any]) -> int | None:
    found = _count(row, "physical_memory")
    return found >> 20 if found else None


def _type(row: Mapping[str, Any], model: str) -> str:
    if re.search(r"virtual|kvm|qemu|vmware|xen|hvm domU|bochs", f"{row.get('hardware_vendor', '')} {model}", re.IGNORECASE):
        return "virtual-machine"
    return "laptop" if any(word in model.casefold() for word in _PORTABLE) else "workstation"


def _address(tables: Tables) -> str | None:
    """Return the first address of version 4 that is not its own loop, else one of version 6."""
    found = {text_of(one["address"], 64) for one in tables.get("interface_addresses", ()) if isinstance(one.get("address"), str)}
    usable = sorted((":" in one, one) for one in found if one and not one.startswith(("127.", "fe80", "::1")))
    return usable[0][1] if usable else None


def _software(tables: Tables) -> dict[str, str]:
    found: dict[str, str] = {}
    for table, (name, version) in PACKAGES.items():
        for row in tables.get(table, ()):
            if row.get(name):
                found[text_of(row[name], 200)] = text_of(row.get(version) or "", 100)
    if len(found) > MOST_PACKAGES:
        raise ValueError(f"lists {len(found):,} packages, at most {MOST_PACKAGES:,} are kept")
    return dict(sorted(found.items()))


def _hashes(tables: Tables) -> dict[str, str]:
    """Return the SHA-256 of files by path, marked as what they are: by these what is installed is held against the library."""
    found = {
        text_of(row["path"], 400): f"{HASHED}{row['sha256'].lower()}"
        for row in tables.get("hash", ())
        if row.get("path") and isinstance(row.get("sha256"), str) and re.fullmatch(r"[0-9a-fA-F]{64}", row["sha256"])
    }
    if len(found) > MOST_PACKAGES:
        raise ValueError(f"lists hashes of {len(found):,} files, at most {MOST_PACKAGES:,} are kept")
    return dict(sorted(found.items()))
