"""Shell completion: scripts for bash, zsh and fish, and the candidates that they ask this program for.

The scripts call `ruskor` with `_RUSKOR_COMPLETE=1` and the words so far; the answer has one candidate a line, and the line
`:files` where file names fit too. Candidates come from the commands themselves, and from the store that `--db` or `RUSKOR_DB` names.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

if TYPE_CHECKING:
    from ruskor.context import Context

VARIABLE = "_RUSKOR_COMPLETE"
FILES = ":files"

# Bash splits words at `=`: `--lang=a` comes as three, of which only the last is replaced.
_BASH = r"""_ruskor() {
    local line word current lead="" quote="" k
    local -a words=("${COMP_WORDS[0]}")
    for ((k = 1; k <= COMP_CWORD; k++)); do
        word="${COMP_WORDS[k]//[\"\'\\]/}"
        if [ "${#words[@]}" -gt 1 ] && { [ "$word" = "=" ] || [ "${COMP_WORDS[k-1]}" = "=" ]; }; then
            words[-1]+="$word"
        else
            words+=("$word")
        fi
    done
    current="${words[-1]}"
    unset 'words[-1]'
    case "$current" in --*=*) lead="${current%%=*}=" ;; esac
    case "${COMP_WORDS[COMP_CWORD]}" in [\"\']*) quote=1 ;; esac
    COMPREPLY=()
    while IFS= read -r line; do
        if [ "$line" = ":files" ]; then
            compopt -o default 2>/dev/null
        elif [ -n "$quote" ]; then
            COMPREPLY+=("${line#"$lead"}")
        else
            COMPREPLY+=("$(printf '%q' "${line#"$lead"}")")
        fi
    done < <(_RUSKOR_COMPLETE=1 "${words[@]}" "$current" 2>/dev/null)
}
complete -F _ruskor ruskor
"""
# A candidate that does not begin with what was typed («Pu» for «Vladimir Putin») is put in its place by -U.
# As a file in fpath it is read at the first use and must do its work then.
_ZSH = r"""#compdef ruskor
_ruskor() {
    local -a found begun
    local current="${(Q)PREFIX}"
    found=("${(@f)$(_RUSKOR_COMPLETE=1 ${words[1]} "${(@Q)words[2,CURRENT-1]}" "$current" 2>/dev/null)}")
    found=("${(@)found:#}")
    if [[ "${found[-1]}" == ":files" ]]; then
        found=("${(@)found[1,-2]}")
        _files
    fi
    (( ${#found} )) || return
    begun=("${(@M)found:#${(b)current}*}")
    if (( ${#begun} )); then
        compadd -- "${begun[@]}"
    else
        (( ${#found} > 1 )) && compstate[insert]=menu
        compadd -U -- "${found[@]}"
    fi
}
if [ "${funcstack[1]}" = "_ruskor" ]; then
    _ruskor "$@"
else
    compdef _ruskor ruskor
fi
"""
_FISH = r"""function __ruskor_complete
    set -l done (commandline -opc)
    set -l current (string replace -r '^["\']' '' -- (commandline -ct))
    for line in (_RUSKOR_COMPLETE=1 $done[1] $done[2..-1] (string unescape -- "$current"; or echo -- "$current") 2>/dev/null)
        if test "$line" = ":files"
            __fish_complete_path (commandline -ct)
        else
            echo -- $line
        end
    end
end
complete -c ruskor -f -a "(__ruskor_complete)"
"""
SCRIPTS = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}


def add_completion(app: typer.Typer) -> None:
    """Register `ruskor completion`."""

    @app.command()
    def completion(
        ctx: typer.Context,
        shell: Annotated[str, typer.Argument(metavar="bash|zsh|fish", help="The shell.", show_default=False)],
    ) -> int:
        """Print the script that completes commands, options, event ids, people and places in a shell."""
        from ruskor.errors import ExitCode, RuskorError

        if shell not in SCRIPTS:
            raise RuskorError(f"{shell!r} has no script", hint=f"shells: {', '.join(SCRIPTS)}")
        cast("Context", ctx.obj).write(SCRIPTS[shell])
        return ExitCode.OK


def complete(command: Any, words: Sequence[str], ctx: Context, defaults: dict[str, Any]) -> list[str]:
    """The candidates for the last of the words, which may be empty or begun; never an error."""
    *before, begun = list(words) or [""]
    leaf, name, rest = command, "", list(before)
    while rest and hasattr(leaf, "commands"):
        word = rest.pop(0)
        if word.startswith("-"):
            continue
        if word not in leaf.commands:
            return []
        leaf, name = leaf.commands[word], f"{name} {word}".strip()
    if hasattr(leaf, "commands"):
        flags = ["--help", "--version"] if leaf is command else ["--help"]
        return _begin([*leaf.commands, *(flags if begun.startswith("-") else [])], begun)
    flags_of = {flag: parameter for parameter in leaf.params for flag in (*parameter.opts, *parameter.secondary_opts)}
    options = {flag: parameter for flag, parameter in flags_of.items() if flag.startswith("-")}
    values, positional = _read(rest, options)
    db = values.get("--db") or defaults.get(name.split(" ", maxsplit=1)[0], {}).get("db") or ctx.env.get("RUSKOR_DB")
    flag, _, part = begun.partition("=")
    if rest and rest[-1] in options and not options[rest[-1]].is_flag:
        return _values(rest[-1], begun, db)
    if begun.startswith("--") and "=" in begun and flag in options:
        return [value if value == FILES else f"{flag}={value}" for value in _values(flag, part, db)]
    if begun.startswith("-"):
        return _begin(sorted({*options, "--help"}), begun)
    return _argument(name, positional, begun, db)


def _read(words: Sequence[str], options: dict[str, Any]) -> tuple[dict[str, str], int]:
    """(values of options so far, number of positional words)."""
    values: dict[str, str] = {}
    positional, waiting = 0, ""
    for word in words:
        if waiting:
            values[waiting], waiting = word, ""
        elif word.startswith("-") and word != "-":
            flag, _, value = word.partition("=")
            if value:
                values[flag] = value
            elif flag in options and not options[flag].is_flag:
                waiting = flag
        else:
            positional += 1
    return values, positional


def _begin(candidates: Sequence[str], begun: str) -> list[str]:
    return [candidate for candidate in candidates if candidate.startswith(begun)]


def _words(flag: str) -> Sequence[str] | None:
    """The values of an option that has a fixed list."""
    from typing import get_args

    from ruskor.lexicon import data_files, load_yaml
    from ruskor.model import Status

    lists: dict[str, Callable[[], Sequence[str]]] = {
        "--lang": lambda: ("en", "ar"),
        "--status": lambda: get_args(Status),
        "--type": lambda: list(load_yaml(data_files("codes.yaml")[0])),
        "--topic": lambda: [path.stem for path in data_files("topics/*.yaml")],
        "--format": lambda: _FORMATS,
        "-f": lambda: _FORMATS,
        "--input-format": lambda: ("text", "html", "jsonl", "json", "csv", "tsv", "parquet"),
        "--log-format": lambda: ("text", "json"),
    }
    return lists[flag]() if flag in lists else None


_FORMATS = ("table", "csv", "tsv", "json", "jsonl", "parquet", "xlsx", "geojson", "ics", "sqlite", "timelinejs", "polecat", "gdelt")
_FILE_OPTIONS = frozenset(("--db", "--output", "-o", "--files-from", "--errors", "--corrections", "--log-file", "--floors", "--gazetteer"))


def _values(flag: str, begun: str, db: str | None) -> list[str]:
    fixed = _words(flag)
    if fixed is not None:
        return _begin(fixed, begun)
    if flag == "--person":
        return _names(db, "people", begun)
    if flag == "--place":
        return _names(db, "places", begun)
    return [FILES] if flag in _FILE_OPTIONS else []


def _argument(name: str, positional: int, begun: str, db: str | None) -> list[str]:
    """Candidates for a positional word of a command."""
    if name in {"people", "places"} and positional == 0:
        return _names(db, name, begun)
    if name == "show" and positional == 0:
        return [*_names(db, "show", begun), FILES]
    if name == "forget":
        return _names(db, "articles", begun)
    if name == "completion":
        return _begin(list(SCRIPTS), begun)
    return [] if name in {"changes", "search", "data check", "data search", "dates"} else [FILES]


_QUERIES = {
    "people": "SELECT name FROM person GROUP BY name ORDER BY count(*) DESC, name",
    "places": "SELECT place FROM events WHERE place IS NOT NULL GROUP BY place ORDER BY count(*) DESC, place",
    "articles": "SELECT name FROM article ORDER BY name",
    "show": "SELECT event_id FROM events UNION ALL SELECT name FROM (SELECT name FROM article ORDER BY name)",
}
_MOST = 200


def _names(db: str | None, kind: str, begun: str) -> list[str]:
    """Names in the store that begin so, or of which a word does; none where there is no store that can be read."""
    if not db:
        return []
    import os
    import sqlite3

    from ruskor.errors import RuskorError
    from ruskor.store.db import connect

    try:
        conn = connect(os.path.expanduser(os.path.expandvars(db)))  # the shell has not expanded it yet
        try:
            names = [str(row[0]) for row in conn.execute(_QUERIES[kind])]
        finally:
            conn.close()
    except (RuskorError, sqlite3.Error, OSError):
        return []
    wanted = begun.casefold()
    first = [name for name in names if name.casefold().startswith(wanted)]
    # «Putin» is completed to the whole name, as the shell replaces the word.
    inner = [name for name in names if wanted and any(word.casefold().startswith(wanted) for word in name.split()[1:])]
    return list(dict.fromkeys([*first, *inner]))[:_MOST]
