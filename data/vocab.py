"""The field's words, as they are stored: channels, reasons, types. States belong to the workflows, not here."""

from __future__ import annotations

from enum import StrEnum


class Channel(StrEnum):
    """How a contact reached the desk."""

    PHONE = "phone"
    WALK_IN = "walk-in"
    MAIL = "mail"
    PORTAL = "portal"
    CHAT = "chat"
    MONITORING = "monitoring"


class Outcome(StrEnum):
    """What came of a contact."""

    INCIDENT = "incident"
    REQUEST = "request"
    ATTACHED = "attached"
    ANSWERED = "answered"
    INFORMATION = "information"
    ABANDONED = "abandoned"


class PendingReason(StrEnum):
    """Whom a pending record waits for."""

    CALLER = "caller"
    SUPPLIER = "supplier"
    CHANGE = "change"
    PROBLEM = "problem"


class AgreementType(StrEnum):
    """Service level agreement, operational level agreement, underpinning contract."""

    SLA = "sla"
    OLA = "ola"
    UC = "uc"


class Metric(StrEnum):
    """What a target measures."""

    RESPONSE = "response"
    RESOLUTION = "resolution"
    UPDATE = "update"
    AVAILABILITY = "availability"


class Unit(StrEnum):
    """In what a target counts."""

    BUSINESS_HOURS = "business-hours"
    BUSINESS_DAYS = "business-days"
    ELAPSED = "elapsed"


class ClockState(StrEnum):
    """What a record's most urgent clock is doing, as lists show it."""

    RUNNING = "running"
    AT_RISK = "at-risk"
    BREACHED = "breached"
    PAUSED = "paused"
    MET = "met"
    CANCELLED = "cancelled"


class Verdict(StrEnum):
    """What was found of a supposed cause."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class Pattern(StrEnum):
    """What the incidents of a candidate have in common."""

    CI = "ci"
    SERVICE = "service"
    CATEGORY = "category"
    TEXT = "text"
