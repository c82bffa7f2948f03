"""The rules of reconciliation: by which key something found is something known, and what differs then. Pure.

Keys go by rank: the configuration item's own number where a file gives it, serial number, UUID, hardware address, full name; then
the key under which the same source knew it before, and last the bare name, against items that have no full name. The first rank
with a hit decides: none is new, one is compared field by field, several are a conflict for a person.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from deskterm.configuration import placeholders

RANKS = ("number", "serial", "uuid", "mac", "fqdn", "source", "name")
"""Strongest first."""

Keys = Mapping[str, tuple[str, ...]]
"""Usable keys by rank, in their normal form; a rank without one is left out."""

MEMORY_TOLERANCE = 0.03
"""Part of a machine's memory that its kernel may keep for itself: what differs by less is the same."""

_OWN = frozenset({"serial", "uuid", "mac"})
_ADDRESS = re.compile(r"[\d.]+|[\da-f:]*:[\da-f:.]*")
_MAC = re.compile(r"[0-9a-f]{12}")


def serial_key(text: object) -> str | None:
    """Return a serial number as it is compared, None where it means none."""
    folded = " ".join(str(text or "").split()).casefold()
    if len(folded) < 4 or folded in placeholders.SERIALS:
        return None
    return None if any(form.fullmatch(folded) for form in placeholders.SERIAL_FORMS) else folded


def is_placeholder_serial(text: object) -> bool:
    """Return whether a serial number is given, but means none."""
    return bool(str(text or "").strip()) and serial_key(text) is None


def uuid_key(text: object) -> str | None:
    """Return a UUID as it is compared, None where it means none.

    Firmware and operating systems disagree on the byte order of its first three parts: both readings have one key.
    """
    try:
        read = uuid.UUID(str(text or "").strip().strip("{}"))
    except ValueError:
        return None
    both = sorted((str(read), str(uuid.UUID(bytes_le=read.bytes))))
    return None if placeholders.UUIDS.intersection(both) else both[0]


def mac_key(text: object) -> str | None:
    """Return a hardware address as it is compared, None where it means none or belongs to no one machine."""
    digits = re.sub(r"[\s:.\-]", "", str(text or "")).casefold()
    if not _MAC.fullmatch(digits):
        return None
    written = ":".join(digits[i : i + 2] for i in range(0, 12, 2))
    shared = written in placeholders.MACS or written.startswith(placeholders.MAC_PREFIXES) or int(digits[1], 16) & 1
    return None if shared else written


def name_key(text: object) -> str | None:
    """Return a host's name as it is compared, None where it means none."""
    folded = str(text or "").strip().rstrip(".").casefold()
    if folded in placeholders.NAMES or folded.endswith(placeholders.NAME_ENDINGS):
        return None
    return folded


def fqdn_key(text: object) -> str | None:
    """Return a fully qualified name as it is compared; a bare name is none."""
    found = name_key(text)
    return found if found and "." in found and not re.fullmatch(r"[\d.]+", found) else None


def keys_of(
    *, serial: object = None, uuid: object = None, macs: Iterable[object] = (), fqdn: object = None, names: Iterable[object] = (),
    source: str = "", number: str = "",
) -> dict[str, tuple[str, ...]]:  # fmt: skip
    """Return the usable keys of something found."""
    full = fqdn_key(fqdn)
    bare = [name_key(one) for one in (*names, *((fqdn, full.partition(".")[0]) if full else (fqdn,)))]
    ranked: dict[str, list[str | None]] = {
        "number": [number.upper() or None], "serial": [serial_key(serial)], "uuid": [uuid_key(uuid)],
        "mac": [mac_key(one) for one in macs], "fqdn": [full], "source": [source or None], "name": bare,
    }  # fmt: skip
    found = {rank: tuple(dict.fromkeys(one for one in values if one)) for rank, values in ranked.items()}
    return {rank: values for rank, values in found.items() if values}


def known_keys(facts: Mapping[str, Any], number: str = "") -> dict[str, tuple[str, ...]]:
    """Return the keys by which a recorded item is found; its bare name counts only where it has no full one."""
    keys = keys_of(
        serial=facts.get("serial"), uuid=facts.get("uuid"), macs=[facts.get("mac"), *(facts.get("attributes.macs") or ())],
        fqdn=facts.get("fqdn"), number=number,
    )  # fmt: skip
    keys.pop("name", None)
    name = name_key(facts.get("name"))
    if name and "fqdn" not in keys:
        keys["name"] = (name,)
        if (full := fqdn_key(name)) is not None:
            keys["fqdn"] = (full,)
    return keys


