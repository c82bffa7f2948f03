"""The lines of the screens of continuity: how services stand, the steps of a plan, what it needs, what was shown, a run. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from screens.when import length, short
from widgets.columns import Cell as Shown
from widgets.columns import Column

if TYPE_CHECKING:
    from deskterm.continuity.schema import Drill, InheritedLine, PlanView, RunStep, RunView, ServiceLine, StepLine

SIGNS = {
    "waiting": ("·", ".", "muted"), "running": ("▸", ">", "accent"), "finished": ("✓", "+", "good"),
    "skipped": ("–", "-", "muted"), "met": ("✓", "+", "good"), "missed": ("✖", "X", "breach"), "good": ("✓", "+", "good"),  # noqa: RUF001
    "stale": ("!", "!", "risk"), "none": ("·", ".", "muted"), "late": ("✖", "X", "breach"), "soon": ("!", "!", "risk"),
}  # fmt: skip
"""Glyph, that in ASCII, and style of each word."""
GAP_WORDS = {
    "unrated": "unrated", "mtpd": "RTO+WRT > MTPD", "no-plan": "no plan", "not-approved": "not approved", "no-steps": "no steps",
    "planned": "plan too slow", "no-backup": "no backup", "backup": "loses > RPO", "inversion": "needs slower",
    "missed": "missed", "lost": "lost too much", "never-shown": "never shown", "stale": "stale", "review": "review due",
}  # fmt: skip
SERIOUS = frozenset({"mtpd", "no-plan", "planned", "backup", "missed", "lost", "inversion", "no-backup"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a tab."""

    key: str
    label: str
    texts: tuple[Shown, ...] = ()
    """One for each further column."""
    pane: tuple[tuple[str, str], ...] = ()
    """What the pane below says of it: texts and styles."""
    style: str = ""
    number: str = ""
    """The record that it is about."""


def sign(word: str, *, ascii_only: bool, told: str = "") -> Shown:
    """Return a word with its glyph, in its style; `told` is said instead of the word."""
    glyph, plain, style = SIGNS[word]
    return f"{plain if ascii_only else glyph} {told or word}", style


def columns(
    titles: Sequence[str], widths: Sequence[int], *, label: str, wide: int, far: Sequence[int], right: Sequence[int] = (),
    grow: int = -1, least: int = 14,
) -> list[Column[Line]]:  # fmt: skip
    """Return the columns of a tab: the label, then one for each title.

    Args:
        titles: Headings.
        widths: Cells of each.
        label: Heading of the label.
        wide: Cells that the label would like.
        far: How soon each folds away: the highest first, 0 never.
        right: Places of those that stand on the right.
        grow: The column that takes spare cells; the label where it is -1.
        least: Cells that the label has at least.
    """
    first: Column[Line] = Column(
        "label", label, wide, lambda line, _: (line.label, line.style), min_width=min(least, wide), grow=int(grow < 0)
    )
    others: list[Column[Line]] = [
        Column(
            f"c{place}", title, widths[place], _text(place), priority=far[place], grow=int(place == grow),
            align="right" if place in right else "left",
        )
        for place, title in enumerate(titles)
    ]  # fmt: skip
    return [first, *others]


def _text(place: int) -> Callable[[Line, int], Shown]:
    return lambda line, _: line.texts[place] if place < len(line.texts) else ""


def span(seconds: int | None) -> str:
    """Return a length of time; what is not rated is said to be so."""
    return "–" if seconds is None else length(seconds)  # noqa: RUF001


# How services stand.


def services(found: Sequence[ServiceLine], *, ascii_only: bool) -> tuple[list[Column[Line]], list[Line]]:
    """Return how the continuity of every service stands, the most urgent first."""
    shown = columns(
        ("RTO", "plan", "RPO", "loses", "MTPD", "met", "worst", "latest", "evidence", "gaps"),
        (6, 6, 6, 6, 6, 7, 6, 6, 8, 24), label="service", wide=22,
        far=(0, 0, 2, 4, 3, 0, 4, 3, 1, 0), right=(0, 1, 2, 3, 4, 6, 7),
        grow=9,
    )  # fmt: skip
    return shown, [_service(one, ascii_only) for one in found]


