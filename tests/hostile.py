"""Texts as mail, alerts and people with bad intentions send them. Every widget and every screen is shown all of them."""

from __future__ import annotations

import re
from typing import Final

_LONG: Final = "x" * 1_000_000

PAYLOADS: Final[dict[str, str]] = {
    "escape_colour": "\x1b[31mred\x1b[0m",
    "escape_title": "\x1b]0;owned\x07title",
    "escape_clipboard": "\x1b]52;c;cm0gLXJmIH4=\x07paste me",
    "escape_link": "\x1b]8;;http://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "escape_screen": "\x1b[2J\x1b[H\x1b[?1049lgone",
    "escape_device": "\x1bP$q q\x1b\\\x1b[c\x1b[6n",
    "lone_escape": "end\x1b",
    "c1_csi": "\x9b31mred\x9d0;owned\x9c",
    "nul": "a\x00b",
    "bell_and_backspace": "a\x07b\x08c\x7fd",
    "line_ends": "one\ntwo\r\nthree\x0bfour\x0cfive\u2028six\u2029seven\x85eight",
    "tabs": "a\tb\t\tc",
    "shift_out": "a\x0eb\x0fc",
    "markup_close": "a [/b] b [/] c",
    "markup_click": "[@click=app.quit]x[/]",
    "markup_click_broken": "[@click=app.quit(]x",
    "markup_link": "[link=http://evil.example]x[/link]",
    "markup_colour": "[red]red[/red] [b]bold",
    "markup_open": "a [ b [[ c [b",
    "bidi_override": "invoice\u202egpj.exe\u202c",
    "bidi_isolate": "\u2066abc\u2067def\u2068ghi\u2069 \u200e\u200f\u061c",
    "right_to_left": "שלום עולם مرحبا بالعالم",
    "joined_emoji": "family 👨‍👩‍👧‍👦 flag 🏳️‍🌈 heart ❤️‍🔥 end",
    "selector": "❤️ ☎️ ✖️ a\ufe0fb",
    "flags_and_skin": "🇩🇪🇫🇷 👍🏽 👋🏿",
    "joiner_alone": "\u200d\u200da\u200d",
    "marks": "Z" + "\u0351\u0300\u0489" * 100 + "algo",
    "mark_first": "\u0301\u0302abc",
    "wide": "日本語のとても長い件名です。" * 5,
    "halves": "\ud800 \udfff \udc80x",
    "invisible": "a\u200bb\u2060c\ufeffd\u00ade\u3164f\U000e0041g\u034fh",
    "not_characters": "\ufffe\uffff\U0010ffff\ue000",
    "braille_and_blocks": "⠿⣿█▉▊▏▁▂",
    "long_line": _LONG,
    "long_escapes": "\x1b[31m" * 20_000,
    "many_lines": "line\n" * 5_000,
    "only_blanks": "   \u00a0\u2003  ",
    "empty": "",
    "format": "%s %(x)s {0} {x!r} $HOME `id` ${jndi:ldap://x}",
    "path": "../../../../etc/passwd",
    "quotes": "'; DROP TABLE record; --",
}
"""By name; a test that fails says which."""

OBEYED: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff\ud800-\udfff\U000e0000-\U000e0fff]"
)
"""What no painted line may contain."""


def obeyed(text: str) -> list[str]:
    """The characters in a painted text that a terminal would act on or measure differently."""
    return sorted({f"U+{ord(character):04X}" for character in OBEYED.findall(text)})
