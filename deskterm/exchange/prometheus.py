"""`deskterm import prometheus`: what Prometheus answers to a range query (`/api/v1/query_range`), a matrix of series, as samples.

Whose a series is says the mapping, its label `resource`, the external name of a resource (the series as Prometheus writes it),
or its host and metric: `instance` names the CI of the resource that has the metric. NaN and Inf stand there as texts; each is a
fault, and `--skip-bad` leaves it out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from data.queries import capacity as q
from deskterm.exchange.faults import brief
from deskterm.exchange.importing import ImportResult, Job
from deskterm.exchange.json_documents import documents, read_text
from deskterm.exchange.mapping import Rules, rules_of
from deskterm.exchange.samples import Intake, number

HOST_LABELS = ("ci", "instance", "host", "hostname", "node", "nodename")


class SeriesRule(BaseModel):
    """Which series are of which resource."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    match: dict[str, str]
    """Labels that a series has; `__name__` is the metric."""
    resource: str
    factor: float = 1.0


class PrometheusRules(Rules):
    """What a mapping may say."""

    resource: str = ""
    """Whose every series is that no rule is about."""
    factor: float = 1.0
    series: tuple[SeriesRule, ...] = ()


def load(job: Job) -> ImportResult:
    """Load the answer of a range query; see `docs/import-samples.md`."""
    rules = rules_of(PrometheusRules, job.mapping)
    intake = Intake(job)
    reader = _Reader(intake, rules)
    text = read_text(job, "range queries")
    if text is not None and not text.strip():
        job.faults.add(1, "", "is empty; a range query answers with a JSON object")
    for line, document in documents(job, text or ""):
        reader.document(line, document)
    return intake.keep()


def series_name(labels: Mapping[str, str]) -> str:
    """Return a series as Prometheus writes it: `node_load1{instance="fs-01:9100"}`."""
    inner = ",".join(f'{name}="{value}"' for name, value in sorted(labels.items()) if name != "__name__")
    return labels.get("__name__", "") + (f"{{{inner}}}" if inner else "")


class _Reader:
    def __init__(self, intake: Intake, rules: PrometheusRules) -> None:
        self.intake, self.rules = intake, rules
        self._by_host: dict[tuple[str, str], list[int]] | None = None

    def document(self, line: int, document: object) -> None:
        """Take an answer."""
        data = document.get("data") if isinstance(document, dict) else None
        if isinstance(document, dict) and document.get("status") == "error":
            said = str(document.get("error", "no reason"))[:120]
            self.intake.fault(line, "status", f"is an error of Prometheus: {said}")
            return
        if not isinstance(data, dict) or data.get("resultType") != "matrix" or not isinstance(data.get("result"), list):
            found = brief(str(data.get("resultType"))) if isinstance(data, dict) else "nothing of the kind"
            self.intake.fault(line, "data.resultType", f"must be a matrix, the answer of a range query, not {found}")
            return
        for place, series in enumerate(data["result"]):
            self._series(line, f"data.result[{place}]", series)

    def _series(self, line: int, path: str, series: object) -> None:
        labels = series.get("metric") if isinstance(series, dict) else None
        values = series.get("values") if isinstance(series, dict) else None
        if not _are_labels(labels) or not isinstance(values, list):
            self.intake.fault(line, path, "is no series: it has a metric with labels and a list of values")
            return
        try:
            resource_id, factor = self._whose(labels)  # type: ignore[arg-type]  # checked just now
        except ValueError as problem:
            self.intake.fault(line, f"{path}.metric", str(problem))
            return
        for place, pair in enumerate(values):
            try:
                at, value = _pair(pair)
                self.intake.take(resource_id, at, factor * value)
            except ValueError as problem:
                self.intake.fault(line, f"{path}.values[{place}]", str(problem))

    def _whose(self, labels: Mapping[str, str]) -> tuple[int, float]:
        """Return whose a series is, and by what its values are multiplied."""
        for rule in self.rules.series:
            if all(labels.get(name, "") == value for name, value in rule.match.items()):
                return self.intake.resource(rule.resource), rule.factor
        if self.rules.resource:
            return self.intake.resource(self.rules.resource), self.rules.factor
        name = series_name(labels)
        for wanted in (labels.get("resource"), name):
            if wanted:
                try:
                    return self.intake.resource(wanted), self.rules.factor
                except ValueError:
                    continue
        hosts = [labels[label].partition(":")[0].casefold() for label in HOST_LABELS if label in labels]
        metric = labels.get("__name__", "").casefold()
        found = {key for host in hosts for key in self._hosts().get((host, metric), ())}
        if len(found) == 1:
            return found.pop(), self.rules.factor
        how = "set the external name of a resource to it, or give a mapping with [[series]] match and resource"
        raise ValueError(f"no resource is called {brief(name, 120)}; {how}")

    def _hosts(self) -> dict[tuple[str, str], list[int]]:
        if self._by_host is None:
            self._by_host = {}
            for row in self.intake.job.unit.connection.execute(q.BY_HOST):
                self._by_host.setdefault((row.title_key, row.metric.casefold()), []).append(row.id)
        return self._by_host


def _are_labels(labels: object) -> bool:
    return isinstance(labels, dict) and all(isinstance(value, str) for value in labels.values())


def _pair(pair: Any) -> tuple[int, float]:
    """Return an instant and a value of Prometheus: `[1435781430.781, "1"]`.

    Raises:
        ValueError: it is none.
    """
    if not isinstance(pair, list) or len(pair) != 2 or isinstance(pair[0], bool) or not isinstance(pair[0], int | float):
        raise ValueError('must be an instant and a value, such as [1435781430.781, "1"]')
    if not abs(pair[0]) < 4e9 * 2:
        raise ValueError(f"is at {brief(str(pair[0]))}, which is no instant in seconds")
    if not isinstance(pair[1], str | int | float) or isinstance(pair[1], bool):
        raise ValueError("must have a number as its value")
    return int(pair[0]), number(str(pair[1]))
