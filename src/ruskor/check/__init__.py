"""`ruskor data check` and `ruskor data search`: the YAML of `data/` validated, with file and line, and looked up."""

from __future__ import annotations

from ruskor.check.files import check_data
from ruskor.check.nodes import Finding
from ruskor.check.search import SEARCH_COLUMNS, search_data
from ruskor.check.user import check_user, require_sound

__all__ = ["SEARCH_COLUMNS", "Finding", "check_data", "check_user", "require_sound", "search_data"]
