"""Blocks of text → what a terminal shows: tables by rich that fit its width, right-to-left cells isolated after layout."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ruskor.safe import one_line, printable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.segment import Segment
    from rich.table import Table
    from rich.text import Text as RichText

    from ruskor.context import Context

# Hebrew to Arabic Extended-A, and the presentation forms.
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LATIN = re.compile("[A-Za-z]")
# Options, paths, ids and ISO dates: what has Latin letters or hyphens between digits is read from the left, punctuation and all.
_LATIN_WORD = r"[!-~]*(?:[A-Za-z]|\d-\d)[!-~]*"
_LATIN_RUN = re.compile(rf"{_LATIN_WORD}(?:(?: [!-~]+){{0,3}} {_LATIN_WORD})*(?<![.,:;)\]])|\d+\.\d+, \d+\.\d+")
_QUOTATION = re.compile("(«[^«»]*»)")
_OPEN, _OPEN_LEFT, _CLOSE = "\u2067", "\u2066", "\u2069"  # right-to-left isolate, left-to-right isolate … pop directional isolate
_DIVIDER = "│"
_UNBOUNDED = 100_000



@dataclass(frozen=True, slots=True)
class Marked:
    """Text with styled stretches: `marks` are (start, end, style) in order, without overlaps."""

    text: str
    marks: tuple[tuple[int, int, str], ...] = ()
    style: str = ""


Cell = str | tuple[str, str] | Marked  # text, text and a rich style, or text with styled stretches


@dataclass(frozen=True, slots=True)
class Heading:
    """A line above what follows."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    text: str | Marked
    style: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of cells; `fixed` are columns that are never wrapped, `right` those that stand at the right.

    `ratios` share out the width that is left among some columns; without them a table is as narrow as its content.
    """

    rows: Sequence[Sequence[Cell]]
    header: Sequence[str] = ()
    fixed: frozenset[int] = frozenset()
    right: frozenset[int] = frozenset()
    ratios: Mapping[int, int] = field(default_factory=dict)


Block = Heading | Text | Grid


def isolate(cell: str) -> str:
    """A padded cell with the marks that keep its right-to-left text from moving its neighbours."""
    return f"{_OPEN}{cell}{_CLOSE}" if _RIGHT_TO_LEFT.search(cell) else cell


def isolate_latin(text: str) -> str:
    """A text with isolates around its stretches of Latin letters, where it is read from the right."""
    return _LATIN_RUN.sub(_latin_run, text) if _RIGHT_TO_LEFT.search(text) else text


def _latin_run(found: re.Match[str]) -> str:
    run = found[0].lstrip("([")
    return f"{found[0][: len(found[0]) - len(run)]}{_OPEN_LEFT}{run}{_CLOSE}"


def _laid_out(line: list[Segment], *, mirror: bool = False, columns: int | None = None) -> list[Segment]:
    """One laid-out line with isolates around each cell; cells lie between the dividers.

    `mirror`: of a page that is read from the right. There every cell stands at its right, and so does the line.
    """
    from rich.segment import Segment

    table = any(segment.text == _DIVIDER for segment in line)
    out: list[Segment] = []
    width = sum(segment.cell_length for segment in line)
    if mirror and columns and width < columns:
        # A table moves to the right as a whole; a line of text is one cell as wide as the terminal.
        filler = Segment(" " * (columns - width))
        if table:
            out.append(filler)
        else:
            line = [*line, filler]
    cell: list[Segment] = []
    for segment in line:
        if table and segment.text == _DIVIDER:
            out += [*_dressed(cell, mirror=mirror, table=True, last=False), segment]
            cell = []
        else:
            cell.append(segment)
    return out + _dressed(cell, mirror=mirror, table=table, last=True)


def _dressed(cell: list[Segment], *, mirror: bool, table: bool, last: bool) -> list[Segment]:
    """A padded cell with its isolates.

    The padding belongs inside them, so that right-to-left text stands at the right; but spaces at the end of a line belong to the
    line (rule L1 of the Unicode bidirectional algorithm), so that there they are put before the text.
    """
    from rich.segment import Segment

    text = "".join(part.text for part in cell)
    right = bool(_RIGHT_TO_LEFT.search(text))
    mixed = right and _mostly_latin(text, share=2 if mirror else 3)
    if not text.strip(" ") or not (right or mirror):
        return cell
    if mixed:
        cell = _quoted(cell)
    elif right and mirror:
        cell = [Segment(isolate_latin(part.text), part.style) for part in cell]
    if mixed and not mirror:
        return [Segment(_OPEN_LEFT), *cell, Segment(_CLOSE)]
    if not mirror and not last:
        return [Segment(_OPEN), *cell, Segment(_CLOSE)]
    spaces = len(text) - len(text.strip(" "))
    edge = min(spaces, 1) if table and not last else 0  # between the text and the divider at its right
    rest, gap, inner = Segment(" " * (spaces - edge)), Segment(" " * edge), _without_padding(cell)
    if not right:
        return [rest, *inner, gap]
    if mixed or last:
        return [rest, Segment(_OPEN_LEFT if mixed else _OPEN), *inner, Segment(_CLOSE), gap]
    return [Segment(_OPEN), gap, *inner, rest, Segment(_CLOSE)]


def _quoted(cell: list[Segment]) -> list[Segment]:
    """The cell with isolates around each Arabic quotation, whose numbers otherwise leave their place."""
    from rich.segment import Segment

    out: list[Segment] = []
    for part in cell:
        for piece in _QUOTATION.split(part.text):
            quoted = piece.startswith("«") and bool(_RIGHT_TO_LEFT.search(piece))
            out.append(Segment(f"{_OPEN}{piece}{_CLOSE}" if quoted else piece, part.style))
    return out


def _mostly_latin(text: str, *, share: int) -> bool:
    """Whether a text with Arabic in it reads from the left: a sentence in English with a quotation."""
    latin = len(_LATIN.findall(text))
    return latin * share > len(_RIGHT_TO_LEFT.findall(text)) + latin


def _without_padding(cell: list[Segment]) -> list[Segment]:
    """The segments of a cell without the spaces at its ends."""
    from rich.segment import Segment

    parts = [Segment(part.text, part.style) for part in cell]
    while parts and not parts[0].text.strip(" "):
        parts.pop(0)
    while parts and not parts[-1].text.strip(" "):
        parts.pop()
    if parts:
        parts[0] = Segment(parts[0].text.lstrip(" "), parts[0].style)
        parts[-1] = Segment(parts[-1].text.rstrip(" "), parts[-1].style)
    return parts


def _rich(cell: Cell) -> RichText:
    """A cell as rich text, safe for a terminal and in one line."""
    from rich.text import Text as RichText

    if isinstance(cell, Marked):
        out, at = RichText(style=cell.style), 0
        for start, end, style in cell.marks:
            out.append(_safe(cell.text[at:start]))
            out.append(_safe(cell.text[start:end]), style=style)
            at = end
        return out.append(_safe(cell.text[at:]))
    text, style = (cell, "") if isinstance(cell, str) else cell
    return RichText(_safe(text), style=style)


def _safe(text: str) -> str:
    return printable(one_line(text)).replace(_DIVIDER, "|")


def _table(grid: Grid, *, mirror: bool, bounded: bool) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text as RichText

    width = max([len(grid.header), *(len(row) for row in grid.rows)], default=0)
    table = Table(box=box.MINIMAL, show_header=bool(grid.header), show_edge=False, pad_edge=False, header_style="bold", border_style="dim")
    order = range(width - 1, -1, -1) if mirror else range(width)
    for k in order:
        header = grid.header[k] if k < len(grid.header) else ""
        right = k in grid.right and not mirror
        ratio = grid.ratios.get(k) if bounded else None
        table.add_column(RichText(header), no_wrap=k in grid.fixed, overflow="fold", justify="right" if right else "left", ratio=ratio)
    table.expand = bounded and bool(grid.ratios)  # in a pipe there is no width to share out
    for row in grid.rows:
        table.add_row(*[_rich(row[k]) if k < len(row) else RichText("") for k in order])
    return table


def _console(*, columns: int | None, colour: bool) -> Console:
    from rich.console import Console

    return Console(
        file=io.StringIO(), width=columns or _UNBOUNDED, force_terminal=colour, color_system="standard" if colour else None, markup=False,
        highlight=False, emoji=False, legacy_windows=False, _environ={},
    )  # fmt: skip


def draw(
    blocks: Iterable[Block], *, columns: int | None = None, colour: bool = False, isolates: bool = False, mirror: bool = False
) -> str:
    """The blocks as text. Without `columns` nothing is wrapped; isolates are for terminals only.

    `mirror` lays a page out from the right, as Arabic is read; it needs isolates.
    """
    from rich.segment import Segment, Segments

    console = _console(columns=columns, colour=colour)
    mirror = mirror and isolates
    for block in blocks:
        if isinstance(block, Grid):
            lines = console.render_lines(_table(block, mirror=mirror, bounded=columns is not None), pad=False) if block.rows else []
        else:
            cell = block.text if isinstance(block.text, Marked) else (block.text, "bold" if isinstance(block, Heading) else block.style)
            lines = console.render_lines(_rich(cell), pad=False)
        for line in lines:
            shown = _laid_out(line, mirror=mirror, columns=columns) if isolates else line
            console.print(Segments([*shown, Segment.line()]), soft_wrap=True, end="")
    drawn: str = console.file.getvalue()  # type: ignore[attr-defined]
    # Off a terminal the padding at a line's end is of no use; on one it belongs to its cell.
    return drawn if isolates else "\n".join(line.rstrip(" ") for line in drawn.split("\n"))


def width_for(ctx: Context, output: str | None) -> int | None:
    """The columns to draw for: of the terminal, or of `COLUMNS`; null for a file or pipe that takes any width."""
    if output is None or output == "-":
        return ctx.columns
    given = ctx.env.get("COLUMNS", "")
    return int(given) if given.isdecimal() and int(given) else None


def panel(
    title: str, text: str, hint: str | None = None, *, style: str, columns: int, colour: bool, mirror: bool = False
) -> str:
    """A box with a title around a message and its hint; lines with right-to-left text are isolated within it.

    `mirror`: of a page that is read from the right.
    """
    from rich.panel import Panel
    from rich.segment import Segment
    from rich.text import Text as RichText

    body = RichText(printable(one_line(text)))
    if hint:
        body.append("\n" + printable(one_line(hint)), style="dim")
    console = _console(columns=min(columns, 100), colour=colour)
    box = Panel(body, title=f"ruskor: {title}", title_align="right" if mirror else "left", border_style=style, padding=(0, 1))
    out: list[Segment] = []
    for line in console.render_lines(box, pad=False):
        if line[0].text[0] == "│":
            out += [line[0], *_dressed(line[1:-1], mirror=mirror, table=True, last=False), line[-1]]
        else:
            out += line  # a border
        out.append(Segment.line())
    from rich.segment import Segments

    console.print(Segments(out), soft_wrap=True, end="")
    drawn: str = console.file.getvalue()  # type: ignore[attr-defined]
    return drawn


def show_blocks(ctx: Context, blocks: Iterable[Block], *, lang: str = "en") -> str:
    """The blocks as this run's standard output wants them."""
    return draw(blocks, columns=ctx.columns, colour=ctx.colour, isolates=ctx.isolates, mirror=lang == "ar")
