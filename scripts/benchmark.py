"""How fast ruskor is, and what it needs: cold starts, stages, the whole, memory, growth with the corpus, peers in the same run.

Times are processor time (user and system), so that other work on the machine disturbs little; a command's start is
also given as wall time. Texts are those of `synthesize.py`: no sentence stands twice, and what is measured is not what was read to warm up.

Usage: python scripts/benchmark.py [PART ...] [--sizes 1000,3000,10000] [--kilobytes 1.5] [--newswire FILE] [--maha PYTHON]
                                    [--json FILE] [--write]
Parts: cold stages dates whole jobs scale peers (default: all). `--write` puts the tables into docs/benchmarks.md. `--newswire` is
ANERcorp (docs/ner.md). `--maha` is the interpreter of an environment with `mahad`, which needs older releases of ruskor's own
requirements and must not be installed beside it.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import json
import math
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs" / "benchmarks.md"
PARTS = ("cold", "stages", "dates", "whole", "jobs", "scale", "peers")
Rows = list[dict[str, Any]]
_ENV = os.environ | {"PYTHONPATH": str(ROOT / "src"), "PYTHONHASHSEED": "0"}
_RUSKOR = [sys.executable, "-m", "ruskor"]
_PUBLISHED = "2024-06-18"


def texts(articles: int, *, seed: int = 1, kilobytes: float = 7.0) -> list[str]:
    """Synthetic articles."""
    from synthesize import synthesize

    return [record["text"] for record in synthesize(articles, seed=seed, kilobytes=kilobytes)]


def size(many: Sequence[str]) -> int:
    """Bytes of UTF-8."""
    return sum(len(text.encode()) for text in many)


def machine() -> dict[str, Any]:
    """The machine in general terms."""
    names = [line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    total = next((int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    return {
        "processor": names[0] if names else platform.processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_gb": round(total / 1e6),
        "system": platform.system(),
        "python": platform.python_version(),
    }


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def run(command: Sequence[str], *, cwd: Path | None = None) -> tuple[float, float, float, int]:
    """(wall seconds, processor seconds, greatest memory of one process in MB, exit code) of a command and its children."""
    script = (
        "import json,resource,subprocess,sys,time\n"
        "start=time.perf_counter()\n"
        "code=subprocess.call(sys.argv[1:],stdout=subprocess.DEVNULL,stderr=subprocess.DEVNULL)\n"
        "wall=time.perf_counter()-start\n"
        "used=resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(json.dumps([wall,used.ru_utime+used.ru_stime,used.ru_maxrss/1024,code]))\n"
    )
    done = subprocess.run([sys.executable, "-c", script, *command], cwd=cwd or ROOT, env=_ENV, capture_output=True, text=True, check=True)
    wall, used, memory, code = json.loads(done.stdout)
    return wall, used, memory, code


def cold() -> Rows:
    """Median start of each command, with warm file caches and compiled tables."""
    with tempfile.TemporaryDirectory() as folder:
        store = str(Path(folder) / "a.db")
        seeds = "seeds/"
        commands = {
            "--help": ["--help"],
            "--version": ["--version"],
            "dates": ["dates", "في 19 يونيو 2024"],
            "extract": ["extract", seeds, "-f", "csv"],
            "extract (table)": ["extract", seeds, "-f", "table"],
            "annotate": ["annotate", seeds],
            "articles": ["articles", seeds, "-f", "csv"],
            "summary": ["summary", seeds],
            "report": ["report", seeds, "-o", str(Path(folder) / "r.html")],
            "data search": ["data", "search", "بوتين"],
            "ingest (new)": ["ingest", seeds, "--db", store],
            "ingest (nothing new)": ["ingest", seeds, "--db", store],
            "changes": ["changes", "--db", store],
        }
        out = []
        for name, words in commands.items():
            if name == "ingest (new)":
                runs = [run([*_RUSKOR, *words])]
            else:
                run([*_RUSKOR, *words])
                runs = [run([*_RUSKOR, *words]) for _ in range(3)]
            wall, used, memory, _ = (statistics.median(column) for column in zip(*runs, strict=True))
            out.append(
                {"command": name, "wall_s": round(wall, 2), "processor_s": round(used, 2), "memory_mb": round(memory), "exit": runs[0][3]}
            )
        return out


_STAGES = {
    "read_document": "fold, tokens, lines, sentences", "find": "date expressions", "find_own_date": "the article's own date",
    "resolve_all": "dates to days", "find_people": "people, unknown names too", "find_places": "places", "build_entities": "entities",
    "build_scene": "triggers, clauses", "build_mentions": "mentions of events", "make_events": "events", "sketch": "near-copy sketch",
    "relevance": "relevance",
}  # fmt: skip


@contextlib.contextmanager
def stopwatches(module: Any, names: Sequence[str]) -> Iterator[dict[str, float]]:
    """Measure functions of a module while they run; the stages do not call one another."""
    seconds = dict.fromkeys((name for name in names if hasattr(module, name)), 0.0)
    kept = {name: getattr(module, name) for name in seconds}

    def timed(name: str, inner: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            start = time.process_time()
            try:
                return inner(*args, **options)
            finally:
                seconds[name] += time.process_time() - start

        return call

    for name, inner in kept.items():
        setattr(module, name, timed(name, inner))
    try:
        yield seconds
    finally:
        for name, inner in kept.items():
            setattr(module, name, inner)


def annotator() -> Callable[[str], Any]:
    """The complete annotation of one text."""
    from ruskor.model import Article
    from ruskor.pipeline import annotate_article, load_pipeline

    pipeline = load_pipeline()
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)  # as the command does
    return lambda text: annotate_article(pipeline, Article("a", "a", text))


def measure(work: Callable[[str], Any], many: Sequence[str]) -> float:
    """Processor seconds for all texts."""
    start = time.process_time()
    for text in many:
        work(text)
    return time.process_time() - start


def stages(articles: int = 150) -> Rows:
    """What each stage takes of the whole, on synthetic articles that follow others."""
    from ruskor import pipeline

    work = annotator()
    measure(work, texts(articles, seed=2))
    many = texts(articles, seed=3)
    with stopwatches(pipeline, list(_STAGES)) as seconds:
        total = measure(work, many)
    named = [(_STAGES[name], value) for name, value in seconds.items()]
    named.append(("names of the gazetteers, and the rest", total - sum(seconds.values())))
    named.sort(key=lambda row: -row[1])
    return [
        {"stage": name, "share": round(value / total, 3), "mb_per_s": round(size(many) / 1e6 / value, 2)}
        for name, value in named
        if value > 0
    ]


def dates(megabytes: float = 1.0) -> Rows:
    """`find_dates` on texts that it has not seen."""
    from ruskor.dates import find_dates

    many = texts(round(megabytes * 150), seed=4)
    measure(lambda text: find_dates(text, published=_PUBLISHED), texts(20, seed=5))
    seconds = measure(lambda text: find_dates(text, published=_PUBLISHED), many)
    return [{"what": "find_dates, synthetic", "mb": round(size(many) / 1e6, 2), "mb_per_s": round(size(many) / 1e6 / seconds, 2)}]


def newswire(path: Path, sentences: int = 20) -> list[str]:
    """The sentences of a file of tagged tokens (ANERcorp), so many an article."""
    from ner_data import read_sentences

    found = [sentence.text for sentence in read_sentences(path)]
    return ["\n".join(found[k : k + sentences]) for k in range(0, len(found), sentences)]


def whole(articles: int = 300, corpus: Path | None = None) -> Rows:
    """The complete annotation: synthetic articles that follow others, the seeds again and again, and newswire on all subjects.

    Of the newswire the second half is measured when the first has been read, and once more when its words are known, as those of an
    archive soon are.
    """
    work = annotator()
    measure(work, texts(articles, seed=6))
    seeds = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds").glob("*.txt"))] * 20
    kinds = [("synthetic, no sentence twice", texts(articles, seed=7)), ("seeds, repeated", seeds)]
    if corpus is not None:
        news = newswire(corpus)
        measure(work, news[: len(news) // 2])
        kinds += [(f"newswire, {words}", news[len(news) // 2 :]) for words in ("no sentence twice", "again, its words known")]
    out = []
    for name, many in kinds:
        seconds = measure(work, many)
        rate = size(many) / 1e6 / seconds
        out.append(
            {
                "what": name,
                "articles": len(many),
                "mb_per_s": round(rate, 3),
                "articles_per_s": round(len(many) / seconds, 1),
                "of_7kb_per_s": round(rate * 1e3 / 7, 1),
            }
        )
    return out


def write_corpus(path: Path, articles: int, kilobytes: float) -> float:
    """Write a corpus as JSON lines; its size in MB."""
    subprocess.run(
        [sys.executable, str(ROOT / "scripts/synthesize.py"), str(articles), "--kilobytes", str(kilobytes), "-o", str(path)],
        check=True,
        env=_ENV,
    )
    return path.stat().st_size / 1e6


def watch(command: Sequence[str]) -> tuple[float, float, float, int]:
    """Like `run`, with the memory of the command and all its children together, looked at ten times a second."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=_ENV, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    most = 0.0
    while process.poll() is None:
        most = max(most, _memory(process.pid))
        time.sleep(0.1)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, most, process.returncode


