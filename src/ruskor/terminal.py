"""Blocks of text → what a terminal shows: tables by rich that fit its width, right-to-left cells isolated after layout."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ruskor.context import Context, one_line, printable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.segment import Segment
    from rich.table import Table

# Hebrew to Arabic Extended-A, and the presentation forms.
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_OPEN, _CLOSE = "\u2067", "\u2069"  # right-to-left isolate … pop directional isolate
_DIVIDER = "│"
_UNBOUNDED = 100_000

Cell = str | tuple[str, str]  # text, or text and a rich style


@dataclass(frozen=True, slots=True)
class Heading:
    """A line above what follows."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    text: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of cells; `fixed` are columns that are never wrapped, `right` those that stand at the right."""

    rows: Sequence[Sequence[Cell]]
    header: Sequence[str] = ()
    fixed: frozenset[int] = frozenset()
    right: frozenset[int] = frozenset()


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


def _table(grid: Grid) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text as RichText

    width = max([len(grid.header), *(len(row) for row in grid.rows)], default=0)
    table = Table(box=box.MINIMAL, show_header=bool(grid.header), show_edge=False, pad_edge=False, header_style="bold", border_style="dim")
    for k in range(width):
        header = grid.header[k] if grid.header else ""
        table.add_column(RichText(header), no_wrap=k in grid.fixed, overflow="fold", justify="right" if k in grid.right else "left")
    for row in grid.rows:
        cells = [(cell, "") if isinstance(cell, str) else cell for cell in row]
        table.add_row(*[RichText(printable(one_line(text)).replace(_DIVIDER, "|"), style=style) for text, style in cells])
    return table


def _console(*, columns: int | None, colour: bool) -> Console:
    from rich.console import Console

    return Console(
        file=io.StringIO(), width=columns or _UNBOUNDED, force_terminal=colour, color_system="standard" if colour else None, markup=False,
        highlight=False, emoji=False, legacy_windows=False, _environ={},
    )  # fmt: skip


def draw(blocks: Iterable[Block], *, columns: int | None = None, colour: bool = False, isolates: bool = False) -> str:
    """The blocks as text. Without `columns` nothing is wrapped; isolates are for terminals only."""
    from rich.segment import Segment, Segments
    from rich.text import Text as RichText

    console = _console(columns=columns, colour=colour)
    for block in blocks:
        if isinstance(block, Grid):
            lines = console.render_lines(_table(block), pad=False) if block.rows else []
        else:
            style = "bold" if isinstance(block, Heading) else block.style
            lines = console.render_lines(RichText(printable(one_line(block.text)), style=style), pad=False)
        for line in lines:
            console.print(Segments([*(_isolated(line) if isolates else line), Segment.line()]), soft_wrap=True, end="")
    drawn: str = console.file.getvalue()  # type: ignore[attr-defined]
    # Off a terminal the padding at a line's end is of no use; on one it belongs to its cell.
    return drawn if isolates else re.sub(r"[ ]+$", "", drawn, flags=re.MULTILINE)


def show_blocks(ctx: Context, blocks: Iterable[Block]) -> str:
    """The blocks as this run's standard output wants them."""
    return draw(blocks, columns=ctx.columns, colour=ctx.colour, isolates=ctx.stdout_tty)
