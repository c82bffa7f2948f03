"""`deskterm import nmap`: the XML that nmap writes with `-oX`, host by host; what becomes of them is the verification inbox's.

Read with expat itself, in pieces: one host is in memory at a time. A document type with declarations, an entity or anything
outside the file is refused when it begins, so that no entity can grow and nothing is fetched (docs/import-discovery.md).
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

from deskterm.configuration.discovery_schema import Found, Scan
from deskterm.exchange.discovery import DiscoveryRules, Reader, land, text_of
from deskterm.exchange.faults import brief
from deskterm.exchange.importing import ImportResult, Job
from deskterm.exchange.mapping import rules_of

PIECE = 1 << 16
LARGEST_ELEMENT = 4 << 20
"""Bytes of one tag with its attributes; the output of a script is a thousandth of it."""
DEEPEST = 64
GUESSED = frozenset({"manufacturer", "attributes.os"})
"""What nmap concludes from how a host answers, however sure it is: two scans of one host name different systems."""

_TYPES = {
    "router": "network-device",
    "switch": "network-device",
    "wap": "network-device",
    "firewall": "network-device",
    "broadband router": "network-device",
    "bridge": "network-device",
    "hub": "network-device",
    "load balancer": "network-device",
    "printer": "printer",
    "print server": "printer",
    "phone": "phone",
    "voip phone": "phone",
    "pda": "phone",
    "voip adapter": "phone",
}
_TAKES_VALUE = re.compile(
    r"-(?:p|o[NXGASA]|i[LR]|e|S|g|D|T|PS|PA|PU|PY|PO|b|sI)$|--(?:script(?:-args|-args-file)?|top-ports|exclude(?:file|-ports)?|"
    r"(?:min|max|initial|host|scan|stats)-[a-z-]+|source-port|data(?:-length|-string)?|ip-options|ttl|spoof-mac|stylesheet|"
    r"dns-servers|version-intensity|datadir|servicedb|versiondb|mtu|proxies|resume|port-ratio|stats-every)$"
)


def load(job: Job) -> ImportResult:
    """Load a scan; see `docs/import-discovery.md`."""
    rules = rules_of(DiscoveryRules, job.mapping)
    return land(job, Scan("nmap"), rules, lambda scan: NmapReader(job, scan).read())


class Refused(Exception):
    """The file holds what no scan needs."""


class NmapReader(Reader):
    """Reads one file."""

    def __init__(self, job: Job, scan: Scan) -> None:
        super().__init__(job, scan)
        self._ready: list[Found] = []
        self._path: list[str] = []
        self._host: dict[str, Any] | None = None
        self._finished = False
        self._hosts = 0
        self._parser = self._new_parser()

    def _new_parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate()
        parser.ordered_attributes = False
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._declared
        parser.UnparsedEntityDeclHandler = self._declared
        parser.ElementDeclHandler = self._declared
        parser.AttlistDeclHandler = self._declared
        parser.ExternalEntityRefHandler = self._external
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        return parser

    def read(self) -> Iterator[Found]:
        """Yield every host that was up. A file that breaks off is a fault; whoever goes on without it has the hosts before."""
        done = 0
        source = self.job.source
        try:
            while piece := source.file.read(PIECE):
                self._parser.Parse(piece, False)
                done += len(piece)
                if done - self._parser.CurrentByteIndex > LARGEST_ELEMENT:
                    raise Refused(f"holds an element of more than {LARGEST_ELEMENT >> 20} MiB")
                if source.progress:
                    source.progress(done // 2, source.size)
                yield from self._taken()
            self._parser.Parse(b"", True)
        except Refused as problem:
            yield from self._taken()
            self._broken(self._parser.CurrentLineNumber, str(problem))
        except expat.ExpatError as problem:
            yield from self._taken()
            self._broken(problem.lineno, self._sentence(problem))
        yield from self._taken()
        self.scan.finished &= self._finished

    def _sentence(self, problem: expat.ExpatError) -> str:
        said = expat.ErrorString(problem.code) or "not XML"
        cut = problem.code in (expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS],
                               expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN])  # fmt: skip
        if cut and self._hosts:
            hosts = "1 host" if self._hosts == 1 else f"{self._hosts:,} hosts"
            return f"breaks off in the middle ({said}): {hosts} can be read, the end of the scan is missing"
        return "is cut short: there is no scan in it" if cut else f"is not XML: {said} at column {problem.offset + 1}"

    def _broken(self, line: int, message: str) -> None:
        self.scan.finished = False
        self.fault(line, "", message)

    def _taken(self) -> list[Found]:
        ready, self._ready = self._ready, []
        return ready

    # What expat tells

    def _doctype(self, name: str, system: str | None, public: str | None, internal: int) -> None:
        if internal:
            raise Refused("declares entities or elements of its own in its document type; a scan needs none")
        if system or public:
            raise Refused("points at a document type outside the file, which is never fetched")

    def _declared(self, *_: object) -> None:
        raise Refused("declares entities or elements of its own in its document type; a scan needs none")

    def _external(self, *_: object) -> int:
        raise Refused("points at something outside the file, which is never fetched")

    def _start(self, tag: str, has: dict[str, str]) -> None:
        if not self._path and tag != "nmaprun":
            raise Refused(f"is no scan of nmap: it begins with {brief(tag)}, not with nmaprun")
        if len(self._path) >= DEEPEST:
            raise Refused(f"is nested more than {DEEPEST} deep")
        self._path.append(tag)
        if self._host is not None:
            _ABOUT_HOST.get(tag, _ignored)(self._host, has)
        elif tag == "nmaprun":
            self.scan.scope = self.scan.scope or targets(has.get("args", ""))
            self.scan.scanned_at = _whole(has.get("start"))
        elif tag == "scaninfo":
            self._looked_at(has)
        elif tag == "host":
            self._host = {"line": self._parser.CurrentLineNumber, "ends": _whole(has.get("endtime")), "ports": []}
        elif tag == "finished":
            self._finished = has.get("exit", "success") == "success"
            self.scan.scanned_at = self.scan.scanned_at or _whole(has.get("time"))

    def _looked_at(self, has: dict[str, str]) -> None:
        protocol, services = has.get("protocol", "")[:8], has.get("services", "")
        if re.fullmatch(r"\d{1,5}(-\d{1,5})?(,\d{1,5}(-\d{1,5})?)*", services):
            before = self.scan.ports.get(protocol)
            self.scan.ports[protocol] = f"{before},{services}" if before else services

    def _end(self, tag: str) -> None:
        self._path.pop()
        if tag == "host" and self._host is not None:
            host, self._host = self._host, None
            self._hosts += 1
            if host.get("state", "up") == "up":
                self.guarded(host["line"], lambda: self._ready.append(self._found(host)))

    def _found(self, host: dict[str, Any]) -> Found:
        names = [text_of(name, 255) for name in (*host.get("PTR", ()), *host.get("user", ()))]
        full = next((name for name in names if "." in name and not re.fullmatch(r"[\d.:]+", name)), None)
        addresses = [text_of(one, 64) for one in (*host.get("ipv4", ()), *host.get("ipv6", ()))]
        mac = text_of(host["mac"], 17).lower() if host.get("mac") else None
        facts: dict[str, Any] = {
            "type": _TYPES.get(host.get("class", "").casefold(), "server"), "fqdn": full, "mac": mac,
            "manufacturer": text_of(host.get("vendor", ""), 120) or None, "attributes.ip": next(iter(addresses), None),
            "attributes.os": text_of(host.get("os", ""), 120) or None,
        }  # fmt: skip
        if self.scan.ports:
            facts["attributes.open_ports"] = sorted(
                set(host["ports"]), key=lambda port: (port.partition("/")[2], int(port.split("/")[0]))
            )
        usable = [name for name in names if name.casefold() != "localhost"]
        name = full or next(iter(usable), None) or next(iter(addresses), None) or mac
        if not name:
            raise ValueError("is a host without any address or name")
        return Found(
            host["line"], name, {key: value for key, value in facts.items() if value is not None}, names=tuple(usable),
            guessed=GUESSED,
        )  # fmt: skip


def _status(host: dict[str, Any], has: dict[str, str]) -> None:
    host["state"] = has.get("state", "up")


def _address(host: dict[str, Any], has: dict[str, str]) -> None:
    kind, address = has.get("addrtype", "ipv4"), has.get("addr", "")
    if kind == "mac":
        host["mac"], host["vendor"] = address, has.get("vendor", "")
    else:
        host.setdefault(kind, []).append(address)


def _hostname(host: dict[str, Any], has: dict[str, str]) -> None:
    host.setdefault("PTR" if has.get("type") == "PTR" else "user", []).append(has.get("name", ""))


def _port(host: dict[str, Any], has: dict[str, str]) -> None:
    number = _whole(has.get("portid"))
    host["port"] = f"{number}/{has.get('protocol', 'tcp')[:8]}" if number is not None and number < 65536 else None


def _state(host: dict[str, Any], has: dict[str, str]) -> None:
    port = host.pop("port", None)
    if port and has.get("state") == "open":
        host["ports"].append(port)


def _os(host: dict[str, Any], has: dict[str, str]) -> None:
    accuracy = _whole(has.get("accuracy")) or 0
    if accuracy > host.get("accuracy", 0):
        host["accuracy"], host["os"] = accuracy, has.get("name", "")


def _class(host: dict[str, Any], has: dict[str, str]) -> None:
    accuracy = _whole(has.get("accuracy")) or 0
    if accuracy > host.get("class_accuracy", 0):
        host["class_accuracy"], host["class"] = accuracy, has.get("type", "")


def _ignored(host: dict[str, Any], has: dict[str, str]) -> None:
    """Say nothing of what no field records."""


_ABOUT_HOST = {
    "status": _status,
    "address": _address,
    "hostname": _hostname,
    "port": _port,
    "state": _state,
    "osmatch": _os,
    "osclass": _class,
}


def _whole(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"\d{1,10}", text) else None


def targets(args: str) -> str:
    """Return what a command line of nmap looked at: what is neither an option nor an option's value."""
    try:
        words = shlex.split(args[:4000])[1:]
    except ValueError:
        words = args[:4000].split()[1:]
    found, skip = [], False
    for word in words:
        if skip:
            skip = False
        elif word.startswith("-"):
            skip = "=" not in word and bool(_TAKES_VALUE.match(word)) and word not in ("-T0", "-T1", "-T2", "-T3", "-T4", "-T5")
        else:
            found.append(word)
    return text_of(" ".join(sorted(found))[:255], 255)
