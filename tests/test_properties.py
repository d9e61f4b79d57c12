"""Properties of reading that hold for any text."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from counting import calls
from hypothesis import example, given, settings
from hypothesis import strategies as st

from quotekit import Extractor, Quote, RuleSet
from quotekit.models import overlap

pytestmark = pytest.mark.model

STORIES: dict[str, str] = {
    story["id"]: story["text"]
    for story in map(
        json.loads, (Path(__file__).parents[1] / "data" / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    )
}
STRAIGHT = str.maketrans("“”‘’", "\"\"''")
EVERYTHING = Extractor(attitudes=True, min_confidence=0)
RULES_ALONE = Extractor(attitudes=True, min_confidence=0, encoder=False)

FRAGMENTS: list[str] = json.loads((Path(__file__).parent / "golden" / "fragments.json").read_text(encoding="utf-8"))
NEWS = st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join)
ANY = st.text(max_size=80) | NEWS | NEWS


def parts(quote: Quote) -> list[tuple[int, int]]:
    return [(part.start, part.end) for part in quote.content]


def overlaps(one: Quote, other: Quote) -> bool:
    return any(overlap(a, b) for a in parts(one) for b in parts(other))


Sound = Callable[[str, list[Quote]], None]


@settings(max_examples=120)
@given(ANY)
@example("")
@example("\x00")
@example("\ud800“It works,” said Ann Lee.\udfff")
@example("“It works,” said\x00 Ann Lee.")
@example('"' * 300)
@example("“" * 300)
@example("'" * 300)
@example("“‘«„”’»“" * 50)
@example("\n" * 300)
def test_any_text_has_valid_quotes(sound: Sound, text: str) -> None:
    quotes = EVERYTHING.extract(text)
    sound(text, quotes)
    assert EVERYTHING.extract(text) == quotes


@pytest.mark.parametrize("name", STORIES)
def test_stories_have_valid_quotes(sound: Sound, name: str) -> None:
    sound(STORIES[name], EVERYTHING.extract(STORIES[name]))


@pytest.mark.slow
@pytest.mark.parametrize("unit", ['"', "'", "“", "x" * 10, "\n" * 10, "“x,” "])
def test_work_grows_linearly_with_the_text(unit: str) -> None:
    EVERYTHING.extract("warm")
    some, many = unit * 150, unit * 1_500
    # Ten times the text; a quadratic step would show as a factor of a hundred.
    assert calls(lambda: EVERYTHING.extract(many)) < 15 * calls(lambda: EVERYTHING.extract(some))


@settings(max_examples=15)
@given(st.lists(NEWS, max_size=5), st.randoms(use_true_random=False))
def test_quotes_do_not_depend_on_the_batch_or_its_order(texts: list[str], random: Any) -> None:
    alone = [EVERYTHING.extract(text) for text in texts]
    assert list(EVERYTHING.pipe(texts)) == alone
    order = list(range(len(texts)))
    random.shuffle(order)
    again = {i: quotes for quotes, i in EVERYTHING.pipe(((texts[i], i) for i in order), as_tuples=True)}
    assert [again[i] for i in range(len(texts))] == alone


def test_processes_change_nothing() -> None:
    texts = [*STORIES.values()][:6]
    alone = list(EVERYTHING.pipe(texts))
    assert list(EVERYTHING.pipe(iter(texts), n_process=2, batch_size=1)) == alone


def test_threads_change_nothing() -> None:
    texts = [*STORIES.values()][:6]
    alone = [EVERYTHING.extract(text) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(EVERYTHING.extract, texts * 2)) == alone * 2


@pytest.mark.slow
def test_the_hash_seed_changes_nothing() -> None:
    code = (
        "import json, sys; from quotekit import Extractor; text = sys.stdin.buffer.read().decode('utf-8'); "
        "quotes = Extractor(attitudes=True, min_confidence=0).extract(text); "
        "print(json.dumps([quote.model_dump(mode='json') for quote in quotes]))"
    )
    text = "\n\n".join([*STORIES.values()][:3])
    printed = {
        subprocess.run(
            [sys.executable, "-c", code],
            input=text.encode(),
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PATH": "/usr/bin:/bin"},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(printed) == 1


@pytest.mark.parametrize("n_process", [1, 2])
def test_a_wrong_text_is_named_after_the_quotes_of_those_before_it(n_process: int) -> None:
    texts: list[Any] = ["It works, Ann Lee said.", "It rained.", None, "It works, Ann Lee said."]
    results = Extractor().pipe(texts, n_process=n_process, batch_size=2)
    assert [len(next(results)), len(next(results))] == [1, 0]
    with pytest.raises(TypeError, match=r"text 2 \(from 0\) must be a string, not NoneType"):
        next(results)


@pytest.mark.parametrize(
    ("item", "shown"), [("text", "str"), (("a", 1, 2), r"\(str, int, int\)"), ((3, "a"), r"\(int, str\)")]
)
def test_an_item_that_is_not_a_pair_is_named(item: Any, shown: str) -> None:
    with pytest.raises(TypeError, match=rf"item 1 \(from 0\) is {shown}$"):
        list(Extractor().pipe([("It rained.", 1), item], as_tuples=True))


ENDLESS = """
import itertools, multiprocessing, sys, time
from quotekit import Extractor
if __name__ == "__main__":
    results = Extractor().pipe(itertools.repeat("It works, Ann Lee said. " * 20), n_process=2, batch_size=4)
    next(results)
    print("ready", flush=True)
    if sys.argv[1] == "close":
        results.close()
        print(multiprocessing.active_children(), flush=True)
    else:
        for _ in results:
            pass