def _memory(pid: int) -> float:
    """MB that a process and its descendants hold, shared pages shared out (PSS), as far as the system tells."""
    total = 0.0
    for line in _lines(f"/proc/{pid}/smaps_rollup"):
        if line.startswith("Pss:"):
            total += int(line.split()[1]) / 1024
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        total += sum(_memory(int(child)) for line in _lines(str(task)) for child in line.split())
    return total


def exponent(points: Sequence[tuple[float, float]]) -> float:
    """The slope of a line through the logarithms, by least squares."""
    xs, ys = [math.log(x) for x, _ in points], [math.log(y) for _, y in points]
    mx, my = statistics.mean(xs), statistics.mean(ys)
    return sum((x - mx) * (y - my) for x, y in zip(xs, ys, strict=True)) / sum((x - mx) ** 2 for x in xs)


def scale(sizes: Sequence[int], kilobytes: float) -> Rows:
    """`ruskor extract`, merging included, on corpora of growing size."""
    out: Rows = []
    with tempfile.TemporaryDirectory() as folder:
        for articles in sizes:
            path = Path(folder) / f"{articles}.jsonl"
            mb = write_corpus(path, articles, kilobytes)
            wall, used, memory, code = watch([*_RUSKOR, "extract", str(path), "-o", str(Path(folder) / "out.csv"), "-q"])
            out.append(
                {
                    "articles": articles,
                    "mb": round(mb, 1),
                    "wall_s": round(wall, 1),
                    "processor_s": round(used, 1),
                    "memory_mb": round(memory),
                    "exit": code,
                }
            )
            path.unlink()
            print(json.dumps(out[-1]), file=sys.stderr)
    if len(out) > 1:
        out.append({"articles": "exponent", "processor_s": round(exponent([(row["articles"], row["processor_s"]) for row in out]), 3)})
    return out


