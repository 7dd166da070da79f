"""`ruskor report`: one HTML file that needs no network, from events and annotations."""

from __future__ import annotations

from ruskor.report.build import build_report
from ruskor.report.render import render_report

__all__ = ["build_report", "render_report"]
