"""What scans know of the demo's machines: names, addresses, the ports they answer on; last night's scan, and two audits.

The scan waits in the inbox: somebody opened telnet on a firewall without a change, a virtual machine was cloned with its address,
two machines are new to the desk.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from data.engine import Database
from deskterm.bootstrap import desk_of
from deskterm.civil_time import DAY_SECONDS
from deskterm.clock import FrozenClock
from deskterm.configuration import audits
from deskterm.configuration.discovery_intake import Intake
from deskterm.configuration.discovery_schema import Found, Scan
from deskterm.demo.estate import HEAD, ITEMS
from deskterm.kinds import Registry

DOMAIN = "kiebitz-it.example"
HOUR_SECONDS = 3_600
SCANNED_BEFORE_SECONDS = 6 * HOUR_SECONDS
WHO = "lukas"
PORTS: Mapping[str, tuple[int, ...]] = {
    "network-device": (22, 443),
    "server": (22, 443),
    "application": (22, 8443),
    "database": (22, 5432),
    "virtual-machine": (22, 80, 443),
}
"""By type, the ports that its machines answer on; other types are not on the network by themselves."""
LOOKED_AT = {"tcp": "1-1024,5432,8443"}


def known(name: str, sort: str, place: str) -> dict[str, Any]:
    """Return what is recorded of a machine in the data centre; nothing of anything else."""
    if sort not in PORTS or place != HEAD:
        return {}
    number = int(hashlib.sha256(name.encode()).hexdigest()[:4], 16)
    attributes = {"ip": f"10.20.{number >> 8 & 3}.{number & 255}", "open_ports": [f"{port}/tcp" for port in PORTS[sort]]}
    return {"fqdn": f"{name}.{DOMAIN}", "mac": f"00:16:3e:20:{number >> 8:02x}:{number & 255:02x}", "attributes": attributes}


def _machines() -> Iterator[Found]:
    """Yield what last night's scan found."""
    line = 9
    for sort, _, place, names in ITEMS:
        for name in names:
            facts = known(name, sort, place)
            if facts:
                ports = list(facts["attributes"]["open_ports"])
                if name == "fw-edge-2":
                    ports.insert(1, "23/tcp")
                line += 14
                yield _found(line, f"{name}.{DOMAIN}", facts["mac"], facts["attributes"]["ip"], ports)
                if name == "shop-web-2":
                    yield _found(line + 7, f"shop-web-3.{DOMAIN}", facts["mac"], "10.20.3.77", ports, fqdn=False)
    yield _found(line + 14, f"kiosk-lobby.{DOMAIN}", "b8:27:eb:4c:11:9e", "10.20.3.201", ["22/tcp", "5900/tcp"])
    yield _found(line + 28, "10.20.3.244", "3c:52:82:6f:a0:17", "10.20.3.244", ["80/tcp", "443/tcp"], fqdn=False)


def _found(line: int, name: str, mac: str, address: str, ports: list[str], *, fqdn: bool = True) -> Found:
    facts = {
        "type": "server",
        "fqdn": name if fqdn else None,
        "mac": mac,
        "attributes.ip": address,
        "attributes.open_ports": ports,
    }
    return Found(line, name, facts, guessed=frozenset({"attributes.os"}))


def scanned(database: Database, registry: Registry, now: int) -> None:
    """Let last night's scan come in; nobody has looked at it yet."""
    desk = desk_of(database, WHO, clock=FrozenClock(now), registry=registry)
    with desk.unit("import nmap") as unit:
        scan = Scan("nmap", "10.20.0.0/22", now - SCANNED_BEFORE_SECONDS, ports=dict(LOOKED_AT))
        digest = hashlib.sha256(f"10.20.0.0/22 {scan.scanned_at}".encode()).hexdigest()
        intake = Intake(unit, scan, "nightly-potsdam.xml", digest)
        for found in _machines():
            intake.take(found)
        intake.finish(lambda done, total: None)


def audited(database: Database, registry: Registry, now: int) -> None:
    """Let what stands in a branch be counted a fortnight ago, and somebody be in the middle of it in another one today."""
    for location, began_at, not_found, strange, is_over in (
        ("Wustermark", now - 14 * DAY_SECONDS, ("prn-dispatch",), ("prn-customer-centre", "KB-99999"), True),
        ("Haus A", now - HOUR_SECONDS, ("prn-ward-3", "prn-ward-5", "ap-ward-05"), (), False),
    ):
        clock = FrozenClock(began_at)
        desk = desk_of(database, WHO, clock=clock, registry=registry)
        number = desk.create("audit", {"location": location}).number
        codes = sorted(line.number for line in audits.view(desk, number).lines if line.title not in not_found)
        clock.advance(HOUR_SECONDS // 2)
        audits.scan(desk, number, [*codes, *strange])
        if is_over:
            desk.act(number, "close", {"mark_missing": True})
