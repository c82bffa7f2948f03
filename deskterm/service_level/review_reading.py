"""A service review as it is read: live while it is a draft, as sealed once it is published, with what came after beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from data.queries import review as q
from deskterm.clock import format_instant
from deskterm.desk import Desk
from deskterm.errors import InvalidInput, NotAllowed
from deskterm.records.schema import RecordView
from deskterm.service_level.review_content import Subject, gather
from deskterm.service_level.review_rules import Change, digest_of, since


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A review."""

    view: RecordView
    content: Mapping[str, Any]
    """What it says, with instants in seconds."""
    sealed_at: int | None = None
    """When that was sealed; None while it is a draft, whose content is worked out anew each time."""
    intact: bool = True
    """The sealed content still has the digest it was given."""
    since: tuple[Change, ...] = ()
    """What would be said otherwise today."""


def read_review(desk: Desk, number: str) -> ReviewView:
    """Return a review.

    Raises:
        NotFound: there is no such record.
        InvalidInput: it is no review.
        NotAllowed: the person is a requester.
    """
    view = desk.show(number)
    if view.kind != "service-review":
        raise InvalidInput(f"{view.number} is a {view.kind}, not a service review")
    if desk.actor.restricted:
        raise NotAllowed("a service review is about everybody's records; it is for the desk's own people")
    period = int(view.values["from_at"]), int(view.values["to_at"])
    service, customer, agreement = (view.values.get(name) for name in ("service", "customer", "agreement"))
    subject = Subject(*period, service, customer, agreement, view.id)
    with desk.database.read() as connection:
        fresh = gather(connection, desk.registry, subject, desk.moment)
        seal = connection.execute(q.SEAL_OF, {"id": view.id}).first()
    if seal is None:
        told = {name: view.values.get(name) for name in ("name", "comments", "attendees", "held_at")}
        return ReviewView(view, {**fresh, **told})
    intact = digest_of(seal.content) == seal.digest == view.values.get("digest")
    return ReviewView(view, seal.content, seal.at, intact, since(seal.content, fresh))


def as_json(review: ReviewView) -> dict[str, Any]:
    """Return a review as `deskterm review --json` prints it: instants as text, what came since beside the sealed content."""
    content = {name: _told(value) for name, value in review.content.items()}
    for name in ("from", "to", "as_of", "held_at"):
        content[name] = _instant(review.content.get(name))
    return {
        "number": review.view.number,
        "state": review.view.state,
        **content,
        "sealed_at": _instant(review.sealed_at),
        "digest": review.view.values.get("digest"),
        "intact": review.intact if review.sealed_at is not None else None,
        "since": [{"what": one.what, "name": one.name, "sealed": one.sealed, "now": one.now} for one in review.since],
    }


def _told(value: Any) -> Any:
    if isinstance(value, list):
        return [_told(one) for one in value]
    if isinstance(value, dict):
        instants = ("breached_at", "met_at", "finish_by")
        return {name: _instant(one) if name in instants else _told(one) for name, one in value.items()}
    return value


def _instant(at: int | None) -> str | None:
    return None if at is None else format_instant(at)
