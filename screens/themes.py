"""Colours of the console: dark, light, high contrast, the terminal's own sixteen, none. No meaning is told by colour alone."""

from __future__ import annotations

from textual.theme import Theme

from widgets.terminal import Terminal

DARK = Theme(
    name="desk-dark",
    primary="#5b8db8",
    secondary="#7a8fa6",
    accent="#7fb3d5",
    warning="#d9a441",
    error="#e06c60",
    success="#7fb069",
    foreground="#d4d8dd",
    background="#14181d",
    surface="#14181d",
    panel="#1e252d",
    dark=True,
    variables={"footer-key-foreground": "#7fb3d5", "scrollbar": "#2a333d", "scrollbar-background": "#14181d"},
)
"""Calm and dim: what is late is the brightest thing on it."""

LIGHT = Theme(
    name="desk-light",
    primary="#2f6690",
    secondary="#56708a",
    accent="#1f5f8b",
    warning="#8a5a00",
    error="#b3261e",
    success="#2e6b34",
    foreground="#1c2126",
    background="#f6f5f1",
    surface="#f6f5f1",
    panel="#e6e4dd",
    dark=False,
    variables={"scrollbar": "#c9c6bc", "scrollbar-background": "#f6f5f1"},
)

CONTRAST = Theme(
    name="desk-contrast",
    primary="#00afff",
    secondary="#ffffff",
    accent="#00ffff",
    warning="#ffd700",
    error="#ff5f5f",
    success="#5fff5f",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#262626",
    dark=True,
    text_alpha=1.0,
    variables={"text-muted": "#e0e0e0", "scrollbar": "#ffffff", "scrollbar-background": "#262626"},
)

SIXTEEN = Theme(
    name="desk-16",
    ansi=True,
    primary="ansi_blue",
    secondary="ansi_cyan",
    accent="ansi_cyan",
    warning="ansi_yellow",
    error="ansi_bright_red",
    success="ansi_green",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    dark=True,
    variables={
        "ansi-background": "ansi_black",
        "ansi-foreground": "ansi_white",
        "border-blurred": "ansi_black",
        "block-cursor-foreground": "ansi_black",
        "block-cursor-background": "ansi_white",
        "input-cursor-background": "ansi_white",
        "input-cursor-foreground": "ansi_black",
        "input-cursor-text-style": "none",
        "input-selection-background": "ansi_bright_blue",
        "input-selection-foreground": "ansi_black",
        "screen-selection-background": "ansi_bright_blue",
        "screen-selection-foreground": "ansi_black",
    },
)
"""The terminal's own colours, whatever it makes of them."""

THEMES = (DARK, LIGHT, CONTRAST, SIXTEEN)
"""All of them; without colours (`NO_COLOR`) Textual turns whichever is chosen into greys."""


def fitting(terminal: Terminal, wanted: str = "") -> str:
    """Return the name of the theme to use.

    Args:
        terminal: What the terminal can do.
        wanted: The person's choice; an unknown one is passed over.
    """
    if any(theme.name == wanted for theme in THEMES):
        return wanted
    if terminal.colours == 0:
        return CONTRAST.name
    return SIXTEEN.name if terminal.few_colours else DARK.name
