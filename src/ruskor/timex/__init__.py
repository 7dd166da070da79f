"""Arabic date expressions: found (`find`), symbolic (`expr`), anchored (`resolve`, `resolve_all`)."""

from __future__ import annotations

from ruskor.timex.expr import AnchorConstraint, Expr, Timex, anchor_constraints

__all__ = ["AnchorConstraint", "Expr", "Timex", "anchor_constraints"]
