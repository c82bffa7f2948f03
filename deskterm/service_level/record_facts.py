"""What stands beside a requirement, an agreement or a service review on its page, in a few lines each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from deskterm.health import amount
from deskterm.service_level import back_to_back, explaining, requirement_standing, review_print, review_reading
from deskterm.service_level import back_to_back_words as words
from deskterm.service_level.requirement_rules import LESS, PROMISED, UNPROMISED
from deskterm.service_level.review_rules import BROKEN, KEPT

if TYPE_CHECKING:
    from deskterm.desk import Desk
    from deskterm.records.schema import RecordView
    from deskterm.service_desk.glance import Section

SHOWN = 12
"""Lines of one section at most; `=` shows the rest."""
STYLES = {
    back_to_back.FITS: "good", back_to_back.LATE: "breach", back_to_back.UNKNOWN: "muted", KEPT: "good", BROKEN: "breach",
}  # fmt: skip


def sections(desk: Desk, view: RecordView) -> tuple[Section, ...]:
    """Return what there is to tell."""
    if view.kind == "service-review":
        return tuple(_review(review_reading.read_review(desk, view.number)))
    if view.kind == "requirement":
        return (("Met  (= says all)", tuple(_met(requirement_standing.standing(desk, view)))),)
    found = explaining.checked(desk, view)
    return () if not found else (("Back to back  (= says how)", tuple(_shortened(_checked(found)))),)


def _shortened(lines: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    every = list(lines)
    yield from every[:SHOWN]
    if len(every) > SHOWN:
        yield f"and {len(every) - SHOWN} more", "muted"


def _checked(found: list[back_to_back.Finding]) -> Iterator[tuple[str, str]]:
    several = len({one.agreement for one in found}) > 1
    for one in sorted(found, key=lambda one: one.verdict != back_to_back.LATE):
        name = f"{one.agreement}: {words.named(one)}" if several else words.named(one)
        margin = "" if one.verdict == back_to_back.UNKNOWN else f" {words.margin(one)}"
        yield f"{one.verdict}{margin} · {name}", STYLES[one.verdict]


def _met(found: requirement_standing.Standing) -> Iterator[tuple[str, str]]:
    tones = {PROMISED: "good", LESS: "risk", UNPROMISED: "risk"}
    for what, said, verdict in requirement_standing.rows(found):
        style = tones.get(verdict) or STYLES.get(verdict, "muted")
        yield ": ".join(part for part in (what, said) if part) + (f" · {verdict}" if verdict else ""), style


def _review(review: review_reading.ReviewView) -> Iterator[Section]:
    content = review.content
    targets = (
        (f"{review_print.percent(one['met_percent'])} of {one['met'] + one['missed']}, {one['verdict']} · {one['target']}",
         STYLES.get(one["verdict"], "muted"))
        for one in content["targets"]
    )  # fmt: skip
    yield "Achieved  (= says all)", tuple(_shortened(targets)) or (("nothing was judged or promised: n/a", "muted"),)
    late = len(content["breaches"]) + (content.get("breaches_left_out") or 0)
    overdue = sum(one["overdue"] for one in content["actions"])
    yield (
        "In short",
        (
            (f"{late} late" if late else "nothing was late", "breach" if late else "good"),
            (f"{amount(len(content['actions']), 'open action')}, {overdue} overdue", "risk" if overdue else ""),
            *(
                (
                    f"{one['service']} up {review_print.measured(one)} of the agreed time, {one['verdict']}",
                    STYLES.get(one["verdict"], ""),
                )
                for one in content.get("availability", ())
            ),
        ),
    )
    if review.sealed_at is not None:
        seal = ("sealed and intact", "good") if review.intact else ("the seal is BROKEN", "breach")
        since = f"{amount(len(review.since), 'figure')} otherwise today" if review.since else "nothing has changed since"
        yield "Seal", (seal, (since, "muted"))
