"""Blocks of text → what a terminal shows: tables by rich that fit its width, right-to-left cells isolated after layout."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ruskor.context import Context, one_line, printable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.segment import Segment
    from rich.table import Table
    from rich.text import Text as RichText

# Hebrew to Arabic Extended-A, and the presentation forms.
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_OPEN, _CLOSE = "\u2067", "\u2069"  # right-to-left isolate … pop directional isolate
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


def _isolated(line: list[Segment]) -> list[Segment]:
    """One laid-out line with isolates around each cell; cells lie between the dividers."""
    from rich.segment import Segment

    out: list[Segment] = []
    cell: list[Segment] = []

    def close() -> None:
        marked = any(_RIGHT_TO_LEFT.search(part.text) for part in cell)
        out.extend([Segment(_OPEN), *cell, Segment(_CLOSE)] if marked else cell)
        cell.clear()

    for segment in line:
        if segment.text == _DIVIDER:
            close()
            out.append(segment)
        else:
            cell.append(segment)
    close()
    return out


def _mirrored(line: list[Segment], *, columns: int | None) -> list[Segment]:
    """One laid-out line of a page that is read from the right: every cell stands at its right.

    A cell with right-to-left text is isolated, so that its padding, which follows the text, goes to the left of it; in any other
    the padding is put before the text.
    """
    from rich.segment import Segment

    out: list[Segment] = []
    cell: list[Segment] = []

    def close() -> None:
        text = "".join(part.text for part in cell)
        if not text.strip(" "):
            out.extend(cell)
            cell.clear()
            return
        spaces = len(text) - len(text.strip(" "))
        edge = min(spaces, 1) if table else 0  # between the text and the divider at its right
        edges = (Segment(" " * edge), Segment(" " * (spaces - edge)))
        inner = _without_padding(cell)
        if _RIGHT_TO_LEFT.search(text):
            out.extend([Segment(_OPEN), edges[0], *inner, edges[1], Segment(_CLOSE)])
        else:
            out.extend([edges[1], *inner, edges[0]])
        cell.clear()

    width = sum(segment.cell_length for segment in line)
    table = any(segment.text == _DIVIDER for segment in line)
    if columns and width < columns:
        # A table moves to the right as a whole; a line of text is one cell as wide as the terminal.
        if table:
            out.append(Segment(" " * (columns - width)))
        else:
            line = [*line, Segment(" " * (columns - width))]
    for segment in line:
        if table and segment.text == _DIVIDER:
            close()
            out.append(segment)
        else:
            cell.append(segment)
    close()
    return out


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


def _table(grid: Grid, *, mirror: bool) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text as RichText

    width = max([len(grid.header), *(len(row) for row in grid.rows)], default=0)
    table = Table(box=box.MINIMAL, show_header=bool(grid.header), show_edge=False, pad_edge=False, header_style="bold", border_style="dim")
    order = range(width - 1, -1, -1) if mirror else range(width)
    for k in order:
        header = grid.header[k] if k < len(grid.header) else ""
        right = k in grid.right and not mirror
        table.add_column(
            RichText(header), no_wrap=k in grid.fixed, overflow="fold", justify="right" if right else "left", ratio=grid.ratios.get(k)
        )
    table.expand = bool(grid.ratios)
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
            lines = console.render_lines(_table(block, mirror=mirror), pad=False) if block.rows else []
        else:
            cell = block.text if isinstance(block.text, Marked) else (block.text, "bold" if isinstance(block, Heading) else block.style)
            lines = console.render_lines(_rich(cell), pad=False)
        for line in lines:
            shown = _mirrored(line, columns=columns) if mirror else _isolated(line) if isolates else line
            console.print(Segments([*shown, Segment.line()]), soft_wrap=True, end="")
    drawn: str = console.file.getvalue()  # type: ignore[attr-defined]
    # Off a terminal the padding at a line's end is of no use; on one it belongs to its cell.
    return drawn if isolates else "\n".join(line.rstrip(" ") for line in drawn.split("\n"))


def show_blocks(ctx: Context, blocks: Iterable[Block], *, lang: str = "en") -> str:
    """The blocks as this run's standard output wants them."""
    return draw(blocks, columns=ctx.columns, colour=ctx.colour, isolates=ctx.isolates, mirror=lang == "ar")
