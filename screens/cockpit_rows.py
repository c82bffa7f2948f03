"""The lines of the release cockpit: the rollout as waves and CIs, the check list, builds, tests, early life. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from screens.when import full, short
from widgets.columns import Cell as Shown
from widgets.columns import Column
from widgets.line_bar import LineBar, Piece, spread

if TYPE_CHECKING:
    from deskterm.release.schema import Build, Campaign, Cell, ReleaseView, Wave

SIGNS = {
    "planned": ("·", ".", "muted"), "held": ("‖", "=", "paused"), "distributing": ("▸", ">", "accent"),
    "installed": ("✓", "+", "good"), "failed": ("✖", "X", "breach"), "unreachable": ("?", "?", "risk"),
    "backed-out": ("↶", "<", "risk"), "accepted": ("✓", "+", "good"), "open": ("▸", ">", "accent"), "shut": ("‖", "=", "muted"),
    "passed": ("✓", "+", "good"), "blocked": ("‖", "=", "risk"), "yes": ("✓", "+", "good"), "no": ("✖", "X", "breach"),
    "complete": ("✓", "+", "good"), "abandoned": ("–", "-", "muted"), "not tested": ("·", ".", "muted"),  # noqa: RUF001
}  # fmt: skip
"""Glyph, that in ASCII, and style of each word."""
WAVE_CELLS = 14
PICTURE = ("failed", "unreachable", "backed-out", "held", "planned", "distributing", "installed")
"""The states of a site's cells, those that want a look first."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a tab of the cockpit."""

    key: str
    label: str
    texts: tuple[Shown, ...] = ()
    """One for each further column."""
    pane: tuple[tuple[str, str], ...] = ()
    """What the pane below says of it: texts and styles."""
    style: str = ""
    cis: tuple[str, ...] = ()
    """The CIs it stands for, by number."""
    number: str = ""
    """The record it is about."""
    campaign: str = ""
    case: int = 0


def sign(word: str, *, ascii_only: bool, told: str = "") -> Shown:
    """Return a word with its glyph, in its style; `told` is said instead of the word."""
    glyph, plain, style = SIGNS[word]
    return f"{plain if ascii_only else glyph} {told or word}", style


def columns(
    titles: Sequence[str], *, label: str, wide: int = 30, widths: Sequence[int] = (), far: Sequence[int] = (), grow: int = -1
) -> list[Column[Line]]:
    """Return the columns of a tab: the label, then one for each title.

    Args:
        titles: Headings.
        label: Heading of the label.
        wide: Cells that the label would like.
        widths: Cells of each; `WAVE_CELLS` where none are given.
        far: How soon each folds away: the highest first, 0 never.
        grow: The column that takes spare cells; none where it is -1.
    """
    first: Column[Line] = Column("label", label, wide, lambda line, _: (line.label, line.style), min_width=min(22, wide))
    others: list[Column[Line]] = [
        Column(
            f"c{place}", title, widths[place] if widths else WAVE_CELLS, _text(place), grow=int(place == grow),
            priority=far[place] if far else 0,
        )
        for place, title in enumerate(titles)
    ]  # fmt: skip
    return [first, *others]


def _text(place: int) -> Callable[[Line, int], Shown]:
    return lambda line, _: line.texts[place] if place < len(line.texts) else ""


def rollout(view: ReleaseView, now: int, tz: str, *, ascii_only: bool) -> tuple[list[Column[Line]], list[Line]]:
    """Return the waves as columns, the sites and their CIs as lines."""
    waves = view.waves
    at = next((place for place, wave in enumerate(waves) if not wave.is_accepted), max(0, len(waves) - 1))
    far = [abs(place - at) + (1 if place != at else 0) for place in range(len(waves))]
    shown = columns([f"{wave.position} {wave.name}" for wave in waves], label="site, CI", far=far)
    lines = [_gate_line(view, now, tz, ascii_only)] if waves else []
    by_site: dict[str, list[Cell]] = {}
    for cell in view.cells:
        by_site.setdefault(cell.site, []).append(cell)
    for site in sorted(by_site):
        lines.append(_site_line(site, by_site[site], waves, ascii_only))
        lines += [_cell_line(cell, waves, view, now, tz, ascii_only) for cell in sorted(by_site[site], key=lambda one: one.name)]
    return shown, lines


def _gate_line(view: ReleaseView, now: int, tz: str, ascii_only: bool) -> Line:
    texts = tuple(
        sign("accepted" if wave.is_accepted else "shut" if wave.shut else "open", ascii_only=ascii_only) for wave in view.waves
    )
    wave = next((one for one in view.waves if not one.is_accepted), view.waves[-1])
    pane = [(f"wave {wave.position} {wave.name}: {_stands(wave, now, tz)}", "strong")]
    pane.append((f"{_counts(wave.cells)}" + (f" · {wave.note}" if wave.note else ""), ""))
    cis = tuple(cell.ci for cell in wave.cells)
    return Line("waves", "all of the open wave", texts, tuple(pane), "strong", cis)


