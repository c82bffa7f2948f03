"""What the keys of continuity ask by windows: how a plan is run, who is on a step and why; and the pages that explain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from screens.explanation_pages import page_of
from screens.messages import OpenRecord
from screens.modals.act import ActModal
from screens.modals.ask import AskModal
from screens.modals.choose import Choice, ChooseModal
from screens.modals.page import PageModal

if TYPE_CHECKING:
    from deskterm.continuity.schema import RunStep, ServiceLine
    from deskterm.explanations import Explanation
    from deskterm.forms.schema import FormField
    from screens.base import DeskScreen
    from screens.recovery_run import RunScreen

PAGE, FRAME = 80, 9
"""Cells of an explanation at most, and those that its frame takes of a narrow screen."""


async def explain(screen: DeskScreen[Any], number: str) -> None:
    """Show the facts behind the figures of a plan or a run."""
    from deskterm.explanations import explain as explained

    found = await screen.call(explained, screen.desk, number)
    await screen.app.push_screen_wait(PageModal(screen.session, f"{number}, explained", _page(screen, found)))


async def explain_service(screen: DeskScreen[Any], one: ServiceLine) -> None:
    """Show every gap of a service, what was shown, and where the figures come from."""
    from deskterm.continuity.explain import evidence_part
    from deskterm.explanations import Explanation, Part
    from deskterm.explanations import explain as explained

    gaps = tuple((gap.code, gap.text) for gap in one.gaps) or (("", "no gap"),)
    parts = [Part(f"{one.service}: {len(one.gaps)} gap{'' if len(one.gaps) == 1 else 's'}", ("gap", "what"), gaps)]
    parts.append(evidence_part(one.evidence)[0])
    desk = screen.desk
    for number in (one.analysis, one.plan.number if one.plan is not None else ""):
        if number:
            parts += (await screen.call(explained, desk, number)).parts
    page = _page(screen, Explanation(tuple(parts), {}))
    await screen.app.push_screen_wait(PageModal(screen.session, f"Continuity of {one.service}", page))


def _page(screen: DeskScreen[Any], found: Explanation) -> str:
    return page_of(found, min(PAGE, screen.size.width - FRAME))


async def run_plan(screen: DeskScreen[Any], plan: str) -> None:
    """Ask whether it is played or happened, make the run, begin it where it happened, and open it."""
    choices = [
        Choice("exercise", "exercise", "played: plan it, and begin when all are there"),
        Choice("invocation", "invocation", "it happened: the clock to the RTO runs from the disruption"),
    ]
    sort = await screen.app.push_screen_wait(ChooseModal(screen.session, f"Run {plan}", choices))
    if sort is None:
        return
    from deskterm.forms.derive import form_field

    kind = screen.desk.registry.kind("exercise")
    names = ("disrupted_at", "incident", "scenario") if sort == "invocation" else ("planned_at", "scenario", "of_draft")
    fields = [form_field(kind.field(name), None, {}, screen.session.tz, new=True) for name in names]

    async def make(values: Mapping[str, object]) -> bool:
        desk = screen.desk
        given = {name: value for name, value in values.items() if value not in (None, "")}
        made = await screen.commit(lambda: desk.create("exercise", {"plan": plan, "type": sort, **given}))
        if sort == "invocation" and made.state == "planned":
            await screen.commit(lambda: desk.act(made.number, "begin"))
        screen.post_message(OpenRecord(made.number))
        return True

    told = (
        "It begins now unless you say when it was disrupted."
        if sort == "invocation"
        else "It begins when somebody starts it in its screen."
    )
    modal = ActModal(screen.session, f"Run {plan} as an {sort}", fields, make, told=told, do="run it")
    await screen.app.push_screen_wait(modal)


# In a run.


async def begin(screen: RunScreen) -> None:
    """Ask, and begin."""
    view = screen.view
    if view is None:
        return
    told = "The service is taken to be disrupted now; the clock to the RTO runs."
    if await screen.app.push_screen_wait(AskModal(screen.session, f"Begin {view.number}?", told, yes="begin")):
        await act(screen, "begin", {})


async def start(screen: RunScreen, step: RunStep) -> None:
    """Start a step; where it waits for others, only with a reason."""
    view = screen.view
    assert view is not None
    over = {one.name for one in view.steps if one.is_over}
    owed = [name for name in step.after if name not in over]
    if not owed:
        await act(screen, "start-step", {"step": str(step.position)})
        return
    told = f"It waits for {', '.join(owed)}. Why does it start all the same?"
    await _because(screen, "start-step", step, "override", f"Start {step.name} early", told, "start")


async def assign(screen: RunScreen, step: RunStep) -> None:
    """Ask who is on a step."""
    from deskterm.fields import Field, ref
    from deskterm.forms.derive import form_field

    who = form_field(Field("who", ref("agent"), required=True, help="Who is on it."), None, {}, screen.session.tz, new=True)

    async def do_it(values: Mapping[str, object]) -> bool:
        await act(screen, "assign-step", {"step": str(step.position), "who": values.get("who")})
        return True

    await screen.app.push_screen_wait(ActModal(screen.session, f"Who is on {step.name}?", (who,), do_it, do="assign"))


async def skip(screen: RunScreen, step: RunStep) -> None:
    """Ask why, and leave a step out."""
    await _because(screen, "skip-step", step, "reason", f"Skip {step.name}", "What waits for it may start then.", "skip")


async def repeat(screen: RunScreen, step: RunStep) -> None:
    """Ask why, and do a step again."""
    await _because(screen, "repeat-step", step, "reason", f"Repeat {step.name}", "Its clock begins anew.", "repeat")


async def reject(screen: RunScreen) -> None:
    """Ask what is missing."""
    await _because(screen, "reject", None, "reason", "It does not work yet", "What is missing stands in the journal.", "say so")


async def verify(screen: RunScreen) -> None:
    """Ask for the newest data that were recovered, and sign."""
    from deskterm.forms.derive import form_field

    kind = screen.desk.registry.kind("exercise")
    field = form_field(kind.field("newest_data_at"), None, {}, screen.session.tz, new=True)

    async def do_it(values: Mapping[str, object]) -> bool:
        given = {name: value for name, value in values.items() if value not in (None, "")}
        await act(screen, "verify", given)
        return True

    told = "You confirm that the service works. Whoever restored it may not."
    await screen.app.push_screen_wait(
        ActModal(
            screen.session,
            f"Verify {screen.number}",
            (field, _text("note", "Note", required=False)),
            do_it,
            told=told,
            do="verify",
        )
    )


async def _because(screen: RunScreen, action: str, step: RunStep | None, name: str, title: str, told: str, do: str) -> None:
    async def do_it(values: Mapping[str, object]) -> bool:
        own = {} if step is None else {"step": str(step.position)}
        await act(screen, action, {**own, name: values.get(name)})
        return True

    await screen.app.push_screen_wait(ActModal(screen.session, title, (_text(name, "Why"),), do_it, told=told, do=do))


async def act(screen: RunScreen, action: str, values: Mapping[str, object]) -> None:
    """Take an action on the run, and say how it stands then."""
    desk, number = screen.desk, screen.number
    await screen.commit(lambda: desk.act(number, action, dict(values)))
    screen.read_run()


def _text(name: str, label: str, *, required: bool = True) -> FormField:
    from deskterm.forms.schema import FieldKind, FormField

    return FormField(name, label, FieldKind.TEXT, required=required)
