"""Work on a stream by several processes: chunks go out and come back in order, and never more of them than the processes can chew.

The first tasks are done here: what is small is finished before a worker would be ready. Workers are forked where the system can
(measured: 15 ms a worker, and the tables and memories of this process are theirs at once; a fresh interpreter needs 0.7 s and its own
tables), else they are fresh interpreters and `work` is pickled. A worker that is lost, or an interrupt, ends everything at once.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from ruskor.errors import ExitCode, RuskorError

T = TypeVar("T")
R = TypeVar("R")
# Letters that are done here before anybody else is asked, and letters of one chunk: a fifth of a second's work, and a tenth.
FIRST, CHUNK = 40_000, 20_000
_AHEAD = 3  # chunks for each worker that may wait for an earlier one


def cores() -> int:
    """How many processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def ordered(
    tasks: Iterable[T], work: Callable[[T], R], *, jobs: int, weight: Callable[[T], int], first: int = FIRST, chunk: int = CHUNK
) -> Iterator[R]:
    """`work` of every task, in their order.

    `weight` is a task's size in letters. Raises what `work` raises, and RuskorError where a worker is lost.
    """
    source = iter(tasks)
    done = 0
    while jobs < 2 or done < first:
        try:
            task = next(source)
        except StopIteration:
            return
        done += weight(task)
        yield work(task)
    yield from _shared(_chunks(source, weight, chunk), work, jobs)


def _chunks(source: Iterator[T], weight: Callable[[T], int], size: int) -> Iterator[list[T]]:
    found: list[T] = []
    total = 0
    for task in source:
        found.append(task)
        total += weight(task)
        if total >= size or len(found) >= 256:
            yield found
            found, total = [], 0
    if found:
        yield found


def _shared(chunks: Iterator[list[T]], work: Callable[[T], R], jobs: int) -> Iterator[R]:
    """The chunks' results in order; at most `_AHEAD` chunks a worker are under way or waiting."""
    waiting: dict[int, list[R]] = {}
    sent = next_out = 0
    with _crew(work, jobs) as (todo, finished):
        more = True
        while more or next_out < sent:
            while more and sent - next_out < jobs * _AHEAD:
                found = next(chunks, None)
                if found is None:
                    more = False
                else:
                    todo.put((sent, found))
                    sent += 1
            while next_out < sent and next_out not in waiting:
                number, results, error = finished.get()
                if error is not None:
                    raise error
                waiting[number] = results
            if next_out < sent:
                yield from waiting.pop(next_out)
                next_out += 1


@contextlib.contextmanager
def _crew(work: Callable[[Any], Any], jobs: int) -> Iterator[tuple[queue.SimpleQueue[Any], queue.SimpleQueue[Any]]]:
    """Workers, each with a thread that hands it chunks and takes its results, so that reading and writing here never stops them."""
    context: Any = multiprocessing.get_context(
        "fork" if "fork" in multiprocessing.get_all_start_methods() and sys.platform != "darwin" else "spawn"
    )
    todo: queue.SimpleQueue[Any] = queue.SimpleQueue()
    finished: queue.SimpleQueue[Any] = queue.SimpleQueue()
    processes: list[tuple[Any, Connection]] = []
    gc.collect()
    gc.freeze()  # what is here stays shared: no collection in a worker touches it
    try:
        for number in range(jobs):
            here, there = context.Pipe()
            # A forked worker has the ends of those before it: while one holds them, the loss of this process would not be seen.
            process = context.Process(
                target=_serve, args=(there, work, [other for _, other in processes]), name=f"ruskor-{number + 1}", daemon=True
            )
            process.start()
            there.close()
            processes.append((process, here))
        for process, here in processes:
            threading.Thread(target=_hand, args=(process, here, todo, finished), daemon=True).start()
        yield todo, finished
    finally:
        gc.unfreeze()
        for _ in processes:
            todo.put(None)
        for process, _ in processes:
            process.terminate()
        for process, _ in processes:
            process.join(5)


def _hand(process: Any, pipe: Connection, todo: queue.SimpleQueue[Any], finished: queue.SimpleQueue[Any]) -> None:
    """One worker's errands, until there is nothing more or the worker is lost."""
    number = -1
    try:
        while (found := todo.get()) is not None:
            number, tasks = found
            pipe.send(tasks)
            results, error = pipe.recv()
            finished.put((number, results, error))
    except (EOFError, OSError):
        process.join(1)
        code = process.exitcode
        fate = f"killed by {_signal(-code)}" if code is not None and code < 0 else f"exit code {code}"
        words = f"a worker process was lost ({fate}); nothing after the articles already written was done"
        hint = "perhaps there was not enough memory: try -j 1"
        finished.put((number, [], RuskorError(words, hint=hint, code=ExitCode.PARTIAL)))
    except Exception as error:  # noqa: BLE001 - whatever cannot be sent or read ends the run and is told by the caller
        finished.put((number, [], error))


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _serve(pipe: Connection, work: Callable[[Any], Any], others: list[Connection]) -> None:
    """A worker's life: chunks in, results out; it ends with the pipe, and leaves an interrupt to its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for other in others:
        other.close()
    try:
        while True:
            tasks = pipe.recv()
            answer: tuple[list[Any], Exception | None]
            try:
                answer = [work(task) for task in tasks], None
            except Exception as error:  # noqa: BLE001 - it is raised again in the parent
                answer = [], error
            pipe.send(answer)
    except (EOFError, OSError):
        return
