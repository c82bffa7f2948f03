"""Scans for tests: written as the tools write them, imported by whoever keeps the configuration."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from deskterm.configuration import discovery_reading as reading
from deskterm.configuration.discovery_schema import Row
from deskterm.exchange.importing import ImportResult, run_import
from tests.desks import MONDAY, Cast

SAMPLES = Path(__file__).parents[1] / "exchange" / "scans"
DAY = 86_400


def host(
    name: str, *, mac: str = "", address: str = "192.0.2.1", ports: Sequence[int] = (22,), state: str = "up", extra: str = ""
) -> str:
    """Return a host as nmap writes it."""
    macs = f'<address addr="{mac}" addrtype="mac" vendor="Maker"/>' if mac else ""
    listed = "".join(f'<port protocol="tcp" portid="{port}"><state state="open"/><service name="x"/></port>' for port in ports)
    names = f'<hostname name="{name}" type="PTR"/>' if name else ""
    return (
        f'<host><status state="{state}"/><address addr="{address}" addrtype="ipv4"/>{macs}<hostnames>{names}</hostnames>'
        f"<ports>{listed}</ports>{extra}</host>"
    )


def nmap(*hosts: str, target: str = "192.0.2.0/24", at: int = MONDAY - 3600, end: str = "", head: str = "") -> bytes:
    """Return a scan as nmap writes it."""
    last = end or f'<runstats><finished time="{at + 60}" exit="success"/></runstats></nmaprun>'
    return (
        f'<?xml version="1.0"?>{head}\n<nmaprun args="nmap -sS -p 1-1000 -oX - {target}" start="{at}">\n'
        f'<scaninfo type="syn" protocol="tcp" services="1-1000"/>\n' + "\n".join(hosts) + f"\n{last}\n"
    ).encode()


def facts(**more: Any) -> dict[str, Any]:
    """Return facts as Ansible writes them."""
    known = {"hostname": "x", "fqdn": "localhost", "distribution": "Debian", "distribution_version": "12"} | more
    return {"ansible_facts": {f"ansible_{name}": value for name, value in known.items()}, "changed": False}


def folder(path: Path, files: Mapping[str, object]) -> Path:
    """Write a folder of files; what is no bytes is written as JSON."""
    path.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (path / name).write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def scan(cast: Cast, format: str, path: Path, content: object = None, **options: Any) -> ImportResult:  # noqa: A002
    """Import a file, written first if its content is given."""
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return run_import(cast.ada, format, path, **options)


def inbox(cast: Cast, number: str) -> list[Row]:
    """Return every row of a scan."""
    rows: list[Row] = []
    while page := reading.rows(cast.ada, number, after=rows[-1].position if rows else 0):
        rows += page
    return rows


def told(cast: Cast, number: str) -> dict[str, tuple[str, str, list[tuple[str, Any, Any]]]]:
    """Return by name: outcome, CI and what differs."""
    return {
        row.name: (row.outcome.value, row.number, [(d.field, d.old, d.new) for d in row.differences])
        for row in inbox(cast, number)
    }


def known(cast: Cast, **values: Any) -> str:
    """Make a CI and return its number."""
    return cast.ada.create("ci", {"type": "server", "owner": "Maria Lopez", **values}).number