def _service(one: ServiceLine, ascii_only: bool) -> Line:
    codes = {gap.code for gap in one.gaps}
    plan, shown = one.plan, one.evidence
    planned = span(plan.planned_seconds if plan is not None else None)
    met = "never" if not shown.drills else "no RTO" if shown.met is None else f"{shown.met} of {len(shown.drills)}"
    latest = shown.latest
    late = latest is not None and latest.met is False
    word = {None: "none", True: "stale", False: "good"}[shown.stale]
    told = ", ".join(GAP_WORDS.get(gap.code, gap.code) for gap in one.gaps)
    texts: tuple[Shown, ...] = (
        (span(one.rto_seconds), "strong"), (planned, "breach" if "planned" in codes else ""), span(one.rpo_seconds),
        (span(one.loses_seconds), "breach" if "backup" in codes else "muted"),
        (span(one.mtpd_seconds), "breach" if "mtpd" in codes else "muted"),
        (met, "muted" if not shown.drills else "breach" if late else "good"), span(shown.worst_seconds),
        (span(latest.rto_actual_seconds if latest else None), "breach" if late else ""),
        sign(word, ascii_only=ascii_only), (told, "breach" if codes & SERIOUS else "muted"),
    )  # fmt: skip
    number = plan.number if plan is not None else one.analysis or one.number
    about = (
        f"{one.number} {one.service} · {plan.number} {plan.title}, {plan.state}"
        if plan is not None
        else f"{one.number} {one.service}"
    )
    pane = [(about, "strong")]
    pane += [(gap.text, "breach" if gap.code in SERIOUS else "risk") for gap in one.gaps[:3]]
    if len(one.gaps) > 3:
        pane[-1] = (f"{one.gaps[2].text}; and {len(one.gaps) - 3} more: = shows all", pane[-1][1])
    if not one.gaps:
        pane.append(("no gap", "good"))
    return Line(str(one.id), one.service, texts, tuple(pane), "", number)


# A plan.


def steps(view: PlanView, *, ascii_only: bool) -> tuple[list[Column[Line]], list[Line]]:
    """Return the steps of a plan with when each can begin and end, the critical path marked."""
    shown = columns(
        ("", "takes", "from", "to", "role", "waits for"), (3, 6, 6, 6, 16, 26), label="step", wide=44,
        far=(0, 0, 3, 0, 2, 1), right=(1, 2, 3), grow=5, least=26,
    )  # fmt: skip
    return shown, [_step(place, one, ascii_only) for place, one in enumerate(view.lines, 1)]


def _step(place: int, one: StepLine, ascii_only: bool) -> Line:
    mark: Shown = (("◆" if not ascii_only else "*"), "accent") if one.critical else ""
    texts: tuple[Shown, ...] = (
        mark, span(one.step.seconds), (span(one.starts_seconds), "muted"),
        (span(one.ends_seconds), "strong" if one.critical else ""),
        one.step.role, (", ".join(one.step.after), "muted"),
    )  # fmt: skip
    on = f" on {one.ci}" if one.ci else ""
    pane = [(f"{one.step.number} {one.step.name}{on}{', on the critical path' if one.critical else ''}", "strong")]
    pane += [(text, "") for text in one.step.instructions.splitlines()[:3]] or [("no instructions", "muted")]
    return Line(one.step.number, f"{place}. {one.step.name}", texts, tuple(pane), "", one.step.number)


def scope(view: PlanView, *, ascii_only: bool) -> tuple[list[Column[Line]], list[Line]]:
    """Return what a plan needs, the tightest RTO that is asked of each, and by whom."""
    shown = columns(
        ("RTO", "promises", "asked by", "through"),
        (6, 9, 20, 30),
        label="service, CI",
        wide=26,
        far=(0, 1, 0, 2),
        right=(0, 1),
        grow=3,
    )
    return shown, [_need(one) for one in view.scope]


def _need(one: InheritedLine) -> Line:
    late = one.own_seconds is not None and one.seconds is not None and one.own_seconds > one.seconds
    by = "" if one.source is None else "itself" if one.source.id == one.node.id else one.source.title
    promises = "" if one.own_seconds is None else length(one.own_seconds)
    texts: tuple[Shown, ...] = (
        (span(one.seconds), "strong"), (promises, "breach" if late else "muted"), by, (" → ".join(one.path[1:-1]), "muted"),
    )  # fmt: skip
    pane = [(f"{one.node.number} {one.node.title} ({one.kind})", "strong")]
    if one.path and len(one.path) > 1:
        pane.append((f"asked by {one.path[0]} through {' → '.join(one.path)}", ""))
    if late:
        gap = (one.own_seconds or 0) - (one.seconds or 0)
        pane.append((f"promises to be back {length(gap)} later than that: RTO inversion", "breach"))
    return Line(str(one.node.id), one.node.title, texts, tuple(pane), "strong" if one.kind == "service" else "", one.node.number)


def evidence(view: PlanView, now: int, tz: str, *, ascii_only: bool) -> tuple[list[Column[Line]], list[Line]]:
    """Return the runs of a plan, the newest first: those under way, then those that show something."""
    shown = columns(
        ("sort", "disrupted", "result", "RTO actual", "RTO", "invoked", "RPO actual", "what"), (14, 13, 10, 10, 6, 7, 10, 18),
        label="run", wide=12, far=(2, 0, 0, 0, 1, 3, 2, 4), right=(3, 4, 5, 6), grow=7,
    )  # fmt: skip
    lines = [_drill(one, now, tz, ascii_only) for one in reversed(view.evidence.drills)]
    known = {one.number for one in view.evidence.drills}
    going = [Line(number, number, ("", "", (state, "accent"), "", "", "", "", (title, "muted")),
                  ((f"{number} {title}: {state}", "strong"),), "accent", number)
             for number, title, state in view.runs if number not in known]  # fmt: skip
    return shown, [*going, *lines]