def _stands(wave: Wave, now: int, tz: str) -> str:
    if wave.accepted_at is not None:
        return f"accepted by {wave.accepted_by}, {short(wave.accepted_at, now, tz)}"
    planned = f"planned for {full(wave.planned_at, tz)}, " if wave.planned_at is not None else ""
    return f"{planned}{wave.shut or 'open'}"


def _counts(cells: Sequence[Cell]) -> str:
    counts = Counter(cell.state.value for cell in cells)
    return ", ".join(f"{counts[state]} {state}" for state in PICTURE if counts[state]) or "no CI"


def _site_line(site: str, cells: Sequence[Cell], waves: Sequence[Wave], ascii_only: bool) -> Line:
    texts = tuple(_site_text([cell for cell in cells if cell.wave == wave.position], ascii_only) for wave in waves)
    pane = ((f"{site}: {len(cells)} CI{'' if len(cells) == 1 else 's'}", "strong"), (_counts(cells), ""))
    return Line(f"site {site}", f"{'v' if ascii_only else '▾'} {site}", texts, pane, "accent", tuple(cell.ci for cell in cells))


def _site_text(cells: Sequence[Cell], ascii_only: bool) -> Shown:
    if not cells:
        return ""
    counts = Counter(cell.state.value for cell in cells)
    worst = next(state for state in PICTURE if counts[state])
    done = f"{counts['installed']} of {len(cells)}"
    glyph, plain, style = SIGNS[worst]
    return f"{plain if ascii_only else glyph} {done}", style


def _cell_line(cell: Cell, waves: Sequence[Wave], view: ReleaseView, now: int, tz: str, ascii_only: bool) -> Line:
    texts = tuple(sign(cell.state.value, ascii_only=ascii_only) if wave.position == cell.wave else "" for wave in waves)
    since = f"{cell.state.value} {short(cell.changed_at, now, tz)} by {cell.changed_by}"
    pane = [(f"{cell.name} {cell.ci} · {cell.site} · wave {cell.wave}: {since}", "strong")]
    before = f"before {cell.previous or 'nothing'} · " if cell.version else ""
    pane.append(
        (f"installed now {cell.installed_now or 'nothing'} · {before}this release {cell.version or view.release_version}", "")
    )
    if cell.reason:
        pane.append((cell.reason, "breach" if cell.state.value == "failed" else "risk"))
    elif cell.ci_state in ("retired", "disposed", "gone"):
        pane.append((f"the CI is {cell.ci_state}", "breach"))
    return Line(f"cell {cell.id}", f"  {cell.name}", texts, tuple(pane), "", (cell.ci,), cell.ci)


def checks(view: ReleaseView, *, ascii_only: bool) -> tuple[list[Column[Line]], list[Line]]:
    """Return the check list: a line for each gate, and one for each further thing that is missing."""
    lines: list[Line] = []
    for gate in view.gates:
        word = "yes" if gate.is_open else "no"
        first, *others = gate.missing or ("",)
        pane = ((f"{gate.title}: {gate.found}", "strong"), *((sentence, "breach") for sentence in gate.missing[:3]))
        lines.append(Line(gate.name, gate.title, (sign(word, ascii_only=ascii_only), gate.found, (first, "breach")), pane))
        lines += [Line(f"{gate.name} {place}", "", ("", "", (one, "breach")), pane) for place, one in enumerate(others, 1)]
    for number, title, state in view.changes:
        pane = ((f"{number} {title}", "strong"), (f"the change is {state}", ""))
        lines.append(Line(number, f"  {number}", (("", ""), state.replace("-", " "), title), pane, "muted", (), number))
    return columns(("", "there is", "missing"), label="gate", widths=(5, 22, 26), far=(0, 1, 0), grow=2), lines


def builds(view: ReleaseView, now: int, tz: str, *, ascii_only: bool) -> tuple[list[Column[Line]], list[Line]]:
    """Return the build records, the newest first, each with its items."""
    lines: list[Line] = []
    for build in reversed(view.builds):
        lines.append(_build_line(build, now, tz, ascii_only))
        for item in build.items:
            texts = (item.number, item.version, f"{item.size_bytes:,}", item.sha256[:16])
            pane = [
                (f"{item.number} {item.name} {item.version} · {item.size_bytes:,} bytes", "strong"),
                (f"SHA-256 {item.sha256}", ""),
            ]
            if item.verified_at is not None:
                pane.append((f"file read and verified {full(item.verified_at, tz)}", "good"))
            lines.append(Line(f"{build.position} {item.number}", f"  {item.name}", texts, tuple(pane), "", (), item.number))
    return columns(("", "version", "bytes", "sha-256"), label="build, item", widths=(12, 12, 13, 16), far=(0, 0, 2, 1)), lines


