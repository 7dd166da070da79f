"""Arabic date expressions: found (`find`), symbolic (`expr`), anchored (`resolve`, `resolve_all`)."""

from __future__ import annotations

from ruskor.timex.anchor import Context, resolve, resolve_all
from ruskor.timex.expr import AnchorConstraint, Expr, Timex, anchor_constraints
from ruskor.timex.find import find

__all__ = ["AnchorConstraint", "Context", "Expr", "Timex", "anchor_constraints", "find", "resolve", "resolve_all"]