def _drill(one: Drill, now: int, tz: str, ascii_only: bool) -> Line:
    word = {True: "met", False: "missed", None: ""}[one.met]
    texts: tuple[Shown, ...] = (
        one.kind, short(one.failed_at, now, tz), sign(word, ascii_only=ascii_only) if word else ("not judged", "muted"),
        (span(one.rto_actual_seconds), "breach" if one.met is False else "strong"), span(one.rto_seconds),
        (span(one.from_invocation_seconds), "muted"), span(one.rpo_actual_seconds), (one.title, "muted"),
    )  # fmt: skip
    told = f"back after {span(one.rto_actual_seconds)} of {span(one.rto_seconds)}"
    told = f"{told}, {span(one.from_invocation_seconds)} from the invocation"
    pane = ((f"{one.number} {one.title}", "strong"), (told, "breach" if one.met is False else ""),
            (f"data lost: {span(one.rpo_actual_seconds)} of {span(one.rpo_seconds)}", ""))  # fmt: skip
    return Line(one.number, one.number, texts, pane, "", one.number)


def calls(view: PlanView) -> tuple[list[Column[Line]], list[Line]]:
    """Return who calls whom, and when the plan is invoked."""
    from deskterm.continuity.call_tree import read_calls
    from deskterm.errors import InvalidInput

    shown = columns(("role", "phone"), (26, 22), label="who calls whom", wide=34, far=(0, 0))
    try:
        found = read_calls(view.call_tree)
    except InvalidInput:
        found = ()
    pane = tuple(
        (f"{title}: {text.splitlines()[0]}", style)
        for title, text, style in (
            ("invoked when", view.texts["trigger"], "strong"), ("recovery site", view.texts["site"], ""),
            ("scope", view.texts["description"], ""),
        )
        if text.strip()
    )  # fmt: skip
    lines = [
        Line(str(place), f"{'  ' * one.depth}{one.name}", (one.role, one.phone), pane, "strong" if one.depth == 0 else "")
        for place, one in enumerate(found)
    ]
    return shown, lines


# A run.


def run_columns(*, ascii_only: bool) -> list[Column[RunStep]]:
    """Return the columns of a run; the clock of a step that runs comes first, for it ticks."""

    def clock(step: RunStep, now: int) -> Shown:
        if step.state == "running" and step.started_at is not None:
            spent = max(0, now - step.started_at)
            return ticking(spent), "breach" if spent > step.seconds else "accent"
        if step.finished_at is not None and step.started_at is not None:
            return length(step.finished_at - step.started_at), "muted"
        return ""

    return [
        Column("clock", "so far", 8, clock, volatile=True, align="right"),
        Column("planned", "plan", 5, lambda step, _: (length(step.seconds), "muted"), align="right"),
        Column("state", "state", 10, lambda step, _: sign(step.state, ascii_only=ascii_only)),
        Column("name", "step", 30, lambda step, _: (f"{step.position}. {step.name}", _tone(step)), min_width=18, grow=1),
        Column("who", "who", 8, lambda step, _: step.who),
        Column("role", "role", 14, lambda step, _: (step.role, "muted"), priority=2),
        Column("after", "waits for", 24, lambda step, _: (", ".join(step.after), "muted"), min_width=10, priority=1),
    ]


def _tone(step: RunStep) -> str:
    return {"running": "strong", "finished": "muted", "skipped": "muted"}.get(step.state, "")


def ticking(seconds: int) -> str:
    """Return a length of time to the second: `1:02:03`, and with a real minus below zero."""
    rest = abs(seconds)
    return f"{'−' if seconds < 0 else ''}{rest // 3600}:{rest % 3600 // 60:02}:{rest % 60:02}"  # noqa: RUF001


def step_pane(step: RunStep, view: RunView, now: int, tz: str) -> tuple[tuple[str, str], ...]:
    """Return what the pane says of a step of a run."""
    critical = ", on the critical path" if step.name in view.critical else ""
    who = f", {step.who} is on it" if step.who and step.state == "running" else ""
    pane = [(f"{step.number} {step.name}: {step.state}{who}{critical}", "strong")]
    owed = [name for name in step.after if any(one.name == name and not one.is_over for one in view.steps)]
    if owed and step.state == "waiting":
        pane.append((f"waits for {', '.join(owed)}", "risk"))
    if step.started_at is not None:
        ended = f", {step.state} {short(step.finished_at, now, tz)} by {step.finished_by}" if step.finished_at is not None else ""
        pane.append((f"started {short(step.started_at, now, tz)} by {step.started_by}{ended}", ""))
    if step.override:
        pane.append((f"started early: {step.override}", "risk"))
    if step.note:
        pane.append((step.note, ""))
    pane += [(text, "muted") for text in step.instructions.splitlines()]
    return tuple(pane[:4])
