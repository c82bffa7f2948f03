"""What a person has set for their own console: `console.toml` (theme) and `keys.toml` in their configuration folder."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CONFIG_VARIABLE = "DESKTERM_CONFIG"
"""Environment variable: the folder that holds the two files, instead of the usual one."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """A person's settings. Every field has a default."""

    theme: str = ""
    """Name of the theme; empty picks one that fits the terminal."""
    keymap: Mapping[str, str] = field(default_factory=dict)
    """Keys by the id of what they do: `"record.take" = "t"`; several are separated by commas."""
    complaints: tuple[str, ...] = ()
    """What could not be read or understood, in sentences; the rest holds all the same."""


def config_folder(environ: Mapping[str, str]) -> Path:
    """Return where a person's settings are."""
    if named := environ.get(CONFIG_VARIABLE):
        return Path(named)
    from platformdirs import user_config_path

    return user_config_path("deskterm", appauthor=False)


def load(folder: Path, known_keys: frozenset[str]) -> Preferences:
    """Read the settings of a folder; what is missing keeps its default, what is wrong is complained about.

    Args:
        folder: Where the files are; they need not exist.
        known_keys: Every id that `keys.toml` may name.
    """
    console, wrong = _read(folder / "console.toml")
    keys, worse = _read(folder / "keys.toml")
    complaints = [*wrong, *worse]
    theme = console.get("theme", "")
    if not isinstance(theme, str):
        complaints.append("console.toml: theme is the name of a theme, in quotes")
        theme = ""
    keymap: dict[str, str] = {}
    for name, value in _flat(keys):
        if name not in known_keys:
            complaints.append(f"keys.toml: nothing is called {name!r}; the ids are listed in docs/keys.md")
        elif not isinstance(value, str) or not value.strip():
            complaints.append(f"keys.toml: {name} is a key or several with commas, in quotes")
        else:
            keymap[name] = value.replace(" ", "")
    return Preferences(theme, keymap, tuple(complaints))


def personal(known_keys: frozenset[str]) -> Preferences:
    """Read the settings of the person at this console."""
    return load(config_folder(os.environ), known_keys)


def _read(path: Path) -> tuple[dict[str, Any], list[str]]:
    if not path.exists():
        return {}, []
    import tomllib

    try:
        return tomllib.loads(path.read_text(encoding="utf-8")), []
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        return {}, [f"{path.name} was left aside: {problem}"]


def _flat(table: Mapping[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    """Return the leaves of a table by dotted name: `record.take = "t"` and `[record] take = "t"` are the same."""
    found: list[tuple[str, Any]] = []
    for name, value in table.items():
        found += _flat(value, f"{prefix}{name}.") if isinstance(value, dict) else [(prefix + name, value)]
    return found
