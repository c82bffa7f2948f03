"""Suggestions: `|` marks the cursor, and `[…]` in the answer the span that a suggestion replaces."""

from __future__ import annotations

import pytest

from deskterm.query import ValueType, complete, parse


class Desk:
    """The vocabulary of a small queue."""

    def fields(self) -> dict[str, ValueType]:
        return {
            "state": ValueType.CHOICE,
            "summary": ValueType.TEXT,
            "team": ValueType.REFERENCE,
            "due": ValueType.FUTURE,
            "created": ValueType.PAST,
            "effort": ValueType.DURATION,
            "priority": ValueType.NUMBER,
            "vip": ValueType.TRUTH,
        }

    def flags(self) -> frozenset[str]:
        return frozenset({"mine", "breached", "at-risk"})

    def values(self, field: str, typed: str) -> list[str]:
        values = {"state": ["new", "assigned", "open"], "team": ["Network ops", "Desk", "none"]}
        return [value for value in values[field] if typed.casefold() in value.casefold()]


def suggest(marked: str, limit: int = 20) -> tuple[str, list[str]]:
    cursor = marked.index("|")
    text = marked.replace("|", "")
    found = complete(text, cursor, Desk(), limit=limit)
    span = f"{text[: found.start]}[{text[found.start : found.end]}]{text[found.end :]}"
    return span, [suggestion.text for suggestion in found.suggestions]


@pytest.mark.parametrize(
    ("marked", "span", "texts"),
    [
        ("st|", "[st]", ["state:"]),
        ("S|", "[S]", ["state:", "summary:"]),
        ("-st|", "-[st]", ["state:"]),
        ("(a OR !mi|)", "(a OR ![mi])", ["mine"]),
        ("vpn br| due:<4h", "vpn [br] due:<4h", ["breached"]),
        ("st|ate:new", "[state:]new", ["state:"]),
        ("at|e:new", "[ate:]new", ["created:", "state:"]),
        ("O|", "[O]", ["OR"]),
        ("risk|", "[risk]", ["at-risk"]),
        ("xyz|", "[xyz]", []),
        ("state:|", "state:[]", ["new", "assigned", "open", "none", "any"]),
        ("state:n|", "state:[n]", ["new", "none"]),
        ("STATE:ne|", "STATE:[ne]", ["new", "assigned", "none"]),
        ("state:n|ew due:<4h", "state:[new] due:<4h", ["new", "none"]),
        ("state:new,a|", "state:new,[a]", ["assigned", "any"]),
        ("state:a|,new", "state:[a],new", ["assigned", "any"]),
        ("state:(new OR op|)", "state:(new OR [op])", ["open"]),
        ("state:((op|", "state:(([op]", ["open"]),
        ("state:(new) st|", "state:(new) [st]", ["state:"]),
        ("team:net|", "team:[net]", ['"Network ops"']),
        ('team:"net|', 'team:["net]', ['"Network ops"']),
        ('team:"net|work x" mine', 'team:["network x"] mine', ['"Network ops"']),
        ('team:"net| state:"x y"', 'team:["net] state:"x y"', ['"Network ops"']),
        ("team:non|", "team:[non]", ['"none"', "none"]),
        ("nosuch:n|", "nosuch:[n]", []),
        ('"exact wo|', '"exact wo[]', []),
        ('"exact words"|', '"exact words"[]', []),
        ("due:|", "due:[]", ["<4h", ">1d", "tomorrow", "today", "yesterday", "week", "now", "now-1h", "none", "any"]),
        ("due:to|", "due:[to]", ["tomorrow", "today"]),
        ("due:<4|", "due:<[4]", ["4h"]),
        ("created:>=tod|", "created:>=[tod]", ["today"]),
        ("created:today..|", "created:today..[]", ["today", "yesterday", "week", "now", "now-1h"]),
        ("created:to|..now", "created:[to]..now", ["today"]),
        ("created:1h..|", "created:1h..[]", ["30m", "4h", "2d", "1w"]),
        ("effort:>|", "effort:>[]", ["30m", "4h", "2d", "1w"]),
        ("priority:|", "priority:[]", ["1..2", ">4", "none", "any"]),
        ("priority:>|", "priority:>[]", []),
        ("vip:|", "vip:[]", ["yes", "no", "none", "any"]),
        ("summary:|", "summary:[]", ["none", "any"]),
    ],
)
def test_suggestions(marked: str, span: str, texts: list[str]) -> None:
    assert suggest(marked) == (span, texts)


def test_an_empty_filter_offers_every_field_and_flag() -> None:
    span, texts = suggest("|")
    assert span == "[]"
    assert texts == sorted(f"{name}:" for name in Desk().fields()) + sorted(Desk().flags())


def test_the_limit_holds_and_the_cursor_may_lie_outside() -> None:
    assert len(suggest("|", limit=3)[1]) == 3
    assert complete("st", 99, Desk()).suggestions[0].text == "state:"
    assert complete("st", -1, Desk()).end == 2


@pytest.mark.parametrize("marked", ["state:|", "team:|", "due:|", "due:<|", "effort:|", "priority:|", "vip:|", "-tea|"])
def test_what_is_suggested_can_be_read(marked: str) -> None:
    cursor, text = marked.index("|"), marked.replace("|", "")
    found = complete(text, cursor, Desk())
    assert found.suggestions
    for suggestion in found.suggestions:
        whole = text[: found.start] + suggestion.text + text[found.end :]
        parse(whole + "x" if whole.endswith(":") else whole)
