"""`deskterm import alertmanager`: what Prometheus' Alertmanager sends to a webhook, and Grafana in its likeness.

A file holds one message, a list of them, or one on each line; an alert that stands alone, as the API lists them, will do, too.
What becomes of the alerts is `deskterm.incident.alerts`'.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic import Field as Bound

from deskterm.clock import parse_instant
from deskterm.errors import DeskError
from deskterm.exchange.alert_labels import Annotation, Annotations, Label, Labels, stored_text
from deskterm.exchange.importing import ImportResult, Job
from deskterm.exchange.json_documents import documents, read_text
from deskterm.exchange.mapping import Rules, rules_of
from deskterm.incident.alerts import Alert, Delivery, Intake, Status, fingerprint_of

SOURCE = "alertmanager"

_FIRING = ("firing", "active", "suppressed", "unprocessed")
"""A silenced alert fires as well."""


def _instant(value: object) -> int | None:
    """Read an instant; Go's zero time, in the year 1, says that there is none."""
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > 64:
        raise ValueError("must be an instant such as 2026-11-22T14:02:00Z")
    if value.startswith("0001-"):
        return None
    try:
        at = parse_instant(value)
    except DeskError as problem:
        raise ValueError(problem.message) from None
    return at if at > 0 else None


def _status(value: object) -> str | None:
    if isinstance(value, dict):
        value = value.get("state")
    if value is None:
        return None
    if value in _FIRING:
        return Status.FIRING.value
    if value == "resolved":
        return Status.RESOLVED.value
    raise ValueError("must be firing or resolved")


_Instant = Annotated[int | None, BeforeValidator(_instant)]
_Status = Annotated[str | None, BeforeValidator(_status)]


