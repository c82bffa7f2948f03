"""What machines are told apart by: UUID, MAC address, host name; each is stored in one spelling, so that equal means equal."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from deskterm.fields.scalars import Text, clean

_UUID = re.compile(r"[0-9a-f]{32}")
_MAC = re.compile(r"[0-9a-f]{12}")
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")


def uuid_of(value: object) -> str:
    """Read a UUID in any usual spelling: `{…}`, with dashes or without, in any case.

    Raises:
        ValueError: it is none.
    """
    text = clean(value, 64, lines=False).casefold().removeprefix("urn:uuid:").strip("{}").replace("-", "")
    if not _UUID.fullmatch(text):
        raise ValueError("must be a UUID such as 4c4c4544-0031-3510-8052-b4c04f4d3532")
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def mac_of(value: object) -> str:
    """Read a MAC address with colons, dashes, dots or nothing between its digits.

    Raises:
        ValueError: it is none.
    """
    text = re.sub(r"[:.\-]", "", clean(value, 40, lines=False).casefold())
    if not _MAC.fullmatch(text):
        raise ValueError("must be a MAC address such as 00:1a:2b:3c:4d:5e")
    return ":".join(text[at : at + 2] for at in range(0, 12, 2))


def fqdn_of(value: object) -> str:
    """Read a host name: small letters, no dot at the end, other scripts as the network spells them (IDNA).

    Raises:
        ValueError: it is none.
    """
    text = clean(value, 255, lines=False).casefold().removesuffix(".")
    try:
        text = text.encode("idna").decode() if not text.isascii() else text
    except UnicodeError:
        text = ""
    if not text or not all(_LABEL.fullmatch(label) for label in text.split(".")):
        raise ValueError("must be a host name such as db-1.example.org")
    return text


@dataclass(frozen=True, slots=True)
class _Spelt(Text):
    """A text that has one spelling."""

    @property
    def reader(self) -> Callable[[object], str]:
        """What reads it."""
        raise NotImplementedError

    def annotation(self) -> Any:
        """Return the pydantic annotation."""
        from pydantic import BeforeValidator

        return Annotated[str, BeforeValidator(self.reader)]


@dataclass(frozen=True, slots=True)
class Uuid(_Spelt):
    """A UUID, in small letters with dashes."""

    limit: int = 36

    @property
    def reader(self) -> Callable[[object], str]:
        """What reads it."""
        return uuid_of


@dataclass(frozen=True, slots=True)
class Mac(_Spelt):
    """A MAC address, in small letters with colons."""

    limit: int = 17

    @property
    def reader(self) -> Callable[[object], str]:
        """What reads it."""
        return mac_of


@dataclass(frozen=True, slots=True)
class Fqdn(_Spelt):
    """A host name, in small letters."""

    @property
    def reader(self) -> Callable[[object], str]:
        """What reads it."""
        return fqdn_of
