"""The keys of capacity, continuity and finance, as `screens.keys` declares all others; it lists them with its own."""

from __future__ import annotations

from collections.abc import Mapping

from screens.key import Key

Shape = tuple[str, str, str, str]
"""Keys, action, label and help, as `Key` has them."""
USUAL: Mapping[str, Shape] = {
    "edit": ("e", "edit", "edit", "Change its fields."),
    "journal": ("t", "journal", "journal", "Open its record: what was told and done, from first to last."),
    "note": ("x", "note", "note", "Write a note that only the desk reads."),
    "link": ("l", "link", "link", "Link it to another record."),
    "copy": ("y", "copy", "copy number", "Copy its number to your own clipboard."),
    "sample": ("m", "sample", "sample", "Tell what was measured."),
    "set_capacity": ("i", "set_capacity", "installed", "Say what is installed from an instant on."),
    "raise": ("r", "raise_record", "raise", "Raise a change or a problem from the forecast."),
}
"""By the second half of their ids: keys that mean the same in whatever area they are."""


def _usual(area: str, what: str, footer: int = 0) -> Key:
    """Return a key that means in an area what it means in others."""
    return Key(f"{area}.{what}", *USUAL[what], footer)


def _tabs(area: str, noun: str, footer: int) -> tuple[Key, Key]:
    """Return the keys that go to the tab on the right and on the left; `noun` is what the area calls a tab."""
    return (
        Key(f"{area}.tab_after", "right_square_bracket", "tab(1)", f"next {noun}", f"To the {noun} on the right.", footer),
        Key(f"{area}.tab_before", "left_square_bracket", "tab(-1)", f"{noun} before", f"To the {noun} on the left."),
    )


DELIVERY: tuple[Key, ...] = (
    *_tabs("finance", "page", 40),
    Key("finance.earlier", "left", "shift(-1)", "earlier", "The period before.", 20),
    Key("finance.later", "right", "shift(1)", "later", "The period after."),
    Key("finance.scale", "z", "scale", "scale", "Show a month, a quarter or a year.", 30),
    Key("finance.today", "t", "today", "today", "The period that today is in."),
    Key("finance.method", "m", "method", "method", "Pass costs on by another method: a what-if, nothing is kept.", 60),
    Key("finance.explain", "equals_sign", "explain", "explain", "Say what is behind the figure under the cursor.", 10),
    Key("finance.record", "r", "record", "record", "Open the record of the line: its fields, its journal, its actions.", 50),
    Key("finance.create", "n", "create", "new", "Make a new one: a cost, a charge run, a budget, a business case.", 70),
    Key("finance.print", "P", "page", "printed page", "Show the statements of the charge run as they are printed."),
    Key("finance.costs", "l", "costs", "all costs", "List every cost."),
    Key("finance.rules", "A", "rules", "rules", "List the rules of allocation."),
    *_tabs("continuity", "list", 40),
    Key("continuity.explain", "equals_sign", "explain", "explain", "Say what is asked, planned and shown, and why.", 15),
    Key("continuity.run", "r", "run_plan", "run", "Run the plan: as an exercise, or because it happened.", 25),
    Key("continuity.copy", "K", "local_copy", "local copy", "Read the copy of the plans on this machine; needs no database.", 60),
    Key("plan.state", "s", "state", "state", "What is possible now, and what that demands: approve, revise, retire.", 10),
    Key("plan.run", "r", "run_plan", "run", "Run it: as an exercise, or because it happened.", 20),
    Key("plan.add", "n", "add", "new step", "Add a step.", 30),
    Key("plan.edit_step", "e", "edit_step", "edit step", "Change the step under the cursor; on the other tabs the plan.", 40),
    Key("plan.edit_plan", "E", "edit", "edit plan", "Change the plan itself."),
    Key("plan.retire_step", "D", "retire_step", "drop step", "Drop the step under the cursor; none may wait for it."),
    Key("plan.explain", "equals_sign", "explain", "explain", "Show the critical path, objectives and evidence in full.", 45),
    *_tabs("plan", "tab", 50),
    _usual("plan", "journal", 51),
    _usual("plan", "note"),
    _usual("plan", "link"),
    _usual("plan", "copy"),
    Key("run.start", "d", "start", "start", "Start the step under the cursor: you are on it; begin the run first.", 10, True),
    Key("run.finish", "f", "finish", "finish", "Finish the step under the cursor.", 11, True),
    Key("run.assign", "A", "assign_step", "who", "Say who is on the step under the cursor.", 12),
    Key("run.verify", "v", "verify", "verify", "Confirm that the service works; whoever restored it may not.", 20),
    Key("run.reject", "X", "reject", "not yet", "It does not work yet: say what is missing.", 22),
    Key("run.skip", "S", "skip", "skip", "Leave the step out this time, and say why.", 30),
    Key("run.repeat", "R", "repeat", "repeat", "Do a step again that is over, and say why.", 31),
    Key("run.invoke", "I", "invoke", "invoke", "The plan is invoked: whoever is called is called.", 32),
    Key("run.state", "s", "state", "state", "What else is possible now: close it, cancel it.", 40),
    Key("run.explain", "equals_sign", "explain", "explain", "Show the stamps and what follows from them.", 45),
    _usual("run", "journal", 51),
    _usual("run", "note"),
    Key("run.edit", "e", "edit", "edit", "Change its fields, such as the newest data that were recovered.", 60),
    Key("run.plan", "p", "plan", "plan", "Open the plan that it runs."),
    _usual("run", "copy"),
    Key("capacity.create", "n", "create", "new", "Make a resource, a scenario or a plan, by the tab that is shown.", 10),
    _usual("capacity", "sample", 20),
    _usual("capacity", "set_capacity", 30),
    _usual("capacity", "raise", 40),
    _usual("capacity", "edit", 50),
    Key("capacity.freeze", "F", "freeze", "freeze", "Freeze a version of the plan.", 20),
    Key("capacity.explain", "equals_sign", "explain", "explain", "Show the samples and the fit behind the figures.", 60),
    _usual("capacity", "copy"),
    *_tabs("capacity", "tab", 70),
    _usual("resource", "sample", 10),
    _usual("resource", "set_capacity", 20),
    _usual("resource", "raise", 30),
    Key("resource.span", "z", "span", "span", "Show 90 days of history, a year, or 30 days.", 40),
    Key("resource.explain", "equals_sign", "explain", "explain", "Show the samples and the fit behind the forecast.", 50),
    _usual("resource", "journal", 60),
    _usual("resource", "edit", 55),
    _usual("resource", "note"),
    _usual("resource", "link"),
    _usual("resource", "copy"),
    Key("capplan.freeze", "F", "freeze", "freeze", "Freeze a version as the figures stand now.", 10),
    Key("capplan.live", "v", "live", "now, frozen", "Show it as it stands now, or the frozen version again.", 20),
    Key("capplan.edit", "e", "edit", "edit", "Change what people write into it.", 30),
    _usual("capplan", "journal", 40),
    _usual("capplan", "copy"),
)  # fmt: skip
"""By area, in the order of the footer."""
