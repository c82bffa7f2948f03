"""`deskterm import netbox`: an inventory as NetBox dumps it, a JSON list of objects that point at each other by key.

What becomes a configuration item, and which value is which field, says a mapping; `netbox.toml` beside this is the usual one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic import Field as Bound

from deskterm.configuration.discovery_schema import Found, Scan
from deskterm.exchange.discovery import DiscoveryRules, Reader, land, text_of
from deskterm.exchange.importing import ImportResult, Job
from deskterm.exchange.mapping import read_mapping, rules_of

USUAL = Path(__file__).with_name("netbox.toml")
DEEPEST = 6
"""References that one path follows."""
_Path = Annotated[tuple[str, ...], BeforeValidator(lambda value: (value,) if isinstance(value, str) else value)]
"""A path, or several to be tried one after the other."""
Objects = Mapping[tuple[str, Any], Mapping[str, Any]]


class Item(BaseModel):
    """Objects of one model, and what they are as configuration items."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str
    name: _Path
    type: str = ""
    """A path to the word that says its type; empty: it is always `otherwise`."""
    types: dict[str, str] = {}
    """From NetBox' words to the desk's."""
    otherwise: Annotated[str, Bound(min_length=1, max_length=60)]
    fields: dict[str, _Path] = {}


class NetboxRules(DiscoveryRules):
    """What a mapping of NetBox says."""

    references: dict[str, str] = {}
    """By field: the model it points at."""
    items: Annotated[tuple[Item, ...], Bound(min_length=1)]


def load(job: Job) -> ImportResult:
    """Load an inventory; see `docs/import-discovery.md`."""
    rules = rules_of(NetboxRules, job.mapping or read_mapping(USUAL))
    return land(job, Scan("netbox"), rules, lambda scan: InventoryReader(job, scan, rules).read())


class InventoryReader(Reader):
    """Reads an inventory."""

    def __init__(self, job: Job, scan: Scan, rules: NetboxRules) -> None:
        super().__init__(job, scan)
        self.rules = rules
        self._objects: Objects = {}

    def read(self) -> Iterator[Found]:
        """Yield every object that the mapping makes an item of."""
        for _, line, document in self.json("inventories"):
            if not isinstance(document, list):
                self.fault(line, "", "is no inventory: NetBox dumps a list of objects")
                continue
            rows = [one for one in document if _is_object(one)]
            strange = len(document) - len(rows)
            if strange:
                self.fault(line, "", f"holds {strange:,} entries that are no objects with model, pk and fields")
            self._objects = {(one["model"], one["pk"]): one["fields"] for one in rows}
            for item in self.rules.items:
                for (model, key), fields in self._objects.items():
                    if model == item.model:
                        found: list[Found] = []
                        self.guarded(line, lambda: found.append(self._found(line, item, key, fields)), f"{model} {key}")  # noqa: B023
                        yield from found

    def _found(self, line: int, item: Item, key: object, fields: Mapping[str, Any]) -> Found:
        name = self._text(fields, item.name, 160) or f"{item.model} {key}"
        word = str(self._at(fields, item.type) or "") if item.type else ""
        facts: dict[str, Any] = {"type": item.types.get(word, item.otherwise)}
        for field, paths in item.fields.items():
            value = next((one for path in paths if (one := self._at(fields, path)) not in (None, "")), None)
            if value is not None:
                if field == "attributes.ip":
                    value = str(value).partition("/")[0]
                facts[field] = value if isinstance(value, int) else text_of(value, 120)
        return Found(line, name, facts, source_key=f"{item.model} {key}")

    def _text(self, fields: Mapping[str, Any], paths: tuple[str, ...], limit: int) -> str:
        found = (self._at(fields, path) for path in paths)
        return next((text_of(one, limit) for one in found if isinstance(one, str) and one.strip()), "")

    def _at(self, fields: Mapping[str, Any], path: str) -> Any:
        """Return the value at the end of a path, None where it leads nowhere."""
        value: Any = fields
        for step in path.split(".")[:DEEPEST]:
            if not isinstance(value, Mapping):
                return None
            value = value.get(step)
            if step in self.rules.references and isinstance(value, int | str):
                value = self._objects.get((self.rules.references[step], value))
        return value if isinstance(value, str | int | float) and not isinstance(value, bool) else None


def _is_object(one: object) -> bool:
    return (
        isinstance(one, dict) and isinstance(one.get("model"), str) and isinstance(one.get("fields"), dict)
        and isinstance(one.get("pk"), int | str)
    )  # fmt: skip
