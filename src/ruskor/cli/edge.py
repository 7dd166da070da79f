"""The edge of the command line: defaults from files, errors as words and exit codes, a quiet end when the reader goes away."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from typing import Any

from ruskor.context import Context, ReaderGoneError, one_line, real_context
from ruskor.errors import ExitCode, RuskorError


def main(argv: Sequence[str] | None = None, *, context: Context | None = None) -> int:
    """Run a command line and return its exit code; nothing but KeyboardInterrupt within imports gets past it."""
    args = list(sys.argv[1:] if argv is None else argv)
    ctx = context or real_context()
    try:
        code = _run(args, ctx)
        ctx.flush()
    except KeyboardInterrupt:
        ctx.say("ruskor: interrupted")
        return ExitCode.INTERRUPTED
    except (ReaderGoneError, BrokenPipeError):
        _silence(ctx)
        return ExitCode.BROKEN_PIPE
    except RuskorError as error:
        return _tell(ctx, error)
    except OSError as error:
        ctx.fail(str(error))
        _trace(ctx)
        _silence(ctx)
        return ExitCode.PARTIAL
    except Exception as error:  # noqa: BLE001 - the last resort: words instead of a traceback
        ctx.say(f"ruskor: internal error: {type(error).__name__}: {one_line(str(error))}\n  please report it; -v shows where")
        _trace(ctx)
        return ExitCode.PARTIAL
    else:
        if code == ExitCode.INTERRUPTED:
            ctx.say("ruskor: interrupted")
        return code


def _run(args: list[str], ctx: Context) -> int:
    from ruskor.cli.app import command_line, defaults
    from ruskor.cli.completion import VARIABLE, complete

    command = command_line()
    if ctx.env.get(VARIABLE) == "1":
        ctx.write("".join(f"{one_line(word)}\n" for word in complete(command, args, ctx, _quiet_defaults(command, ctx))))
        return ExitCode.OK
    if not args:
        with command.make_context("ruskor", [], resilient_parsing=True) as parsed:
            ctx.say(parsed.command.get_usage(parsed))
        names = ", ".join(command.commands)
        ctx.say(f"Commands: {names}\nTry 'ruskor --help', or 'ruskor extract FOLDER'.")
        return ExitCode.USAGE
    ctx.lang = _asked_language(args, ctx.env.get("RUSKOR_LANG", ""))
    if "--help" not in args and "--version" not in args:
        found = defaults(command, ctx)
        extra: dict[str, Any] = {"default_map": found}
        ctx.lang = _asked_language(args, str(found.get(args[0], {}).get("lang") or ctx.lang))
    else:
        extra = {}
    try:
        return int(command.main(args, prog_name="ruskor", standalone_mode=False, obj=ctx, **extra) or 0)
    except Exception as error:
        # Typer has its own copy of click or not, by version: its errors are known by what they can do.
        words = getattr(error, "format_message", None)
        if words is None or not hasattr(error, "exit_code"):
            if type(error).__name__ == "Abort":
                raise KeyboardInterrupt from error
            raise
        where = getattr(getattr(error, "ctx", None), "command_path", "ruskor")
        raise RuskorError(one_line(words()), hint=f"try '{where} --help'") from error


def _asked_language(args: list[str], default: str) -> str:
    """The language of errors, told before the options are parsed so that their own errors have it too."""
    asked = default
    for k, word in enumerate(args):
        if word == "--":
            break
        if word == "--lang" and k + 1 < len(args):
            asked = args[k + 1]
        elif word.startswith("--lang="):
            asked = word.removeprefix("--lang=")
    return "ar" if asked == "ar" else "en"


def _quiet_defaults(command: Any, ctx: Context) -> dict[str, Any]:
    """The defaults of options, or none where a configuration file is wrong: completion never fails."""
    from ruskor.cli.app import defaults

    try:
        return defaults(command, ctx)
    except RuskorError:
        return {}


def _tell(ctx: Context, error: RuskorError) -> int:
    ctx.fail(error.reason, error.hint)
    _trace(ctx)
    try:
        ctx.flush()
    except (OSError, ValueError, ReaderGoneError):
        _silence(ctx)
    return error.code


def _trace(ctx: Context) -> None:
    if ctx.verbose:
        ctx.say(traceback.format_exc().rstrip())


def _silence(ctx: Context) -> None:
    """Give standard output to the null device, so that Python's own last flush finds no broken pipe."""
    try:
        descriptor = ctx.stdout.fileno()
    except (OSError, ValueError):
        return
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, descriptor)
    os.close(null)
