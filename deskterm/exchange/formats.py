"""What `deskterm import` reads: each format by its name, what it is, and where the function is that reads it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from deskterm.late import named

if TYPE_CHECKING:
    from deskterm.exchange.importing import ImportResult, Job

Load = Callable[["Job"], "ImportResult"]


@dataclass(frozen=True, slots=True)
class Importer:
    """A format as it is listed: what it is, and where the function is that reads it."""

    help: str
    place: str
    """`module:function`."""
    folders: bool = False
    """A folder of files is read as one."""

    def load(self) -> Load:
        """Return the function, imported now."""
        return cast(Load, named(self.place))


FORMATS: dict[str, Importer] = {
    "alertmanager": Importer("webhook messages of Prometheus' Alertmanager or Grafana", "deskterm.exchange.alertmanager:load"),
    "ansible": Importer("facts of hosts that Ansible gathered, to the inbox", "deskterm.exchange.ansible:load", folders=True),
    "csv": Importer("a table of records of any kind, by their field names", "deskterm.exchange.csv_kinds:load"),
    "discovery": Importer("a table of hosts that some tool found, to the inbox", "deskterm.exchange.discovery_table:load"),
    "github-status": Importer(
        "incidents of a status page, as the archive of githubstatus.com has them",
        "deskterm.exchange.github_status:load",
        folders=True,
    ),
    "focus": Importer("a bill of cloud services in the FOCUS format, to the last decimal", "deskterm.exchange.focus:load"),
    "jsonl": Importer("JSON objects, one a line, by their field names", "deskterm.exchange.jsonl_kinds:load"),
    "nagios": Importer("notifications of Nagios or Icinga: mails, macros or JSON", "deskterm.exchange.nagios:load"),
    "netbox": Importer("an inventory that NetBox dumped as JSON, to the inbox", "deskterm.exchange.netbox:load"),
    "nmap": Importer("a scan that nmap wrote as XML, to the inbox", "deskterm.exchange.nmap:load"),
    "osquery": Importer("what osquery answered, as JSON, to the inbox", "deskterm.exchange.osquery:load", folders=True),
    "prometheus": Importer("the answer of a range query of Prometheus: samples", "deskterm.exchange.prometheus:load"),
    "samples": Importer("a table of measurements: resource,at,value or timestamp,value", "deskterm.exchange.samples:load"),
    "servicenow-log": Importer("an incident event log of ServiceNow, whole histories", "deskterm.exchange.servicenow_log:load"),
}
"""By the name that `deskterm import` takes. A format that is added here is on the command line and in its help."""