def jobs(articles: int = 4000) -> Rows:
    """One process against two, on the same corpus, by the wall clock; the outputs are compared."""
    out: Rows = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.jsonl"
        write_corpus(path, articles, 3.0)
        for number in ("1", "2"):
            target = Path(folder) / f"{number}.jsonl"
            wall, used, memory, code = watch([*_RUSKOR, "annotate", str(path), "-j", number, "-o", str(target), "-q"])
            out.append({"jobs": number, "wall_s": round(wall, 2), "processor_s": round(used, 2), "memory_mb": round(memory), "exit": code})
        same = (Path(folder) / "1.jsonl").read_bytes() == (Path(folder) / "2.jsonl").read_bytes()
        out.append({"jobs": "ratio", "wall_s": round(out[0]["wall_s"] / out[1]["wall_s"], 2), "same_bytes": same})
    return out


_MAHA = """
import json, sys, time
from maha.parsers.functions import parse_dimension
texts = json.load(sys.stdin)
parse_dimension(texts[0], time=True)
start = time.process_time()
found = sum(len(parse_dimension(text, time=True)) for text in texts)
print(json.dumps([time.process_time() - start, found]))
"""


def peers(maha: str | None, kilobytes: float = 60.0) -> Rows:
    """Others' dates and names on the same texts in the same run; dates only, where ruskor's whole annotation stands beside them."""
    many = texts(max(3, round(kilobytes / 7)), seed=8)
    total = size(many) / 1e6
    work = annotator()
    measure(work, texts(100, seed=9))
    out: Rows = []

    def add(name: str, what: str, seconds: float, found: int | None = None) -> None:
        out.append({"tool": name, "what": what, "kb": round(total * 1e3), "mb_per_s": float(f"{total / seconds:.3g}"), "found": found})

    from ruskor.dates import find_dates

    add("ruskor find_dates", "dates", measure(lambda t: find_dates(t, published=_PUBLISHED), many))
    add("ruskor annotate", "dates, people, places, organisations, events", measure(work, many))
    try:
        from dateparser.search import search_dates
    except ImportError:
        out.append({"tool": "dateparser", "what": "not installed"})
    else:
        found: list[Any] = []
        search_dates(many[0][:200], languages=["ar"])
        add(
            "dateparser, languages=['ar']",
            "dates",
            measure(lambda t: found.extend(search_dates(t, languages=["ar"]) or []), many),
            len(found),
        )
    if maha:
        done = subprocess.run([maha, "-c", _MAHA], input=json.dumps(many), capture_output=True, text=True, check=True)
        seconds, count = json.loads(done.stdout.splitlines()[-1])
        add("Maha (mahad)", "dates", seconds, count)
    else:
        out.append({"tool": "Maha (mahad)", "what": "not installed (--maha)"})
    out += _name_peers(many, total)
    return out