@dataclass(slots=True)
class Index:
    """What is known, by rank and key."""

    by_key: dict[tuple[str, str], set[int]] = field(default_factory=lambda: defaultdict(set))
    retired: set[int] = field(default_factory=set)
    """Items that are out of use: they count only where no other is found."""
    identified: set[int] = field(default_factory=set)
    """Items that have a key of their own, not only a name."""

    def add(self, ci: int, keys: Keys, *, retired: bool = False) -> None:
        """Add a known item."""
        for rank, values in keys.items():
            for value in values:
                self.by_key[rank, value].add(ci)
        if retired:
            self.retired.add(ci)
        if not keys.keys().isdisjoint(_OWN):
            self.identified.add(ci)

    def at(self, rank: str, values: Iterable[str]) -> set[int]:
        """Return the items with one of these keys; those in use, if any are."""
        hits = set().union(*(self.by_key.get((rank, value), ()) for value in values))
        return (hits - self.retired) or hits


@dataclass(frozen=True, slots=True)
class Match:
    """Who something found may be."""

    rank: str = ""
    """By which key; empty where nobody is."""
    cis: tuple[int, ...] = ()


def match(keys: Keys, index: Index) -> Match:
    """Return whom the strongest key with a hit names."""
    for rank in RANKS:
        hits = index.at(rank, keys.get(rank, ()))
        if rank == "name" and hits and not keys.keys().isdisjoint(_OWN):
            lent = index.at(rank, [name for name in keys["name"] if _ADDRESS.fullmatch(name)]) & index.identified
            hits -= lent  # an address goes to another machine: who has keys of their own is not known by it
        if hits:
            return Match(rank, tuple(sorted(hits)))
    return Match()


def twins(found: Sequence[Keys]) -> dict[int, tuple[str, tuple[int, ...]]]:
    """Return the things found twice in one scan: by place, the shared rank and the places of the others (ten at most).

    Two are one where they share a key of the strongest rank that both have: two machines of different serial numbers behind one
    hardware address are two.
    """
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, keys in enumerate(found):
        for rank in RANKS:
            for value in keys.get(rank, ()):
                groups[rank, value].append(place)
    result: dict[int, tuple[str, tuple[int, ...]]] = {}
    for rank in RANKS:
        stronger = RANKS[: RANKS.index(rank)]
        for (of, _), places in groups.items():
            if of == rank and len(places) > 1:
                _pair(found, rank, stronger, places, result)
    return result


def _pair(
    found: Sequence[Keys], rank: str, stronger: Sequence[str], places: Sequence[int],
    result: dict[int, tuple[str, tuple[int, ...]]],
) -> None:  # fmt: skip
    by_mask: dict[frozenset[str], list[int]] = defaultdict(list)
    for place in places:
        by_mask[frozenset(one for one in stronger if one in found[place])].append(place)
    for mask, members in by_mask.items():
        alike = [other for one, others in by_mask.items() if not one & mask for other in others[:11]]
        for place in members:
            others = tuple(sorted({other for other in alike if other != place}))[:10]
            if others and place not in result:
                result[place] = rank, others


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that is not as it is recorded."""

    field: str
    old: Any
    new: Any

    @property
    def contradicts(self) -> bool:
        """Return whether something else was recorded, not merely nothing."""
        return self.old not in (None, "", [], {})


ONLY_PROPOSED = frozenset({"name", "type"})
"""What a scan says of something new alone: how the desk calls and sorts what it knows is the desk's own."""


