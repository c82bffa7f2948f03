"""What carries the demo's services: the hosts below the machines, redundancy groups, what was paid for what, and a baseline.

Two of three payroll servers suffice, one of two gateways, two of three hosts; one store of disks below all of it is the single
point of failure, and the directory runs on the hosts that ask it who may log in: a circle, as in many a cellar.
"""

from __future__ import annotations

from typing import Any

from deskterm.civil_time import DAY_SECONDS
from deskterm.demo.cast import ADMINISTRATOR
from deskterm.demo.estate import HEAD, ITEMS
from deskterm.demo.founding import Founding
from deskterm.demo.purchases import USERS, values_of
from deskterm.demo.scene import Scene
from deskterm.records import store, writing
from deskterm.records.unit import Unit

HOSTS: tuple[tuple[str, str, str], ...] = (
    ("cluster", "vm-cluster-1", HEAD), ("server", "host-01", HEAD), ("server", "host-02", HEAD), ("server", "host-03", HEAD),
    ("storage", "san-01", HEAD), ("power", "ups-a", HEAD), ("power", "ups-b", HEAD),
)  # fmt: skip
"""Type, name, place of what belongs to no one service."""

GROUPS: tuple[tuple[str, str, str, int, tuple[str, ...]], ...] = (
    ("VPN", "part-of", "gateways", 1, ("vpn-gw-1", "vpn-gw-2")),
    ("Network", "part-of", "firewalls", 1, ("fw-edge-1", "fw-edge-2")),
    ("Network", "part-of", "core", 1, ("sw-core-1", "sw-core-2")),
    (
        "Network", "part-of", "access", 9,
        ("sw-dock-1", "sw-dock-2", "sw-dock-4", "ap-yard-03", "sw-haus-a-1", "sw-haus-a-2", "ap-ward-03", "ap-ward-05",
         "sw-haus-b-1", "ap-ward-07", "sw-pool-1", "sw-works-1"),
    ),
    ("Mail", "part-of", "mailboxes", 1, ("mail-01", "mail-02")),
    ("Payroll", "part-of", "payroll-app", 2, ("app-pay-01", "app-pay-02", "app-pay-03")),
    ("Payroll", "part-of", "db-pay", 1, ("db-pay-1", "db-pay-2")),
    ("ERP", "part-of", "erp-app", 1, ("app-erp-01", "app-erp-02")),
    ("Web shop", "part-of", "web", 1, ("shop-web-1", "shop-web-2")),
    ("Patient records", "part-of", "kis-app", 1, ("app-kis-01", "app-kis-02")),
    ("Identity", "part-of", "directory", 1, ("dc-01", "dc-02")),
    ("File shares", "part-of", "file servers", 1, ("fs-01", "fs-02")),
    (
        "Printing", "part-of", "printers", 6,
        ("prn-dock-1", "prn-dock-2", "prn-dock-4", "prn-dispatch", "prn-ward-3", "prn-ward-5", "prn-admissions", "prn-shop-07",
         "prn-accounts", "prn-customer-centre", "prn-plotter"),
    ),
    ("Scanning", "part-of", "scanners", 4, ("scan-d1-1", "scan-d2-1", "scan-d4-1", "scan-d4-2", "scan-s07-1", "scan-s08-1")),
    ("vm-cluster-1", "depends-on", "hosts", 2, ("host-01", "host-02", "host-03")),
    ("vm-cluster-1", "depends-on", "directory", 1, ("dc-01", "dc-02")),
    ("san-01", "depends-on", "power", 1, ("ups-a", "ups-b")),
)  # fmt: skip
"""Owner, relation, group, how many are needed, members. `part-of` stands on the members, `depends-on` on the owner."""

SINGLE: tuple[tuple[str, str, str], ...] = (
    *((name, "runs-on", "vm-cluster-1") for name in (
        "shop-web-1", "shop-web-2", "app-pay-01", "app-pay-02", "app-pay-03", "app-erp-01", "app-erp-02", "app-kis-01",
        "app-kis-02", "mailgate-01", "dc-01",
    )),
    ("vm-cluster-1", "depends-on", "san-01"),
    ("db-pay-1", "runs-on", "san-01"),
    ("db-erp-1", "runs-on", "san-01"),
    ("Web shop", "uses", "shop-pay-1"),
    ("Patient records", "uses", "pacs-01"),
    ("File shares", "uses", "nas-backup-1"),
    ("Network", "uses", "wlc-1"),
)  # fmt: skip
"""What stands for itself: source, relation, target."""


def relate(founding: Founding) -> None:
    """Make the hosts, and say what carries what."""
    with founding.unit("set up hosts") as unit:
        for place, (sort, name, where) in enumerate(HOSTS):
            founding.make(
                unit, "ci", {"name": name, "type": sort, "location": where, **values_of(founding.at, sort, name, place)}
            )
    with founding.unit("say what carries what") as unit:
        for owner, relation, group, need, members in GROUPS:
            for member in members:
                ends = (member, owner) if relation == "part-of" else (owner, member)
                _link(founding, unit, ends[0], relation, ends[1], group=group, need=need)
        for source, relation, target in SINGLE:
            _link(founding, unit, source, relation, target)
        for sort, service, _, names in ITEMS:
            for name in names if sort in USERS else ():
                _link(founding, unit, name, "uses", service)


def _link(founding: Founding, unit: Unit, source: str, relation: str, target: str, **options: Any) -> None:
    ends = [founding.drafts.get(("ci", name)) or founding.drafts["service", name] for name in (source, target)]
    writing.link(unit, ends[0], relation, ends[1], **options)


def freeze(founding: Founding) -> None:
    """Take the baseline of the founding."""
    with founding.unit("take baseline") as unit:
        reason = "What the desk took over. Whatever differs from it has been changed since."
        founding.make(unit, "baseline", {"name": "Taken over", "reason": reason})


WEEK: tuple[tuple[int, str, dict[str, Any]], ...] = (
    (24, "app-pay-02", {"installed_version": "4.3"}),
    (24, "app-pay-03", {"installed_version": "4.3"}),
    (6, "lt-2310", {"environment": "training"}),
    (2, "prn-plotter", {"status": "in-repair"}),
)
"""Days ago, item, what somebody changed: an update that reached two of three, a laptop lent to the training room, a repair."""


def change(scene: Scene) -> None:
    """Let the last days bring what days bring."""
    kind, chronicle = scene.registry.kind("ci"), scene.chronicle
    for days, name, values in WEEK:
        key = scene.ids["ci", name]
        draft = store.load(chronicle.connection, kind, [key])[key]
        chronicle.edit(draft, scene.actors[ADMINISTRATOR[0]], scene.now - days * DAY_SECONDS, values)
