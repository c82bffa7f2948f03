"""What machines answer when nobody gave them a serial number, a UUID, an address or a name: known by nothing, so by nobody.

Data alone. Makers leave these in firmware, hypervisors and container engines hand them out a million times; taken for keys they
would fold strangers into one configuration item. `discovery_rules` reads them.
"""

from __future__ import annotations

import re

SERIALS = frozenset(
    {
        "",
        "-",
        ".",
        "0",
        "1234567",
        "12345678",
        "123456789",
        "1234567890",
        "0123456789",
        "01234567890123456789",
        "123456789012",
        "9876543210",
        "abcdefgh",
        "base board serial number",
        "board serial number",
        "chassis serial number",
        "default",
        "default string",
        "empty",
        "invalid",
        "mb-1234567890",
        "n/a",
        "na",
        "nil",
        "no serial",
        "no serial number",
        "none",
        "not applicable",
        "not available",
        "not defined",
        "not present",
        "not provided",
        "not set",
        "not settable",
        "not specified",
        "null",
        "o.e.m.",
        "o.e.m",
        "oem",
        "oem_serial",
        "parallels",
        "qemu",
        "serial",
        "serial number",
        "sernum",
        "sernum0",
        "ssn",
        "system serial number",
        "sys-1234567890",
        "tbd",
        "tbfbyoem",
        "to be defined",
        "to be filled",
        "to be filled by o.e.m",
        "to be filled by o.e.m.",
        "to be filled by oem",
        "unknow",
        "unknown",
        "unspecified",
        "virtual machine",
        "virtualbox",
        "vmware",
        "vmware virtual platform",
        "vmware, inc.",
        "x.x.",
        "xen",
    }
)
"""Serial numbers that mean none, folded to small letters and single blanks."""

SERIAL_FORMS = (
    re.compile(r"(.)\1*"),  # one character over and over: zeros, dots, x
    re.compile(r"[\W_]+"),  # no letter and no digit at all
    re.compile(r"vmware[-: ]*[0\s-]*"),  # the prefix of a virtual machine's serial, without the serial
    re.compile(r".*\bto be filled by\b.*"),
    re.compile(r".*\bserial ?number\b.*"),
)
"""Forms of serial numbers that mean none; each must match the whole of it."""

UUIDS = frozenset({
    "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "fefefefe-fefe-fefe-fefe-fefefefefefe",
    "03000200-0400-0500-0006-000700080009", "00020003-0004-0005-0006-000700080009", "01020304-0506-0708-090a-0b0c0d0e0f10",
    "00112233-4455-6677-8899-aabbccddeeff", "12345678-1234-5678-90ab-cddeefaabbcc", "12345678-1234-1234-1234-123456789abc",
    "11111111-1111-1111-1111-111111111111", "11111111-2222-3333-4444-555555555555", "4c4c4544-0000-2010-8020-80c04f202020",
    "02000000-0000-0000-0000-000000000000", "deadbeef-dead-beef-dead-beefdeadbeef",
})  # fmt: skip
"""UUIDs that firmware is shipped with."""

MACS = frozenset({
    "00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff", "01:02:03:04:05:06", "00:01:02:03:04:05", "00:11:22:33:44:55", "12:34:56:78:9a:bc",
    "aa:bb:cc:dd:ee:ff", "de:ad:be:ef:00:00", "02:00:4c:4f:4f:50", "20:41:53:59:4e:ff", "50:50:54:50:30:30", "33:50:6f:45:30:30",
    "00:50:56:c0:00:01", "00:50:56:c0:00:08", "44:45:53:54:42:00", "44:45:53:54:4f:53", "00:05:9a:3c:7a:00", "00:05:9a:3c:78:00",
    "00:ff:50:6f:45:30", "02:80:37:ec:02:00", "08:00:27:00:00:00", "fe:ff:ff:ff:ff:ff",
})  # fmt: skip
"""Hardware addresses that every machine with the same driver has: loopback, dial-up and VPN adapters, host-only networks."""

MAC_PREFIXES = ("02:42:", "0a:00:27:", "0a:58:", "52:54:00:12:34:", "00:00:5e:00:01:", "00:00:5e:00:02:", "01:00:5e:", "33:33:")
"""Beginnings of addresses that are handed out anew or shared: containers, host-only networks, redundant routers, groups."""

NAMES = frozenset({
    "", "(none)", "-", "host", "ip6-localhost", "ip6-loopback", "localdomain", "localhost", "localhost.localdomain",
    "localhost.localdomain.", "localhost4", "localhost6", "localhost6.localdomain6", "n/a", "na", "none", "null", "unassigned",
    "unknown", "unspecified", "computer", "desktop", "minint", "ubuntu", "debian", "raspberrypi", "kali", "buildkitsandbox",
})  # fmt: skip
"""Host names that mean none."""

NAME_ENDINGS = (".in-addr.arpa", ".ip6.arpa", ".localdomain", ".localhost")
"""Ends of names that only repeat an address or lead nowhere."""
