"""`deskterm import nagios`: notifications of Nagios and Icinga about hosts and services.

A file holds the mail of the stock notification commands, macros as `NAGIOS_HOSTNAME=web1`, or JSON with the same names: one
notification or several. PROBLEM begins an alert and RECOVERY ends it; what else there is (acknowledgements, downtimes) is
noted on the incident, if there is one. What becomes of the alerts is `deskterm.incident.alerts`'.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from deskterm.exchange.alert_labels import LONGEST_ANNOTATION, LONGEST_LABEL, stored_text
from deskterm.exchange.alertmanager import result_of
from deskterm.exchange.faults import brief
from deskterm.exchange.importing import ImportResult, Job
from deskterm.exchange.json_documents import documents, read_text
from deskterm.exchange.mapping import rules_of
from deskterm.exchange.nagios_text import Notification, key_of, notifications
from deskterm.exchange.nagios_times import TimeRules, read_time
from deskterm.incident.alerts import Alert, Delivery, Intake, Remark, Status, fingerprint_of

SOURCE = "nagios"
HOST_CHECK = "host check"
"""What an alert about a host itself is called; one about a service bears its name."""

ALIASES = {
    "type": ("NOTIFICATIONTYPE", "TYPE"),
    "host": ("HOSTNAME", "HOST", "HOSTALIAS", "HOSTDISPLAYNAME"),
    "service": ("SERVICEDESC", "SERVICE", "SERVICENAME", "SERVICEDISPLAYNAME"),
    "address": ("HOSTADDRESS", "ADDRESS", "IPV4", "IPV6"),
    "service_state": ("SERVICESTATE", "STATE", "SAIDSTATE"),
    "host_state": ("HOSTSTATE", "STATE", "SAIDSTATE"),
    "at": ("TIMET", "TIMESTAMP", "DATETIME", "LONGDATETIME", "SHORTDATETIME", "ICINGALONGDATETIME", "WHEN", "DATE", "TIME"),
    "output": ("SERVICEOUTPUT", "HOSTOUTPUT", "ADDITIONALINFO", "INFO", "OUTPUT"),
    "more": ("LONGSERVICEOUTPUT", "LONGHOSTOUTPUT"),
    "author": ("NOTIFICATIONAUTHORNAME", "NOTIFICATIONAUTHOR", "SERVICEACKAUTHOR", "HOSTACKAUTHOR", "ACKAUTHOR", "AUTHOR"),
    "comment": ("NOTIFICATIONCOMMENT", "SERVICEACKCOMMENT", "HOSTACKCOMMENT", "ACKCOMMENT", "COMMENT"),
    "subject": ("SUBJECT",),
}
"""What a notification says, by the names it may say it under: macros, keys of JSON, and the words of the stock mails."""
KNOWN = frozenset(name for names in ALIASES.values() for name in names)

GOOD = ("OK", "UP")
_SAME = {"FLAPPINGEND": "FLAPPINGSTOP", "DOWNTIMEREMOVED": "DOWNTIMECANCELLED", "ACK": "ACKNOWLEDGEMENT"}
"""Icinga's own words."""
_REMARKS = {
    "ACKNOWLEDGEMENT": ("acknowledged", "Acknowledged in the monitoring"),
    "FLAPPINGSTART": ("flapping-start", "Began to flap: the monitoring sends no more notifications until it stops"),
    "FLAPPINGSTOP": ("flapping-stop", "Stopped flapping"),
    "FLAPPINGDISABLED": ("flapping-off", "The monitoring no longer watches for flapping"),
    "DOWNTIMESTART": ("downtime-start", "A downtime began"),
    "DOWNTIMEEND": ("downtime-end", "A downtime ended"),
    "DOWNTIMECANCELLED": ("downtime-cancel", "A downtime was cancelled"),
    "CUSTOM": ("custom", "A message from the monitoring"),
}
"""By type: the word it is kept under, and what is noted."""
TYPES = ("PROBLEM", "RECOVERY", *_REMARKS)
_SUBJECT = re.compile(r".{0,40}?(?:\*\* *(\w{1,30}) (?:Service|Host) Alert|\[(\w{1,30})\] )", re.IGNORECASE)
_MOST_NESTED = 3


def load(job: Job) -> ImportResult:
    """Load notifications; see `docs/import-alerts.md` for what becomes of them."""
    job.require(job.unit.registry.kind("incident"))
    reader = Reader(job, rules_of(TimeRules, job.mapping))
    text = read_text(job, "notifications")
    intake = Intake(job.unit)
    if text is not None and not text.strip():
        job.faults.add(1, "", "is empty; a notification names a type, a host and a time")
    for notification in reader.notifications(text or ""):
        delivery = reader.delivery(notification)
        if delivery is not None and (job.skip_bad or not job.faults):
            intake.receive(delivery)
    intake.finish()
    return result_of(intake, reader.skipped)