def _name_peers(many: Sequence[str], total: float) -> Rows:
    """A plain gazetteer (one automaton over raw strings) and a plain CRF (word features, random weights: only its speed counts)."""
    out: Rows = []
    try:
        import ahocorasick_rs
    except ImportError:
        pass
    else:
        from synthesize import load_stock

        stock = load_stock()
        automaton = ahocorasick_rs.AhoCorasick([*stock.people, *stock.cities, *stock.countries.values()])
        count = sum(len(automaton.find_matches_as_indexes(text)) for text in many)
        seconds = measure(automaton.find_matches_as_indexes, many)
        out.append(
            {
                "tool": "gazetteer, raw strings (ahocorasick_rs)",
                "what": "names as written",
                "mb_per_s": float(f"{total / seconds:.3g}"),
                "found": count,
            }
        )
    try:
        import pycrfsuite
    except ImportError:
        return out
    with tempfile.TemporaryDirectory() as folder:
        trainer = pycrfsuite.Trainer(verbose=False)
        trainer.set_params({"max_iterations": 3})
        for k, text in enumerate(many[:3]):
            words = text.split()
            trainer.append(_crf_features(words), ["B" if (i * 7 + k) % 9 == 0 else "O" for i in range(len(words))])
        model = str(Path(folder) / "m")
        trainer.train(model)
        tagger = pycrfsuite.Tagger()
        tagger.open(model)
        seconds = measure(lambda text: tagger.tag(_crf_features(text.split())), many)
    out.append({"tool": "CRF (python-crfsuite), six features a word", "what": "names", "mb_per_s": float(f"{total / seconds:.3g}")})
    return out


def _crf_features(words: Sequence[str]) -> list[list[str]]:
    around = ["", *words, ""]
    return [
        [f"w={b}", f"-={a}", f"+={c}", f"p={b[:3]}", f"s={b[-3:]}", f"n={len(b)}"]
        for a, b, c in zip(around, words, around[2:], strict=False)
    ]


def table(rows: Rows) -> str:
    """A Markdown table of all columns."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    lines = [" | ".join(columns), " | ".join("---" for _ in columns)]
    lines += [" | ".join("" if row.get(column) is None else str(row[column]) for column in columns) for row in rows]
    return "\n".join(f"| {line} |" for line in lines)


def write(found: dict[str, Any]) -> None:
    """Put the tables between their marks in docs/benchmarks.md; parts that were not measured stay as they are."""
    text = DOCS.read_text(encoding="utf-8")
    parts = {part: table(rows) for part, rows in found["parts"].items()}
    parts["machine"] = ", ".join(f"{key}: {value}" for key, value in found["machine"].items())
    for part, body in parts.items():
        start, mark, rest = text.partition(f"<!-- {part} -->\n")
        text = f"{start}{mark}{body}\n{rest[rest.index('<!-- end -->') :]}"
    DOCS.write_text(text, encoding="utf-8")


def main() -> None:
    """Measure the parts asked for and print them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--sizes", default="1000,3000,10000")
    parser.add_argument("--kilobytes", type=float, default=1.5, help="mean length of the articles of `scale`")
    parser.add_argument("--maha", default=shutil.which("maha-python"), help="interpreter of an environment with mahad")
    parser.add_argument("--newswire", type=Path, help="ANERcorp, token TAB tag, for `whole`")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    wrong = [part for part in given.parts if part not in PARTS]
    if wrong:
        parser.error(f"{wrong[0]}: no such part")
    sys.path[:0] = [str(ROOT / "src"), str(ROOT / "scripts")]
    work: dict[str, Callable[[], Rows]] = {
        "cold": cold, "stages": stages, "dates": dates, "whole": lambda: whole(corpus=given.newswire), "jobs": jobs,
        "scale": lambda: scale([int(number) for number in given.sizes.split(",")], given.kilobytes), "peers": lambda: peers(given.maha),
    }  # fmt: skip
    found: dict[str, Any] = {"machine": machine(), "parts": {}}
    for part in given.parts or PARTS:
        found["parts"][part] = work[part]()
        print(f"\n## {part}\n\n{table(found['parts'][part])}", flush=True)
    if given.json:
        given.json.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if given.write:
        write(found)


if __name__ == "__main__":
    main()
