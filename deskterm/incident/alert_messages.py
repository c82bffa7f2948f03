"""What a monitoring system tells the desk, whichever one it is: alerts, remarks about them, and what came together."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

VOLATILE = frozenset({"prometheus_replica", "replica", "__replica__", "receive_replica"})
"""Labels that say which of several equal observers spoke, and nothing of what was observed."""
LONGEST_GROUP_KEY = 255

_FNV_OFFSET, _FNV_PRIME, _64_BITS = 14_695_981_039_346_656_037, 1_099_511_628_211, (1 << 64) - 1


class Status(StrEnum):
    """What an alert does."""

    FIRING = "firing"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert as one message tells of it."""

    source: str
    """The sort of system: alertmanager, nagios."""
    fingerprint: str
    """By which the source knows it again."""
    status: Status
    starts_at: int | None
    """When it began to fire; None where a source only says that it is over."""
    ends_at: int | None
    """When it was over; None while it fires."""
    labels: Mapping[str, str]
    annotations: Mapping[str, str] = field(default_factory=dict)
    generator: str = ""
    """Where the source shows it."""

    def __post_init__(self) -> None:
        if (self.ends_at is None) != (self.status is Status.FIRING) or (self.starts_at is None and self.ends_at is None):
            raise ValueError("an alert that fires has a beginning and no end; one that is resolved has an end")

    @property
    def instant(self) -> int:
        """The newest instant it tells of."""
        return max(at for at in (self.starts_at, self.ends_at) if at is not None)

    @property
    def name(self) -> str:
        """What a person calls it: what is wrong, and with what."""
        return name_of(self.labels)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something a source tells of an alert that neither begins nor ends it: acknowledged, flapping, in a downtime."""

    source: str
    fingerprint: str
    what: str
    at: int
    text: str
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a source told at once, about things that it says belong together."""

    source: str
    alerts: tuple[Alert, ...] = ()
    remarks: tuple[Remark, ...] = ()
    group_key: str = ""
    """By which the source knows the group again; empty where nothing says that the alerts belong together."""
    title: str = ""
    """What the source calls the group."""
    left_out: int = 0
    """Alerts of the group that the source did not send, because there were too many."""


def fingerprint_of(labels: Mapping[str, str]) -> str:
    """Return the fingerprint of a set of labels, the volatile ones aside.

    It is Alertmanager's own (64-bit FNV-1a over sorted names and values, each closed by a byte 255), so that a message that
    carries one and an old one that does not are about the same alert.
    """
    total = _FNV_OFFSET
    for name in sorted(labels.keys() - VOLATILE):
        for byte in b"\xff".join((name.encode(), labels[name].encode(), b"")):
            total = ((total ^ byte) * _FNV_PRIME) & _64_BITS
    return f"{total:016x}"


def name_of(labels: Mapping[str, str]) -> str:
    """Return what a person calls an alert with these labels: what is wrong, and with what."""
    what = labels.get("alertname") or labels.get("service") or ""
    where = next((labels[name] for name in ("instance", "host", "hostname", "node", "pod", "job") if labels.get(name)), "")
    return " on ".join(part for part in (what, where) if part) or "alert without a name"


def bounded_group_key(key: str) -> str:
    """Return a group's key within the length that is stored: a longer one ends in its own digest."""
    if len(key) <= LONGEST_GROUP_KEY:
        return key
    digest = hashlib.sha256(key.encode()).hexdigest()[:32]
    return f"{key[: LONGEST_GROUP_KEY - 33]}…{digest}"