class _Message(BaseModel):
    """The base of what is read: unknown keys are somebody else's."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class RawAlert(_Message):
    """One alert as it is sent."""

    status: _Status = None
    labels: Labels
    annotations: Annotations = {}
    startsAt: _Instant = None
    endsAt: _Instant = None
    generatorURL: Label = ""
    fingerprint: Annotated[str, Bound(max_length=64), BeforeValidator(lambda value: stored_text(value, 64))] = ""


class RawGroup(_Message):
    """What is around the alerts of a message."""

    status: _Status = None
    groupKey: Annotation = ""
    groupLabels: Labels | None = None
    commonAnnotations: Annotations = {}
    truncatedAlerts: Annotated[int, Bound(ge=0)] = 0


M = TypeVar("M", bound=_Message)


class AlertmanagerRules(Rules):
    """A message says everything by itself."""


def load(job: Job) -> ImportResult:
    """Load messages; see `docs/import-alerts.md` for what becomes of them."""
    job.require(job.unit.registry.kind("incident"))
    rules_of(AlertmanagerRules, job.mapping)
    text = read_text(job, "alerts")
    intake, reader = Intake(job.unit), Reader(job)
    for line, document in documents(job, text or ""):
        for delivery in reader.deliveries(line, document):
            if job.skip_bad or not job.faults:
                intake.receive(delivery)
    intake.finish()
    if text is not None and not text.strip():
        job.faults.add(1, "", "is empty; a message of Alertmanager is a JSON object")
    return result_of(intake, reader.skipped)


def result_of(intake: Intake, bad: int) -> ImportResult:
    """Return what an intake did, in incidents; what belongs to none of them counts by itself."""
    return ImportResult(
        created=len(intake.created),
        updated=len(intake.updated - intake.created),
        unchanged=len(intake.named - intake.updated) + intake.loose,
        skipped=bad + intake.dropped,
    )


class Reader:
    """Reads documents; what is wrong with one is noted with the path that leads there."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.skipped = 0

    def deliveries(self, line: int, document: object, path: str = "") -> Iterable[Delivery]:
        """Yield what a document tells: a message, a list of them, or an alert by itself."""
        if isinstance(document, list) and not path:
            for index, item in enumerate(document):
                yield from self.deliveries(line, item, f"[{index}]")
        elif isinstance(document, dict) and "alerts" in document:
            yield from self._group(line, document, path)
        elif isinstance(document, dict) and "labels" in document:
            alert = self._alert(line, document, path, None)
            if alert is not None:
                yield Delivery(SOURCE, (alert,))
        else:
            self._fault(line, path, "is no message of Alertmanager: it has neither alerts nor labels")

    def _group(self, line: int, document: dict[str, Any], path: str) -> Iterable[Delivery]:
        members = document["alerts"]
        group = self._parsed(line, RawGroup, {name: value for name, value in document.items() if name != "alerts"}, path)
        if not isinstance(members, list):
            self._fault(line, _joined(path, ("alerts",)), "must be a list")
            return
        if group is None:
            return
        alerts = [self._alert(line, one, f"{_joined(path, ('alerts',))}[{i}]", group.status) for i, one in enumerate(members)]
        found = tuple(alert for alert in alerts if alert is not None)
        if found:
            yield Delivery(SOURCE, found, group_key=_group_key(group), title=_title(group), left_out=group.truncatedAlerts)

    def _alert(self, line: int, document: object, path: str, group_status: str | None) -> Alert | None:
        raw = self._parsed(line, RawAlert, document, path)
        if raw is None:
            return None
        start, end = raw.startsAt, raw.endsAt
        over = end is not None and end <= self.job.unit.recorded_at
        status = raw.status or ("resolved" if group_status == "resolved" or over else "firing")
        if status == "firing" and start is None:
            self._fault(line, _joined(path, ("startsAt",)), "is missing; an alert that fires began some time")
        elif status == "resolved" and end is None:
            self._fault(line, _joined(path, ("endsAt",)), "is missing; an alert that is resolved was over some time")
        elif status == "resolved" and start is not None and end is not None and end < start:
            self._fault(line, _joined(path, ("endsAt",)), "lies before startsAt")
        else:
            own = raw.fingerprint.strip() or fingerprint_of(raw.labels)
            ended = end if status == "resolved" else None
            return Alert(SOURCE, own, Status(status), start, ended, raw.labels, raw.annotations, raw.generatorURL)
        return None

    def _parsed(self, line: int, model: type[M], document: object, path: str) -> M | None:
        try:
            return model.model_validate(document)
        except ValidationError as problem:
            for error in problem.errors(include_url=False, include_input=False)[:100]:
                self._note(line, _joined(path, error["loc"]), _sentence(error["type"], error["msg"]))
            self.skipped += 1
            return None

    def _fault(self, line: int, path: str, message: str) -> None:
        self.skipped += 1
        self._note(line, path, message)

    def _note(self, line: int, path: str, message: str) -> None:
        self.job.faults.add(line, path, message)


_SENTENCES = {"missing": "is missing", "model_type": "must be a JSON object", "dict_type": "must be a JSON object"}


def _sentence(sort: str, message: str) -> str:
    if sort in _SENTENCES:
        return _SENTENCES[sort]
    return message.removeprefix("Value error, ").replace("Input should", "should")


def _joined(path: str, keys: Sequence[str | int]) -> str:
    """Return the path to a value: alerts[0].labels.instance."""
    for key in keys:
        if key == "[key]":  # pydantic's word for what is wrong with a name itself
            continue
        path += f"[{key}]" if isinstance(key, int) else f".{key[:60]}" if path else key[:60]
    return path


def _group_key(group: RawGroup) -> str:
    """Return by what the group is known again; a group by no label at all is everything, and nothing belongs together in it."""
    ungrouped = group.groupLabels == {} or (group.groupLabels is None and group.groupKey.endswith(":{}"))
    return "" if ungrouped else group.groupKey


def _title(group: RawGroup) -> str:
    """Return what to call the group: the summary that all alerts share, or the labels it is grouped by."""
    told = next((group.commonAnnotations[name] for name in ("summary", "title") if group.commonAnnotations.get(name)), "")
    return told or ", ".join((group.groupLabels or {}).values())
