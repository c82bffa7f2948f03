"""What a service review says, and what has become of it since: pure, on the content as it is sealed.

Content is plain data, so that its digest is the same wherever it is worked out: keys sorted, instants as whole seconds.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Content = Mapping[str, Any]

KEPT, BROKEN, UNAGREED, NOTHING = "kept", "not kept", "no share agreed", "n/a"
"""What is said of a target: its agreed share was reached, or not; it names none; nothing was judged."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something that is not any more as a published review says."""

    what: str
    """What it is about: a target, a record, an action."""
    name: str
    sealed: str
    """As it was published; empty where it was not there."""
    now: str
    """As it would be said today; empty where it is not there any more."""


def verdict(met: int, missed: int, objective: float | None) -> str:
    """Return what is said of a target: kept, not kept, no share agreed, or n/a where nothing was judged."""
    if met + missed == 0:
        return NOTHING
    if objective is None:
        return UNAGREED
    return KEPT if 100 * met >= objective * (met + missed) else BROKEN


def digest_of(content: Content) -> str:
    """Return the digest of a content, the same for equal contents whatever order their keys were written in."""
    plain = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def since(sealed: Content, fresh: Content) -> tuple[Change, ...]:
    """Return what would be said otherwise today, target by target, breach by breach, action by action; the sealed stands."""
    return (*_targets(sealed, fresh), *_availability(sealed, fresh), *_breaches(sealed, fresh), *_actions(sealed, fresh))


def _availability(sealed: Content, fresh: Content) -> Iterator[Change]:
    new = {one["target_number"]: one for one in fresh.get("availability", ())}
    for one in sealed.get("availability", ()):
        after = new.get(one["target_number"])
        if after is None or after["downtime_seconds"] != one["downtime_seconds"]:
            now = "" if after is None else f"down {after['downtime_seconds']} s"
            yield Change("availability", one["service"], f"down {one['downtime_seconds']} s", now)


def _targets(sealed: Content, fresh: Content) -> Iterator[Change]:
    old = {one["target_number"]: one for one in sealed["targets"]}
    new = {one["target_number"]: one for one in fresh["targets"]}
    for number in old.keys() | new.keys():
        before, after = _score(old.get(number)), _score(new.get(number))
        if before != after and {before, after} != {"", NOTHING}:
            one = new.get(number) or old[number]
            yield Change("target", f"{one['agreement']}: {one['target']}", before, after)


def _score(one: Mapping[str, Any] | None) -> str:
    if one is None:
        return ""
    judged = one["met"] + one["missed"]
    return f"{one['met']} of {judged} in time" if judged else NOTHING


def _breaches(sealed: Content, fresh: Content) -> Iterator[Change]:
    old, new = ({_name(one): one for one in content["breaches"]} for content in (sealed, fresh))
    for name in sorted(old.keys() | new.keys()):
        before, after = ("" if name not in some else "late" for some in (old, new))
        if before != after:
            yield Change("breach", name, before, after or "not late any more")


def _name(one: Mapping[str, Any]) -> str:
    cycle = f" (run {one['cycle']})" if one["cycle"] > 1 else ""
    return f"{one['number']} {one['metric']}{cycle}"


def _actions(sealed: Content, fresh: Content) -> Iterator[Change]:
    new = {one["number"]: one for one in fresh["actions"]}
    for one in sealed["actions"]:
        after = new.pop(one["number"], None)
        if after is None:
            yield Change("action", one["number"], one["state"], "done")
        elif after["state"] != one["state"]:
            yield Change("action", one["number"], one["state"], after["state"])
    for number, one in new.items():
        yield Change("action", number, "", one["state"])