def _build_line(build: Build, now: int, tz: str, ascii_only: bool) -> Line:
    begun = f"begun by {build.started_by} {short(build.started_at, now, tz)}"
    ended = "" if build.finished_at is None else f", {build.state} by {build.finished_by} {short(build.finished_at, now, tz)}"
    pane = [(f"build {build.position}: {build.state}", "strong"), (begun + ended, "")]
    if build.note or build.digest:
        pane.append((" · ".join(part for part in (build.note, build.digest and f"digest {build.digest[:32]}") if part), "muted"))
    return Line(
        f"build {build.position}", f"build {build.position}", (sign(build.state, ascii_only=ascii_only),), tuple(pane), "strong"
    )


def tests(view: ReleaseView, now: int, tz: str, *, ascii_only: bool) -> tuple[list[Column[Line]], list[Line]]:
    """Return the test campaigns in their newest round, each with its cases; earlier rounds after them."""
    newest = {campaign.name: campaign.round for campaign in view.campaigns}
    order = sorted(view.campaigns, key=lambda one: (one.round != newest[one.name], one.name, -one.round))
    lines: list[Line] = []
    for campaign in order:
        lines.append(_campaign_line(campaign, now, tz, ascii_only))
        for case in campaign.cases:
            word = "not tested" if case.result == "open" else case.result
            who = f"{case.tested_by} {short(case.tested_at, now, tz)}" if case.tested_at is not None else ""
            must: Shown = "mandatory" if case.mandatory else ("optional", "muted")
            texts: tuple[Shown, ...] = (sign(word, ascii_only=ascii_only), must, who)
            pane = [(f"{case.position}. {case.name}", "strong"), (f"{word}{f', {who}' if who else ''}", SIGNS[word][2])]
            if case.evidence:
                pane.append((case.evidence, ""))
            live = campaign.round == newest[campaign.name]
            key = f"{campaign.id} {case.id}"
            lines.append(
                Line(
                    key,
                    f"  {case.position}. {case.name}",
                    texts,
                    tuple(pane),
                    "",
                    campaign=campaign.name,
                    case=case.position if live else 0,
                )
            )
    return columns(("result", "", "by"), label="campaign, test", widths=(14, 9, 18), far=(0, 1, 2)), lines


def _campaign_line(campaign: Campaign, now: int, tz: str, ascii_only: bool) -> Line:
    on = "planned" if campaign.build is None else f"build {campaign.build}"
    open_cases = sum(case.result == "open" for case in campaign.cases)
    word = campaign.verdict or "open"
    signed = "" if campaign.signed_at is None else f"signed by {campaign.signed_by} {short(campaign.signed_at, now, tz)}"
    pane = [(f"{campaign.title} on {on}", "strong"), (signed or f"{open_cases} of {len(campaign.cases)} not tested", "")]
    if campaign.note:
        pane.append((campaign.note, "muted"))
    told = f"{len(campaign.cases) - open_cases}/{len(campaign.cases)} tested" if word == "open" else ""
    texts = (sign(word, ascii_only=ascii_only, told=told), on, signed.removeprefix("signed by "))
    return Line(f"campaign {campaign.id}", campaign.title, texts, tuple(pane), "strong", campaign=campaign.name)


def support(view: ReleaseView, now: int, tz: str) -> tuple[list[Column[Line]], list[Line]]:
    """Return the incidents of early life."""
    lines = []
    for one in view.incidents:
        texts = (short(one.occurred_at, now, tz), one.ci, one.state.replace("-", " "), one.title)
        pane = ((f"{one.number} {one.title}", "strong"), (f"on {one.ci}, {full(one.occurred_at, tz)}, {one.state}", ""))
        lines.append(Line(one.number, one.number, texts, pane, "", (), one.number))
    return columns(
        ("since", "CI", "state", "incident"), label="number", wide=10, widths=(13, 14, 11, 30), far=(2, 0, 1, 0), grow=3
    ), lines


class CockpitHead(LineBar):
    """State, version and how far it has come."""

    view: ReleaseView | None = None
    now = 0
    tz = "UTC"

    def pieces(self, width: int) -> list[Piece]:
        """State on the left, counts on the right."""
        view = self.view
        if view is None:
            return []
        state = view.state.replace("-", " ")
        said = [Piece(f" {state}", "strong"), Piece(f"  {view.release_version} {view.category}, {view.type}")]
        counts = Counter(cell.state.value for cell in view.cells)
        told: list[Piece] = []
        for word in ("failed", "unreachable", "installed", "distributing", "backed-out", "held", "planned"):
            if counts[word]:
                glyph, plain, style = SIGNS[word]
                told.append(Piece(f"{plain if self.ascii_only else glyph} {counts[word]} {word}  ", style))
        if not told:
            lacking = sum(len(gate.missing) for gate in view.gates)
            told = [Piece("every gate is open ", "good") if not lacking else Piece(f"{lacking} missing ", "risk")]
        accepted = sum(wave.is_accepted for wave in view.waves)
        if view.waves:
            told.insert(
                0,
                Piece(
                    f"{accepted} of {len(view.waves)} waves accepted  "
                    if width >= 100
                    else f"{accepted} of {len(view.waves)} waves  ",
                    "good" if accepted == len(view.waves) else "",
                ),
            )
        return spread(said, told, width)