"""


@pytest.mark.slow
def test_a_closed_pipe_leaves_no_process(tmp_path: Path) -> None:
    (tmp_path / "endless.py").write_text(ENDLESS)
    done = subprocess.run(
        [sys.executable, "endless.py", "close"], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.split() == ["ready", "[]"]
    assert done.stderr == ""


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is no signal to a process group there")
@pytest.mark.slow
def test_an_interrupted_pipe_stops_and_only_the_parent_prints_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "endless.py").write_text(ENDLESS)
    with subprocess.Popen(
        [sys.executable, "endless.py", "run"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        # As a terminal does it: to the whole group, workers too.
        os.killpg(process.pid, signal.SIGINT)
        try:
            _, errors = process.communicate(timeout=20)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == -signal.SIGINT
    assert errors.count("Traceback") == 1
    assert errors.rstrip().endswith("KeyboardInterrupt")


def shape(quote: Quote) -> tuple[Any, ...]:
    return quote.kind, quote.verb, quote.rule, parts(quote), quote.source and (quote.source.start, quote.source.end)


@pytest.mark.parametrize("name", [name for name, text in STORIES.items() if "“" in text and "‘" not in text])
def test_curly_and_straight_marks_agree(name: str) -> None:
    # Double marks: a straight single one may be an apostrophe, and is read as one where it can be either.
    text = STORIES[name]
    curly, straight = EVERYTHING.extract(text), EVERYTHING.extract(text.translate(STRAIGHT))
    assert [shape(quote) for quote in straight] == [shape(quote) for quote in curly]
    assert [q.speaker and q.speaker.id for q in straight] == [q.speaker and q.speaker.id for q in curly]


@pytest.mark.parametrize("rule", [rule.id for rule in RuleSet.default()][::6])
def test_switching_off_a_rule_removes_only_its_own_quotes(rule: str) -> None:
    text = "\n\n".join([STORIES["harbour-lease"], STORIES["leaked-memo"]])
    without = Extractor(rules=RuleSet.default().without(rule), attitudes=True, min_confidence=0, encoder=False).extract(
        text
    )
    assert rule not in {quote.rule for quote in without}
    _unchanged(RULES_ALONE.extract(text), without, rule)


def _unchanged(before: list[Quote], after: list[Quote], rule: str) -> None:
    own = [quote for quote in before if quote.rule == rule]
    kept = {(tuple(parts(quote)), quote.rule) for quote in after}
    came = [
        quote for quote in after if (tuple(parts(quote)), quote.rule) not in {(tuple(parts(q)), q.rule) for q in before}
    ]
    for quote in before:
        # Layout rules depend on what is beside them.
        if quote.rule == rule or quote.rule.startswith("layout."):
            continue
        if not any(overlaps(quote, other) for other in (*own, *came)):
            assert (tuple(parts(quote)), quote.rule) in kept


@pytest.mark.parametrize("floor", [0.5, 0.8, 0.99])
def test_min_confidence_only_drops_quotes(floor: float) -> None:
    text = "\n\n".join([*STORIES.values()][:4])
    everything = EVERYTHING.extract(text)
    some = Extractor(attitudes=True, min_confidence=floor).extract(text)
    sure = [quote for quote in everything if quote.confidence >= floor]
    sourced = [quote for quote in sure if quote.source is not None or quote.kind == "direct"]
    assert [shape(quote) for quote in some] == [shape(quote) for quote in sourced]
    assert len(some) < len(everything)


def test_attitudes_only_add_quotes() -> None:
    text = STORIES["kestria-border-talks"]
    everything, statements = EVERYTHING.extract(text), Extractor().extract(text)
    assert {quote.act for quote in everything} == {"statement", "attitude"}
    assert [shape(quote) for quote in statements] == [shape(q) for q in everything if q.act == "statement"]
    assert [quote.speaker for quote in statements] == [q.speaker for q in everything if q.act == "statement"]


def test_without_resolving_the_quotes_are_the_same_and_have_no_speakers() -> None:
    text = STORIES["kestria-border-talks"]
    bare = Extractor(resolve=False).extract(text)
    assert {quote.speaker for quote in bare} == {None}
    assert [shape(quote) for quote in bare] == [shape(quote) for quote in Extractor().extract(text)]


def test_no_quotes_without_rules_and_encoder() -> None:
    assert Extractor(rules=RuleSet(), encoder=False).extract(STORIES["aid-convoy"]) == []


def test_all_quotes_are_the_encoder_s_without_rules() -> None:
    assert {quote.rule for quote in Extractor(rules=RuleSet()).extract(STORIES["aid-convoy"])} == {"encoder"}