class Reader:
    """Reads notifications, in whatever form they come; what is wrong with one is noted by the line it begins on."""

    def __init__(self, job: Job, rules: TimeRules) -> None:
        self.job, self.rules = job, rules
        self.skipped = 0

    def notifications(self, text: str) -> Iterator[Notification]:
        """Yield every notification of a file."""
        if text.lstrip()[:1] not in ("{", "["):
            yield from notifications(text, KNOWN)
            return
        for line, document in documents(self.job, text):
            several = isinstance(document, list)
            for index, item in enumerate(document if isinstance(document, list) else [document]):
                path = f"[{index}]" if several else ""
                if isinstance(item, dict):
                    yield Notification(line, dict(_flat(item)), path=path)
                else:
                    self._fault(line, path, "is no notification: it is no JSON object")

    def delivery(self, notification: Notification) -> Delivery | None:
        """Return what a notification tells; None where it is wrong."""
        line, values, path = notification.line, notification.values, notification.path
        try:
            said = {name: _first(values, names) for name, names in ALIASES.items()}
        except ValueError as problem:
            self._fault(line, path, str(problem))
            return None
        host, service = said["host"], said["service"]
        state = said["service_state" if service else "host_state"].upper()
        kind = _type_of(said, state)
        missing = [name for name, value in (("type", kind), ("host", host), ("date", said["at"])) if not value]
        for name in missing:
            self._note(line, _at(path, name), "is missing")
        if kind and kind not in TYPES:
            self._note(line, _at(path, "type"), f"{brief(kind)} is no type of notification; there are {', '.join(TYPES)}")
        if missing or kind not in TYPES:
            self.skipped += 1
            return None
        try:
            at = read_time(said["at"], self.rules)
        except ValueError as problem:
            self._fault(line, _at(path, "date"), str(problem))
            return None
        return _delivery(kind, state, at, said)

    def _fault(self, line: int, column: str, message: str) -> None:
        self.skipped += 1
        self._note(line, column, message)

    def _note(self, line: int, column: str, message: str) -> None:
        self.job.faults.add(line, column, message)


def _delivery(kind: str, state: str, at: int, said: Mapping[str, str]) -> Delivery:
    """Return what a sound notification tells."""
    host, service = said["host"], said["service"]
    own = {"host": host, **({"service": service} if service else {})}
    labels = {"alertname": service or HOST_CHECK, **own}
    labels |= {name: value for name, value in (("address", said["address"]), ("severity", state.lower())) if value}
    fingerprint = fingerprint_of(own)
    flapping = kind == "FLAPPINGSTART"
    summary = f"{f'{service} on ' if service else ''}{host} {'is flapping' if flapping else f'is {state or kind}'}"
    output = "\n".join(part for part in (said["output"], said["more"]) if part)
    annotations = {name: value for name, value in (("summary", summary), ("description", output)) if value}
    alerts: tuple[Alert, ...] = ()
    if kind == "PROBLEM" or flapping:
        alerts = (Alert(SOURCE, fingerprint, Status.FIRING, at, None, labels, annotations),)
    elif kind == "RECOVERY" or (kind == "FLAPPINGSTOP" and state in GOOD):
        alerts = (Alert(SOURCE, fingerprint, Status.RESOLVED, None, at, labels, annotations),)
    remarks: tuple[Remark, ...] = ()
    if kind in _REMARKS:
        what, sentence = _REMARKS[kind]
        by = f" by {said['author']}" if said["author"] else ""
        comment = f": {said['comment']}" if said["comment"] else ""
        remarks = (Remark(SOURCE, fingerprint, what, at, f"{sentence}{by}{comment}", labels),)
    return Delivery(SOURCE, alerts, remarks)


def _at(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _first(values: Mapping[str, str], names: tuple[str, ...]) -> str:
    """Return the first value that is given under one of several names.

    Raises:
        ValueError: it cannot be stored.
    """
    found = next((values[name] for name in names if values.get(name, "").strip()), "").strip()
    limit = LONGEST_ANNOTATION if names[0] in ("SERVICEOUTPUT", "LONGSERVICEOUTPUT", "NOTIFICATIONCOMMENT") else LONGEST_LABEL
    try:
        return stored_text(found, limit)
    except ValueError as problem:
        raise ValueError(f"{names[0]} {problem}") from None


def _type_of(said: Mapping[str, str], state: str) -> str:
    """Return a notification's type: as it says, as its subject says, or by the state it tells of."""
    subject = _SUBJECT.match(said["subject"][:200])
    told = said["type"] or (next(filter(None, subject.groups()), "") if subject else "")
    kind = re.sub(r"[^A-Z]", "", told.upper().partition("(")[0])
    if not told and state:
        kind = "RECOVERY" if state in GOOD else "PROBLEM"
    return _SAME.get(kind, kind)


def _flat(item: Mapping[str, object], path: str = "", depth: int = 1) -> Iterator[tuple[str, str]]:
    """Yield the values of a JSON object by key; `{"host": {"name": …}}` is `host.name`."""
    for name, value in item.items():
        if isinstance(value, dict) and depth < _MOST_NESTED:
            yield from _flat(value, f"{path}{name}.", depth + 1)
        elif isinstance(value, str | int | float) and not isinstance(value, bool):
            yield key_of(f"{path}{name}"), str(value)
