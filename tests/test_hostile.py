"""Texts that no newspaper would print: no crash, valid quotes, and bounded work."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from quotekit import Extractor, Quote, TextSpan
from quotekit.article import parser as parsing
from quotekit.article import word_table
from quotekit.article.paragraphs import read_article
from quotekit.article.parse import Parse
from quotekit.article.parsed import ParsedArticle
from quotekit.article.parser import parse_article
from quotekit.article.quoted import find_quoted
from quotekit.attribution.competing import join_split
from quotekit.batch.records import Result
from quotekit.batch.writing.jsonl import json_line
from quotekit.candidates.candidate import Candidate
from quotekit.candidates.content import LONGEST_GAP, Reader
from quotekit.candidates.extending import _runs_on
from quotekit.candidates.spans import MOST_RUNS, content_runs
from quotekit.explain import quotation_marks
from quotekit.explain.explanation import Explanation

if TYPE_CHECKING:
    from spacy.language import Language

GOLDEN = Path(__file__).parent / "golden"
CASES = [json.loads(line) for line in (GOLDEN / "hostile.jsonl").read_text(encoding="utf-8").splitlines()]
RULES, BOTH = Extractor(attitudes=True, min_confidence=0, encoder=False), Extractor(attitudes=True, min_confidence=0)
SURROGATES = "\ud800“It w\udfffrks,” said Ann\udc80 Lee."

Sound = Callable[[str, list[Quote]], None]


def a_parse(text: str, heads: list[int], dep: str, **columns: list[str]) -> Parse:
    """Return a parse of one sentence: the words of ``text``, one space apart, with these heads."""
    words = text.split(" ")
    starts = [0]
    for word in words[:-1]:
        starts.append(starts[-1] + len(word) + 1)
    count = len(words)
    return Parse(
        text,
        words,
        [word.lower() for word in words],
        columns.get("tags", ["VBD"] * count),
        columns.get("pos", ["VERB"] * count),
        columns.get("deps", [dep] * count),
        heads,
        starts,
        [start + len(word) for start, word in zip(starts, words, strict=True)],
        [0] * count,
    )


def a_page(parse: Parse) -> ParsedArticle:
    article = read_article(parse.text)
    return ParsedArticle(article, find_quoted(article), parse)


class Counted(list[Any]):
    """A list that counts what is looked up in it."""

    looked_up = 0

    def __getitem__(self, at: Any) -> Any:
        self.looked_up += 1
        return super().__getitem__(at)


@pytest.mark.model
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_hostile_text_has_valid_quotes(case: dict[str, Any], sound: Sound) -> None:
    text = case["unit"] * case["times"]
    quotes = RULES.extract(text)
    sound(text, quotes)
    explanation = RULES.explain(text)
    assert [one.quote for one in explanation.quotes] == quotes
    assert Explanation.model_validate_json(explanation.model_dump_json()) == explanation
    # The network costs more than all the rest, and sees no more of a unit in many than in some.
    some = text[: 40 * len(case["unit"])]
    sound(some, BOTH.extract(some))


class TestTrees:
    """Trees that no sentence has, but that the parser makes of other texts."""

    @pytest.mark.parametrize("dep", ["ccomp", "nsubj", "prep", "conj", "relcl", "advcl"])
    @pytest.mark.parametrize("shape", ["up", "down", "star"])
    def test_any_depth_and_any_width(self, shape: str, dep: str, sound: Sound) -> None:
        count = 2_000
        text = " ".join(["said", "he", "of", "that"] * (count // 4))
        up = [max(0, i - 1) for i in range(count)]
        down = [min(count - 1, i + 1) for i in range(count)]
        heads = {"up": up, "down": down, "star": [0] * count}[shape]
        parse = a_parse(text, heads, dep)
        sound(text, RULES.read_parse(read_article(text), parse))

    def test_content_in_very_many_pieces_is_dropped(self) -> None:
        count = 2 * MOST_RUNS + 4
        # Every second word hangs on the last but one, the others on the cue.
        heads = [0, *(count - 1 if i % 2 else 0 for i in range(1, count - 1)), count - 1]
        parse = a_parse(" ".join(["it"] * count), heads, "dep")
        assert content_runs(parse, count - 1, [0], 0) == []
        few = a_parse("it it it it it", [0, 4, 0, 4, 4], "dep")
        assert content_runs(few, 4, [0], 0) == [[1], [3, 4]]


class TestLookingFar:
    """Steps that look for the next quoted words, or the last quote, when these are far away."""

    COUNT = 5_000

    @pytest.fixture
    def page(self) -> ParsedArticle:
        words = ["it"] * self.COUNT
        text = " ".join(["“It", "works,”", *words, "“it", "works”"])
        count = len(text.split(" "))
        parse = a_parse(text, [0] * count, "dep", pos=["NOUN"] * count)
        parse.pos = Counted(parse.pos)
        parse.starts = Counted(parse.starts)
        return a_page(parse)

    def looked_up(self, page: ParsedArticle) -> int:
        assert isinstance(page.parse.pos, Counted)
        return page.parse.pos.looked_up

    def test_quoted_words_far_behind_a_cue(self, page: ParsedArticle) -> None:
        reader = Reader(page, 0)
        before = self.looked_up(page)
        assert reader._quoted_after([10], 10) == []
        assert self.looked_up(page) - before <= 2 * LONGEST_GAP + 4

    def test_quoted_words_far_before_a_cue(self, page: ParsedArticle) -> None:
        reader = Reader(page, 0)
        before = self.looked_up(page)
        assert reader._quoted_before([self.COUNT]) == []
        assert self.looked_up(page) - before <= 4

    def test_nothing_but_marks_between_quoted_words_and_a_cue(self, page: ParsedArticle) -> None:
        page.parse.pos = Counted(["PUNCT"] * len(page.parse))
        assert Reader(page, 0)._quoted_before([self.COUNT]) == []
        assert self.looked_up(page) <= 4

    def test_a_quote_far_before_quoted_words(self, page: ParsedArticle) -> None:
        parse = page.parse
        assert isinstance(parse.starts, Counted)
        gap = parse.ends[2], page.outermost[-1].outer[0]
        before = parse.starts.looked_up
        assert not _runs_on(page, gap)
        # Two look-ups by halves find the gap.
        assert parse.starts.looked_up - before <= 40


def test_parts_of_one_quote_are_in_text_order() -> None:
    parse = a_parse("one two three said four five", [3] * 6, "dep", pos=["NOUN"] * 6)
    source, cue = parse.span(2, 2), parse.span(3, 3)
    outer = Candidate((parse.span(0, 0), parse.span(5, 5)), source, cue, "say", "statement", "en.clause", 0.9)
    between = Candidate((parse.span(1, 1),), source, cue, "say", "statement", "en.parenthesis", 0.9)
    (joined,) = join_split(a_page(parse), [outer, between])
    assert joined.content == (parse.span(0, 0), parse.span(1, 1), parse.span(5, 5))


@pytest.mark.model
class TestLoneSurrogates:
    """Python strings may hold them and UTF-8 may not: they are kept in place, and JSON has escapes for them."""

    def test_a_quote_survives_json(self) -> None:
        (quote,) = RULES.extract(SURROGATES)
        assert all(SURROGATES[part.start : part.end] == part.text for part in quote.content)
        line = quote.model_dump_json()
        assert b"\\udfff" in line.encode("utf-8")
        assert Quote.model_validate_json(line) == Quote.model_validate_json(line.encode()) == quote
        assert Quote.model_validate(json.loads(line)) == quote
        assert Quote.model_validate_json(quote.model_dump_json(indent=1, exclude_none=True)) == quote

    def test_the_command_line_writes_the_same(self) -> None:
        quotes = RULES.extract(SURROGATES)
        (written,) = json.loads(json_line(Result("a.txt", quotes)))["quotes"]
        assert Quote.model_validate(written) == quotes[0]

    def test_an_explanation_survives_json(self) -> None:
        explanation = RULES.explain(SURROGATES)
        assert Explanation.model_validate_json(explanation.model_dump_json()) == explanation

    @pytest.mark.parametrize("line", ["{", '{"start": 0, "end": 1, "text": "\\ud800', "nonsense"])
    def test_invalid_json_is_refused(self, line: str) -> None:
        with pytest.raises(ValueError, match="Invalid JSON"):
            TextSpan.model_validate_json(line)


@pytest.mark.model
class TestMemory:
    """What is kept of texts is bounded, however many are read."""

    TEXT = "“The frobulant is wexify,” said Quandle Ostrevik, who glimmered the plimsoak."

    @pytest.fixture
    def forgetful(self, monkeypatch: pytest.MonkeyPatch, nlp: Language) -> Language:
        """The model, which keeps no more words."""
        monkeypatch.setattr(parsing, "WORDS", 0)
        return nlp

    def test_new_words_are_forgotten(self, forgetful: Language) -> None:
        strings = len(forgetful.vocab.strings)
        parse = parse_article(read_article(self.TEXT))
        assert len(forgetful.vocab.strings) == strings
        assert "frobulant" not in forgetful.vocab.strings
        assert "frobulant" in parse.words

    def test_forgetting_words_changes_nothing(self, monkeypatch: pytest.MonkeyPatch, nlp: Language) -> None:
        text = self.TEXT.replace("frobulant", "frobulist")
        monkeypatch.setattr(parsing, "WORDS", 0)
        forgotten = parse_article(read_article(text)), parse_article(read_article(text))
        monkeypatch.setattr(parsing, "WORDS", 10**9)
        kept = parse_article(read_article(text)), parse_article(read_article(text))
        assert forgotten[0] == forgotten[1] == kept[0] == kept[1]

    def test_lemmas_are_not_kept_for_ever(self, forgetful: Language, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(word_table, "MOST_ENTRIES", 0)
        parse_article(read_article("It rained."))
        cache = forgetful.get_pipe("lemmatizer").cache
        parse_article(read_article(self.TEXT))
        seen = len(cache)
        parse_article(read_article("It rained."))
        assert len(cache) < seen

    def test_a_failure_leaves_the_model_unchanged(self, forgetful: Language, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*arguments: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(Parse, "append", fail)
            with pytest.raises(KeyboardInterrupt):
                parse_article(read_article(self.TEXT))
        assert not forgetful.vocab.in_memory_zone
        assert parse_article(read_article(self.TEXT)).words[0] == "“"


@pytest.mark.model
def test_the_length_of_an_explanation_grows_with_its_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quotation_marks, "LONGEST", 100)

    def share(count: int) -> float:
        text = "“" + "Bo said, ‘it works for us.’ " * count + "It rained,” Ann Lee said."
        explanation = RULES.explain(text)
        assert len(explanation.quotes) == count + 1
        return len(explanation.model_dump_json()) / len(text)

    assert share(80) < 1.3 * share(20)
