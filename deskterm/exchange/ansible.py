"""`deskterm import ansible`: what `ansible -m setup --tree` leaves behind, a file for each host, or one of them, or a fact cache.

The name of a file is the host's name in the inventory. A host that Ansible did not reach is no fault of the file: it comes to the
inbox under its name, with what Ansible says of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from deskterm.configuration.discovery_rules import fqdn_key
from deskterm.configuration.discovery_schema import Found, Scan
from deskterm.exchange.discovery import DiscoveryRules, Reader, land, text_of
from deskterm.exchange.importing import ImportResult, Job
from deskterm.exchange.mapping import rules_of

PREFIX = "ansible_"
NOTHING = ("", "na", "n/a", "unknown", "none")


def load(job: Job) -> ImportResult:
    """Load facts; see `docs/import-discovery.md`."""
    rules = rules_of(DiscoveryRules, job.mapping)
    return land(job, Scan("ansible"), rules, lambda scan: FactsReader(job, scan).read())


class FactsReader(Reader):
    """Reads the facts of hosts."""

    def read(self) -> Iterator[Found]:
        """Yield every host."""
        self.scan.scope = self.scan.scope or f"ansible {self.job.source.path.stem}"
        for file, line, document in self.json("Ansible's facts"):
            found: list[Found] = []
            inventory = _inventory_name(file or self.job.source.name)
            self.guarded(line, lambda: found.append(self._host(document, line, file, inventory)), file)  # noqa: B023
            yield from found

    def _host(self, document: object, line: int, file: str, inventory: str) -> Found:
        if not isinstance(document, dict):
            raise ValueError("is no JSON object; Ansible writes one for each host")
        if document.get("unreachable") or document.get("failed"):
            how = "unreachable" if document.get("unreachable") else "failed"
            said = text_of(document.get("msg") or "", 2000)
            return Found(
                line, inventory, {}, source_key=inventory, source=file, reached=False, message=f"{how}: {said}".rstrip(": ")
            )
        facts = document.get("ansible_facts", document)
        if not isinstance(facts, dict) or not any(key.startswith(PREFIX) or key in ("hostname", "fqdn") for key in facts):
            raise ValueError("holds no facts of Ansible")
        return _found({key.removeprefix(PREFIX): value for key, value in facts.items()}, line, file, inventory, self.scan)


def _inventory_name(file: str) -> str:
    return text_of(re.sub(r"\.(json|facts|yml)$", "", file), 255)


def _found(facts: Mapping[str, Any], line: int, file: str, inventory: str, scan: Scan) -> Found:
    taken_at = _taken_at(facts)
    if taken_at is not None:
        scan.scanned_at = max(scan.scanned_at or 0, taken_at)
    names = [text_of(facts[key], 255) for key in ("fqdn", "nodename", "hostname") if _said(facts.get(key))]
    full = next((name for name in (*names[:2], inventory) if fqdn_key(name)), None)
    macs = tuple(_macs(facts))
    guest = facts.get("virtualization_role") == "guest"
    default = facts.get("default_ipv4")
    first = default.get("macaddress") if isinstance(default, dict) else None
    values: dict[str, Any] = {
        "type": "virtual-machine" if guest else _type(facts),
        "fqdn": full,
        "serial": _text(facts, "product_serial"),
        "uuid": _text(facts, "product_uuid", 36),
        "mac": first or next(iter(macs), None),
        "manufacturer": _text(facts, "system_vendor"),
        "model": _text(facts, "product_name"),
        "attributes.os": _text(facts, "distribution"),
        "attributes.os_version": _text(facts, "distribution_version"),
        "attributes.kernel": _text(facts, "kernel"),
        "attributes.architecture": _text(facts, "architecture") or _text(facts, "machine"),
        "attributes.cpus": _count(facts, "processor_vcpus") or _count(facts, "processor_cores"),
        "attributes.memory_mb": _count(facts, "memtotal_mb"),
        "attributes.ip": _address(facts),
    }
    name = inventory if fqdn_key(inventory) or not names else (full or names[-1])
    said = {key: value for key, value in values.items() if value not in (None, "", [])}
    return Found(line, name, said, macs=macs, names=(inventory, *names), source_key=inventory, source=file)


def _said(value: object) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip().casefold() not in NOTHING


def _text(facts: Mapping[str, Any], name: str, limit: int = 120) -> str | None:
    value = facts.get(name)
    return text_of(value, limit) if _said(value) else None


def _count(facts: Mapping[str, Any], name: str) -> int | None:
    value = facts.get(name)
    if isinstance(value, bool) or not isinstance(value, int | str) or not re.fullmatch(r"\d{1,9}", str(value)):
        return None
    return int(value)


def _taken_at(facts: Mapping[str, Any]) -> int | None:
    stamp = facts.get("date_time")
    epoch = stamp.get("epoch") if isinstance(stamp, dict) else None
    return int(epoch) if isinstance(epoch, str | int) and re.fullmatch(r"\d{9,10}", str(epoch)) else None


def _type(facts: Mapping[str, Any]) -> str:
    form = str(facts.get("form_factor", "")).casefold()
    return "laptop" if form in ("laptop", "notebook", "portable") else "server"


def _macs(facts: Mapping[str, Any]) -> Iterator[str]:
    """Yield the hardware addresses of the interfaces; Windows lists them whole, others by name."""
    interfaces = facts.get("interfaces")
    for one in interfaces if isinstance(interfaces, list) else ():
        known = one if isinstance(one, dict) else facts.get(re.sub(r"[-.:]", "_", str(one)))
        address = known.get("macaddress") if isinstance(known, dict) else None
        if isinstance(address, str) and address.strip():
            yield text_of(address, 60).casefold()


def _address(facts: Mapping[str, Any]) -> str | None:
    """Return the address it talks to the world with; where it does not say, the first that is not its own loop."""
    default = facts.get("default_ipv4")
    found: list[object] = [default.get("address")] if isinstance(default, dict) else []
    for name in ("all_ipv4_addresses", "ip_addresses"):
        listed = facts.get(name)
        found += sorted(map(str, listed)) if isinstance(listed, list) else []
    texts = (text_of(one, 64) for one in found if isinstance(one, str))
    return next((one for one in texts if one and not one.startswith(("127.", "fe80", "::1"))), None)
