"""The rules of reconciliation: what counts as a key, who is who, who is found twice, and what differs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskterm.configuration.discovery_rules import (
    RANKS,
    Difference,
    Index,
    Match,
    differences,
    fqdn_key,
    in_ranges,
    is_placeholder_serial,
    keys_of,
    known_keys,
    mac_key,
    match,
    merged_ports,
    name_key,
    numbers_in,
    package_changes,
    packages_line,
    ranges_of,
    serial_key,
    twins,
    uuid_key,
)


@pytest.mark.parametrize(
    "none",
    [
        None,
        "",
        "  ",
        "0",
        "00000000",
        "To Be Filled By O.E.M.",
        "to be  filled by o.e.m.",
        "Not Specified",
        "NA",
        "N/A",
        "None",
        "Default string",
        "System Serial Number",
        "xxxxxxxx",
        "........",
        "- - -",
        "0123456789",
        "VMware",
        "VMware-",
        "VMware-00 00 00 00 00",
        "Chassis Serial Number",
        "unknown",
        "1",
        "abc",
        "SERNUM0",
        "INVALID",
    ],
)
def test_a_serial_number_that_makers_leave_is_none(none: str | None) -> None:
    assert serial_key(none) is None
    assert is_placeholder_serial(none) is bool((none or "").strip())


@pytest.mark.parametrize(
    ("written", "key"),
    [
        (" 5cd2 3456  ab ", "5cd2 3456 ab"),
        ("C02XL0ABJG5H", "c02xl0abjg5h"),
        ("VMware-56 4d 0c 4e 11", "vmware-56 4d 0c 4e 11"),
        ("10000001", "10000001"),
    ],
)
def test_a_serial_number_is_compared_without_case_and_blanks(written: str, key: str) -> None:
    assert serial_key(written) == key


@pytest.mark.parametrize(
    "none",
    ["", "NA", "03000200-0400-0500-0006-000700080009", "00020003-0004-0005-0006-000700080009", "0" * 32, "f" * 32, "no uuid"],
)
def test_a_uuid_that_firmware_is_shipped_with_is_none(none: str) -> None:
    assert uuid_key(none) is None


def test_both_byte_orders_of_a_uuid_are_one() -> None:
    big, little = "4c4c4544-0031-3510-8052-b4c04f4d3532", "44454C4C-3100-1035-8052-B4C04F4D3532"
    assert uuid_key(big) == uuid_key(little) == uuid_key("{" + big.upper() + "}") is not None


@pytest.mark.parametrize(
    "none",
    [
        "",
        "02:42:ac:11:00:02",
        "0a:00:27:00:00:03",
        "00:00:00:00:00:00",
        "FF-FF-FF-FF-FF-FF",
        "01:00:5e:7f:ff:fa",
        "08:00",
        "00:50:56:C0:00:08",
    ],
)
def test_a_hardware_address_that_many_have_is_none(none: str) -> None:
    assert mac_key(none) is None


@pytest.mark.parametrize("written", ["08:00:27:F9:98:A7", "08-00-27-f9-98-a7", "0800.27f9.98a7", "080027f998a7"])
def test_a_hardware_address_has_one_spelling(written: str) -> None:
    assert mac_key(written) == "08:00:27:f9:98:a7"


def test_names() -> None:
    assert [name_key(one) for one in ("Web-01.", "localhost", "LOCALHOST.localdomain", "1.2.0.192.in-addr.arpa", "unknown")] == [
        "web-01",
        *[None] * 4,
    ]
    assert [fqdn_key(one) for one in ("db1.Example.org.", "db1", "192.0.2.7", "localhost.localdomain")] == [
        "db1.example.org",
        None,
        None,
        None,
    ]


def test_keys_are_those_that_mean_something() -> None:
    keys = keys_of(
        serial="NA", uuid="", macs=["02:42:00:00:00:01", "e0:cb:4e:a7:4b:56"], fqdn="eek.example.nl", names=["eek", "localhost"]
    )
    assert keys == {"mac": ("e0:cb:4e:a7:4b:56",), "fqdn": ("eek.example.nl",), "name": ("eek", "eek.example.nl")}
    assert known_keys({"name": "eek", "fqdn": "eek.example.nl"}) == {"fqdn": ("eek.example.nl",)}
    assert known_keys({"name": "Eek"}) == {"name": ("eek",)}
    assert known_keys({"name": "eek.example.nl"}) == {"name": ("eek.example.nl",), "fqdn": ("eek.example.nl",)}


def index(**known: dict[str, object]) -> Index:
    found = Index()
    for key, facts in known.items():
        found.add(int(key[1:]), known_keys(facts, f"CI-{key[1:]}"), retired=bool(facts.get("gone")))
    return found


KNOWN = {
    "c1": {"name": "web-01", "serial": "SN-AAAA-1", "mac": "08:00:27:00:11:01"},
    "c2": {"name": "web-02", "serial": "SN-AAAA-2", "uuid": "4c4c4544-0031-3510-8052-b4c04f4d3532"},
    "c3": {"name": "db", "fqdn": "db.example.org", "serial": "To Be Filled By O.E.M."},
    "c4": {"name": "db", "serial": "To Be Filled By O.E.M."},
    "c5": {"name": "old-01", "serial": "SN-AAAA-1", "gone": True},
    "c6": {"name": "twin", "mac": "08:00:27:00:11:06"},
    "c7": {"name": "twin", "mac": "08:00:27:00:11:06"},
    "c9": {"name": "192.0.2.9", "mac": "08:00:27:00:11:09"},
    "c8": {"name": "attic", "serial": "SN-GONE-8", "gone": True},
}


@pytest.mark.parametrize(
    ("found", "who"),
    [
        ({"serial": "sn-aaaa-1"}, Match("serial", (1,))),
        ({"serial": "SN-AAAA-1", "uuid": "4c4c4544-0031-3510-8052-b4c04f4d3532"}, Match("serial", (1,))),
        ({"serial": "SN-NEW", "uuid": "44454C4C-3100-1035-8052-B4C04F4D3532"}, Match("uuid", (2,))),
        ({"serial": "NA", "macs": ["08-00-27-00-11-01"], "fqdn": "db.example.org"}, Match("mac", (1,))),
        ({"serial": "To Be Filled By O.E.M.", "fqdn": "db.example.org"}, Match("fqdn", (3,))),
        ({"serial": "To Be Filled By O.E.M."}, Match()),
        ({"macs": ["08:00:27:00:11:06"]}, Match("mac", (6, 7))),
        ({"names": ["db"]}, Match("name", (4,))),
        ({"names": ["DB.other.org"]}, Match()),
        ({"fqdn": "web-02.example.org"}, Match("name", (2,))),
        ({"serial": "SN-GONE-8"}, Match("serial", (8,))),
        ({"number": "ci-3", "serial": "SN-AAAA-1"}, Match("number", (3,))),
        ({"serial": "SN-9999"}, Match()),
        ({"macs": ["08:00:27:00:11:0a"], "names": ["192.0.2.9"]}, Match()),
        ({"names": ["192.0.2.9"]}, Match("name", (9,))),
    ],
)  # fmt: skip
def test_the_strongest_key_with_a_hit_decides(found: dict[str, object], who: Match) -> None:
    assert match(keys_of(**found), index(**KNOWN)) == who  # type: ignore[arg-type]


def test_two_are_one_by_the_strongest_key_that_both_have() -> None:
    mac, other = "08:00:27:00:11:01", "08:00:27:00:11:02"
    found = [
        keys_of(serial="SN-0001", macs=[mac], fqdn="a.example.org"),
        keys_of(serial="SN-0001", fqdn="b.example.org"),
        keys_of(serial="SN-0003", macs=[mac], fqdn="c.example.org"),
        keys_of(macs=[other, mac], fqdn="d.example.org"),
        keys_of(fqdn="e.example.org"),
        keys_of(names=["e"], fqdn="e.example.org", source="netbox:1"),
        keys_of(names=["x"], source="netbox:2"),
        keys_of(names=["x"], source="netbox:3"),
    ]
    assert twins(found) == {
        0: ("serial", (1,)), 1: ("serial", (0,)), 2: ("mac", (3,)), 3: ("mac", (0, 2)), 4: ("fqdn", (5,)), 5: ("fqdn", (4,)),
    }  # fmt: skip


def test_ten_thousand_of_one_address_are_told_in_little_time() -> None:
    found = [keys_of(macs=["08:00:27:00:11:01"], names=[f"h{i}"]) for i in range(10_000)]
    assert len(twins(found)) == 10_000
    assert all(rank == "mac" and len(others) == 10 for rank, others in twins(found).values())


def test_differences() -> None:
    known = {
        "name": "web-01",
        "serial": "SN 1",
        "mac": "08:00:27:00:11:01",
        "fqdn": "web.example.org",
        "model": "",
        "manufacturer": "Dell",
        "attributes.os": "Debian",
        "attributes.memory_mb": 16000,
        "attributes.cpus": 4,
        "attributes.tags": ["b", "a"],
    }
    found = {
        "name": "WEB-01.example.org",
        "type": "server",
        "serial": "sn  1",
        "mac": "08:00:27:00:11:02",
        "fqdn": "WEB.example.org.",
        "model": "R740",
        "manufacturer": "Dell Inc.",
        "attributes.os": "Windows",
        "attributes.memory_mb": 15951,
        "attributes.cpus": "8",
        "attributes.tags": ["a", "b"],
        "location": "",
    }
    changes = differences(found, known, guessed=["manufacturer"], macs=["08:00:27:00:11:02", "08:00:27:00:11:01"])
    assert changes == (
        Difference("attributes.cpus", 4, "8"), Difference("attributes.os", "Debian", "Windows"), Difference("model", "", "R740"),
    )  # fmt: skip
    assert [one.contradicts for one in changes] == [True, True, False]
    assert differences({"manufacturer": "Dell"}, {}, guessed=["manufacturer"]) == (Difference("manufacturer", None, "Dell"),)


def test_ports_that_were_not_looked_at_stay_as_they_are_recorded() -> None:
    known = ["22/tcp", "25/tcp", "53/udp", "8080/tcp"]
    assert merged_ports(known, ["22/tcp", "23/tcp"], {"tcp": "1-1024"}) == ["22/tcp", "23/tcp", "8080/tcp", "53/udp"]
    assert merged_ports(None, ["22/tcp"], {"tcp": "22"}) == ["22/tcp"]
    found, recorded = {"attributes.open_ports": ["22/tcp"]}, {"attributes.open_ports": ["22/tcp", "9000/tcp"]}
    assert differences(found, recorded, scanned_ports={"tcp": "22,80"}) == ()
    assert [one.new for one in differences(found, recorded, scanned_ports={"tcp": "1-65535"})] == [["22/tcp"]]


def test_packages_are_told_by_a_mark_and_by_what_differs() -> None:
    old, new = {"bash": "5.1", "vim": "9"}, {"bash": "5.2", "zsh": "5"}
    assert packages_line(old) != packages_line(new)
    assert packages_line(old).startswith("2 (")
    assert package_changes(old, new) == [("bash", "5.1", "5.2"), ("vim", "9", ""), ("zsh", "", "5")]


@given(st.sets(st.integers(1, 60)))
def test_ranges_go_there_and_back(numbers: set[int]) -> None:
    written = ranges_of(numbers)
    assert numbers_in(written) == numbers
    assert all(in_ranges(number, written) == (number in numbers) for number in range(70))
    assert ranges_of(numbers_in(written)) == written


_KEYS = st.dictionaries(
    st.sampled_from(RANKS), st.lists(st.sampled_from("abc"), min_size=1, max_size=2, unique=True).map(tuple), max_size=4
)


@given(st.lists(_KEYS, max_size=7))
def test_twins_are_mutual_and_share_the_strongest_common_rank(found: list[dict[str, tuple[str, ...]]]) -> None:
    """Against the definition, pair by pair."""
    expected = set()
    for one in range(len(found)):
        for other in range(len(found)):
            common = [rank for rank in RANKS if rank in found[one] and rank in found[other]]
            if one != other and common and set(found[one][common[0]]) & set(found[other][common[0]]):
                expected.add(one)
    assert set(twins(found)) == expected


@given(st.lists(_KEYS, min_size=1, max_size=6), _KEYS)
def test_a_match_is_by_the_first_rank_with_a_hit(
    known: list[dict[str, tuple[str, ...]]], found: dict[str, tuple[str, ...]]
) -> None:
    everything = Index()
    for place, keys in enumerate(known):
        everything.add(place, keys)
    answer = match(found, everything)
    by_rank = {rank: {i for i, keys in enumerate(known) if set(keys.get(rank, ())) & set(found.get(rank, ()))} for rank in RANKS}
    first = next((rank for rank in RANKS if by_rank[rank]), "")
    assert answer == Match(first, tuple(sorted(by_rank[first])) if first else ())
