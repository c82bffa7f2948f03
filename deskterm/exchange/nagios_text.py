"""Notifications of Nagios and Icinga as text: the mail that their stock commands send, or macros as `NAME=value`.

Both are lines of a key and a value. What a key means, and what becomes of a notification, is `nagios`' affair.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, field

LONGEST_VALUE = 50_000
LONGEST_HEADING = 200

_HEADING = re.compile(r"\s*(?:\*{3,}.*\*{3,}|-{3,}|={3,}|\x0c)\s*")
"""`***** Nagios *****` opens a notification; a rule parts two of them."""
_SENTENCE = re.compile(r".{1,180} is (OK|WARNING|CRITICAL|UNKNOWN|UP|DOWN|UNREACHABLE)!?\s*\**")
"""Icinga 2 names the state only in words: `HTTP on web1 is CRITICAL!`, in the subject and at the head of its mail."""
_PAIR = re.compile(r"\s*([A-Za-z$][\w $./-]{0,40}?)\s*(?::(?:\s+|$)|=)(.*)")
_MACRO = re.compile(r"\s*(?:\$|NAGIOS_|ICINGA2?_)", re.IGNORECASE)
_COMMENT_BY = re.compile(r"\s*Comment by (.{0,80}):\s*", re.IGNORECASE)

FREE_TEXT = "ADDITIONALINFO"
"""After this key everything is the plug-in's own words, up to a comment or the next notification."""
_AFTER_FREE_TEXT = ("COMMENT", "AUTHOR", "NOTIFICATIONCOMMENT", "NOTIFICATIONAUTHOR", "SUBJECT")
_OPENING = ("NOTIFICATIONTYPE", "HOST", "HOSTNAME", "SERVICE", "SERVICEDESC", "STATE", "SUBJECT")
"""Keys that stand once in a notification: the same again belongs to the next one."""
_BODY = frozenset(_OPENING) - {"SUBJECT"}


@dataclass(slots=True)
class Notification:
    """One notification: its values by key."""

    line: int
    """On which it begins."""
    values: dict[str, str] = field(default_factory=dict)
    key: str = ""
    """The key that the last line belongs to."""
    path: str = ""
    """Where it stands in its document, if that holds several."""

    def take(self, key: str, value: str) -> None:
        """Take a value; a key that stands twice keeps its first."""
        self.key = key
        self.values.setdefault(key, value)

    def go_on(self, text: str) -> None:
        """Take a further line of the last value."""
        before = self.values.get(self.key, "")
        if self.key and len(before) <= LONGEST_VALUE:
            self.values[self.key] = f"{before}\n{text}" if before else text


def key_of(name: str) -> str:
    """Return a key as it is compared: `Notification Type`, `$NOTIFICATIONTYPE$` and `NAGIOS_NOTIFICATIONTYPE` are one."""
    bare = re.sub(r"[^A-Z0-9]", "", re.sub(r"^(NAGIOS|ICINGA2?)__?", "", name.strip().upper().strip("$")))
    return bare


def notifications(text: str, known: Container[str]) -> Iterator[Notification]:
    """Yield the notifications of a text, one after the other.

    Args:
        known: The keys that mean something; any other word before a colon is text.
    """
    current = Notification(1)
    for number, line in enumerate(text.split("\n"), 1):
        stripped = line.rstrip("\r")
        found = _pair(stripped, current, known)
        opens = found is not None and found[0] in _OPENING and found[0] in current.values
        heading = found is None and len(stripped) <= LONGEST_HEADING and _HEADING.fullmatch(stripped) is not None
        if (opens or heading) and _BODY & current.values.keys():
            yield current
            current = Notification(number)
        if heading:
            current.key = ""
        elif found is not None:
            if not current.values:
                current.line = number
            current.take(*found)
            if found[0] == "SUBJECT":
                _take_state(found[1], current)
        elif not current.key and _take_state(stripped, current):
            continue
        elif current.key:
            current.go_on(stripped.strip())
    if current.values:
        yield current


def _take_state(text: str, current: Notification) -> bool:
    """Take the state that a sentence names, if it is one; a key of its own counts for more."""
    match = _SENTENCE.fullmatch(text.strip()) if len(text) <= LONGEST_HEADING else None
    if match is not None:
        current.values.setdefault("SAIDSTATE", match[1])
    return match is not None


def _pair(line: str, current: Notification, known: Container[str]) -> tuple[str, str] | None:
    """Return the key and value of a line; None where it is none, or stands in free text."""
    comment = _COMMENT_BY.fullmatch(line)
    if comment is not None:
        current.take("AUTHOR", comment[1])
        return "COMMENT", ""
    match = _PAIR.fullmatch(line)
    if match is None:
        return None
    key = key_of(match[1])
    free = current.key == FREE_TEXT and key not in _AFTER_FREE_TEXT
    if free or not (key in known or _MACRO.match(line)):
        return None
    return key, match[2].strip()
