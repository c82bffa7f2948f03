"""Commands that say what there is: kinds of record, and the fields, states and actions of one. They need no desk."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from deskterm.cli.command import Command, arg
from deskterm.cli.context import Context

if TYPE_CHECKING:
    from deskterm.facts import Fact
    from deskterm.fields import Field
    from deskterm.kinds import Kind
    from deskterm.workflow import Action


def kinds(context: Context, args: Namespace) -> None:
    """Print every kind of record."""
    found = sorted(context.registry, key=lambda kind: (kind.process, kind.name))
    if context.json:
        facts = [{"name": fact.name, "about": fact.about, "help": fact.help} for fact in context.registry.facts.values()]
        context.write_json({"kinds": [_kind(kind) for kind in found], "facts": facts})
        return
    rows = [(kind.name, kind.prefix, kind.process.replace("_", " "), kind.help) for kind in found]
    rows += [(fact.name, "", f"of {fact.about}", fact.help) for fact in context.registry.facts.values()]
    context.table(rows, ("kind", "numbers", "system", "is"))


def fields(context: Context, args: Namespace) -> None:
    """Print the fields, states and actions of a kind."""
    if (fact := context.registry.facts.get(args.kind)) is not None:
        _print_fact(context, fact)
        return
    kind = context.registry.kind(args.kind)
    if context.json:
        context.write_json(
            {
                **_kind(kind),
                "fields": [_field(item) for item in kind.all_fields.values()],
                "states": [{"name": s.name, "title": s.title, "phase": s.phase.value} for s in kind.workflow.states],
                "actions": [_action(action) for action in kind.workflow.actions if not action.automatic],
            }
        )
        return
    context.line(f"{kind.title}: {kind.help}")
    context.line()
    rows = [(item.name, item.type.word, _rule(item), item.help or item.type.expects) for item in kind.all_fields.values()]
    context.table(rows, ("field", "type", "rule", "is"))
    context.line()
    context.line("states: " + ", ".join(state.name for state in kind.workflow.states))
    actions = [action for action in kind.workflow.actions if not action.automatic]
    if actions:
        context.line()
        context.table([_action_cells(action) for action in actions], ("action", "from", "to", "demands", "takes", "does"))


def _print_fact(context: Context, fact: Fact) -> None:
    if context.json:
        context.write_json({"name": fact.name, "help": fact.help, "fields": [_field(item) for item in fact.fields]})
        return
    context.line(f"{fact.name.capitalize()}: {fact.help}")
    context.line()
    rows = [(item.name, item.type.word, _rule(item), item.help or item.type.expects) for item in fact.fields]
    context.table(rows, ("field", "type", "rule", "is"))


def _rule(item: Field) -> str:
    if item.derived:
        return "worked out"
    return "required" if item.required and item.default is None else ""


def _kind(kind: Kind) -> dict[str, Any]:
    return {
        "name": kind.name,
        "prefix": kind.prefix,
        "process": kind.process,
        "label": kind.title,
        "plural": kind.many,
        "help": kind.help,
        "work": kind.is_work,
        "clocked": kind.clocked,
        "title_field": kind.title_field,
    }


def _field(item: Field) -> dict[str, Any]:
    from deskterm.fields import Choice, Ref, Refs, Scale, Words

    options: Iterable[str] = ()
    if isinstance(item.type, Choice | Words):
        options = item.type.options
    elif isinstance(item.type, Scale):
        options = item.type.labels
    refers = item.type.to if isinstance(item.type, Ref) else (item.type.to,) if isinstance(item.type, Refs) else ()
    return {
        "name": item.name,
        "label": item.title,
        "type": item.type.word,
        "expects": item.type.expects,
        "required": item.required,
        "default": None if callable(item.default) else item.default,
        "derived": item.derived,
        "options": list(options or item.suggestions),
        "refers_to": list(refers),
        "help": item.help,
    }


def _inputs(action: Action, *, required: bool) -> list[str]:
    own = [item.name for item in action.inputs if item.required is required]
    return [*(action.demands if required else action.takes), *own]


def _action(action: Action) -> dict[str, Any]:
    return {
        "name": action.name,
        "title": action.title,
        "from": list(action.sources),
        "to": action.target,
        "demands": _inputs(action, required=True),
        "takes": _inputs(action, required=False),
        "inputs": [_field(item) for item in action.inputs],
        "verb": action.verb,
        "help": action.help,
    }


def _action_cells(action: Action) -> tuple[str, ...]:
    demands, takes = (", ".join(_inputs(action, required=required)) for required in (True, False))
    return action.name, ", ".join(action.sources), action.target or "the same", demands, takes, action.help


COMMANDS = (
    Command("kinds", kinds, "list the kinds of record there are"),
    Command(
        "fields", fields, "list the fields, states and actions of a kind",
        (arg("kind", metavar="KIND", help="a kind of record; see: deskterm kinds"),),
    ),
)  # fmt: skip