def differences(
    found: Mapping[str, Any],
    known: Mapping[str, Any],
    *,
    guessed: Iterable[str] = (),
    scanned_ports: Mapping[str, str] | None = None,
    macs: Iterable[str] = (),
) -> tuple[Difference, ...]:
    """Return what a scan finds otherwise than it is recorded, in the order of the fields' names.

    Args:
        found: Facts by field, attributes as `attributes.<name>`.
        known: The same of the recorded item.
        guessed: Fields the scan is not sure of: they fill a blank and contradict nothing.
        scanned_ports: By protocol, the ports the scan looked at; of others it says nothing.
        macs: Every hardware address of what was found: any of them may be the recorded one.
    """
    unsure, own = set(guessed), {mac_key(one) for one in macs} - {None}
    result = []
    for name in sorted(found):
        new, old = found[name], known.get(name)
        if name in ONLY_PROPOSED or new in (None, "", [], {}):
            continue
        if name == "attributes.open_ports":
            new = merged_ports(old, new, scanned_ports)
        if same(name, old, new) or (name == "mac" and mac_key(old) in own):
            continue
        change = Difference(name, old, new)
        if not (change.contradicts and name in unsure):
            result.append(change)
    return tuple(result)


def same(name: str, old: Any, new: Any) -> bool:
    """Return whether two values of a field say the same."""
    if old == new or (old in (None, "", [], {}) and new in (None, "", [], {})):
        return True
    if name == "serial":
        return " ".join(str(old).split()).casefold() == " ".join(str(new).split()).casefold()
    if name == "uuid":
        return uuid_key(old) is not None and uuid_key(old) == uuid_key(new)
    if name in ("mac", "fqdn"):
        return str(old).strip().rstrip(".").casefold().replace("-", ":") == str(new).strip().rstrip(".").casefold().replace(
            "-", ":"
        )
    if name == "attributes.memory_mb" and isinstance(old, int | float) and isinstance(new, int | float):
        return abs(old - new) <= MEMORY_TOLERANCE * max(abs(old), abs(new))
    if isinstance(old, str) != isinstance(new, str) and not isinstance(old, list | dict) and not isinstance(new, list | dict):
        return str(old).strip() == str(new).strip()  # a table writes every figure as text
    if isinstance(old, list) and isinstance(new, list):
        return sorted(map(str, old)) == sorted(map(str, new))
    return False


HASHED = "sha256:"
"""Before the hash of a file, where the list of installed software has a path and its hash instead of a name and its version."""


def packages_line(software: Mapping[str, str]) -> str:
    """Return what stands for a list of packages where there is no room for it: how many, and a mark that any change changes."""
    content = "\n".join(f"{name} {version}" for name, version in sorted(software.items()))
    return f"{len(software)} ({hashlib.sha256(content.encode('utf-8', 'surrogatepass')).hexdigest()[:8]})"


def package_changes(old: Mapping[str, str], new: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Return the packages that differ between two lists: name, version before, version after; empty where there is none."""
    names = sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
    return [(name, old.get(name, ""), new.get(name, "")) for name in names]


def merged_ports(old: Any, new: Sequence[str], scanned: Mapping[str, str] | None) -> list[str]:
    """Return the open ports known after a scan: those it found, and the recorded ones among those it did not look at."""
    kept = [port for port in (old if isinstance(old, list) else ()) if scanned is not None and not _covered(str(port), scanned)]
    return sorted({*map(str, kept), *new}, key=_port_order)


def _covered(port: str, scanned: Mapping[str, str]) -> bool:
    number, _, protocol = port.partition("/")
    return number.isdigit() and in_ranges(int(number), scanned.get(protocol, ""))


def _port_order(port: str) -> tuple[str, int, str]:
    number, _, protocol = port.partition("/")
    return protocol, int(number) if number.isdigit() else 0, port


def in_ranges(number: int, text: str) -> bool:
    """Return whether a whole number lies in ranges such as `1,3-7,22`."""
    return any(low <= number <= high for low, high in _spans(text))


def numbers_in(text: str) -> set[int]:
    """Return the whole numbers in ranges such as `1,3-7,22`."""
    return {number for low, high in _spans(text) for number in range(low, high + 1)}


def ranges_of(numbers: Iterable[int]) -> str:
    """Return whole numbers as the shortest ranges: `1,3-7,22`."""
    parts: list[list[int]] = []
    for number in sorted(set(numbers)):
        if parts and parts[-1][1] == number - 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ",".join(str(low) if low == high else f"{low}-{high}" for low, high in parts)


@lru_cache(maxsize=64)
def _spans(text: str) -> tuple[tuple[int, int], ...]:
    found = []
    for part in filter(None, (text or "").split(",")):
        low, _, high = part.partition("-")
        found.append((int(low), int(high or low)))
    return tuple(found)
