"""Candidates of the encoder: edges at quotation marks, bare sources, verb and act of a cue."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotekit.article.paragraphs import read_article
from quotekit.article.parse import Parse
from quotekit.article.parsed import ParsedArticle
from quotekit.article.quoted import find_quoted
from quotekit.candidates.candidate import Candidate
from quotekit.candidates.from_encoder import BIASES, ENCODER, CueReader, _bare, propose, snapped, whole
from quotekit.encoder.decoding import CONTENT, CUE, SOURCE, Run
from quotekit.lexicon.cues import Cues
from quotekit.models import Span

PIER = "Ann Lee said that the pier “is very safe” today, it seems."
TWO = "“Open the pier”“or close it,” said Tom Brandt... And so on."
APART = "“Open the pier” and “or close it,” said Tom Brandt."
QUOTED = "“The pier is safe,” said Ann Lee."


def page(text: str, tokens: str = "") -> ParsedArticle:
    """Return an article with a parse of ``tokens``: word, lemma, part of speech and label, separated by slashes."""
    article = read_article(text)
    parse, at = Parse(text), 0
    for i, token in enumerate(tokens.split()):
        word, lemma, pos, dep = (*token.split("/"), *["x"] * 3)[:4]
        start = text.index(word, at)
        at = start + len(word)
        for words, value in ((parse.words, word), (parse.lemmas, lemma), (parse.pos, pos), (parse.deps, dep)):
            words.append(value)
        for places, place in ((parse.heads, i), (parse.starts, start), (parse.ends, at), (parse.sentences, 0)):
            places.append(place)
    return ParsedArticle(article, find_quoted(article), parse)


def at(text: str, words: str) -> Span:
    start = text.index(words)
    return start, start + len(words)


class TestWhole:
    @pytest.mark.parametrize(
        ("seen", "kept"),
        [
            # A cut word is completed at either edge; an edge at a mark or a blank does not cut a word.
            ("Dr", "Drozd"),
            ("ozd", "Drozd"),
            ("Drozd", "Drozd"),
            ("Pavel Dr", "Pavel Drozd"),
            ("vel Dro", "Pavel Drozd"),
            ("Drozd ", "Drozd "),
            ("well", "well"),
        ],
    )
    def test_edges(self, seen: str, kept: str) -> None:
        text = "Pavel Drozd is well-known."
        assert whole(page(text, "Pavel Drozd is well-known ."), at(text, seen)) == at(text, kept)

    def test_without_tokens(self) -> None:
        assert whole(page("Pavel"), (0, 3)) == (0, 3)


class TestSnapped:
    @pytest.mark.parametrize(
        ("text", "seen", "kept"),
        [
            # Inside one quoted stretch: at least half or its beginning becomes all of it; another part stays.
            (PIER, "is very safe", "is very safe"),
            # A line separator is white space, also before punctuation.
            ("She said that it works\u2028 , adding more.", "that it works\u2028 ,", "that it works"),
            (PIER, "“is very safe”", "is very safe"),
            (PIER, "very safe", "is very safe"),
            (PIER, "is", "is very safe"),
            (PIER, "safe", "safe"),
            # More than the stretch: both marks, or nothing of it.
            (PIER, "that the pier “is very safe", "that the pier “is very safe”"),
            (PIER, "that the pier “is", "that the pier"),
            (PIER, "very safe” today", "“is very safe” today"),
            (PIER, "safe” today,", "today"),
            (PIER, "pier “is very safe” today", "pier “is very safe” today"),
            (PIER, "“is very safe” today,", "“is very safe” today"),
            # Without marks: no comma and no full stop at the edges, except those of abbreviations and ellipses.
            (PIER, ", it seems.", "it seems"),
            (PIER, " today,", "today"),
            (TWO, "Tom Brandt...", "Tom Brandt..."),
            # Two stretches.
            (TWO, "“Open the pier”“or close it,”", "“Open the pier”“or close it,”"),
            (TWO, "Open the pier”“or", "“Open the pier”"),
            (TWO, "pier”“or", "or close it,"),
            (APART, "pier” and “or", "and"),
            (APART, "pier” and “or close it", "and “or close it,”"),
        ],
    )
    def test_edges(self, text: str, seen: str, kept: str) -> None:
        found = snapped(page(text), at(text, seen))
        wanted = "Open the pier" if kept == "“Open the pier”" else kept
        assert text[slice(*found)] == wanted

    def test_a_span_between_two_stretches_can_be_empty(self) -> None:
        text = APART.replace(" and ", " ")
        start, end = snapped(page(text), at(text, "pier” “or"))
        assert start == end
        assert proposed(runs(["pier” “or"], None, None, text), text=text) == []

    def test_the_remainder_is_one_stretch(self) -> None:
        text = "It was – “a disgrace” – he said."
        assert text[slice(*snapped(page(text), at(text, "– “a disgrace” –")))] == "a disgrace"

    @pytest.mark.parametrize(
        ("seen", "kept"),
        [(", to the U.S.", "to the U.S."), (", to the U.S.,", "to the U.S."), (", to the pier", "to the pier")],
    )
    def test_the_stop_of_an_abbreviation_is_kept(self, seen: str, kept: str) -> None:
        text = f"She said{seen} It rained."
        one = page(text, f"She said {seen.replace(',', ' , ')}")
        assert text[slice(*snapped(one, at(text, seen)))] == kept

    @given(st.text(alphabet="ab “”,. \n", min_size=1, max_size=30), st.data())
    def test_a_span_stays_inside_the_text(self, text: str, data: st.DataObject) -> None:
        start = data.draw(st.integers(0, len(text) - 1))
        end = data.draw(st.integers(start + 1, len(text)))
        first, last = snapped(page(text), (start, end))
        assert 0 <= first <= last <= len(text)


class TestBare:
    @pytest.mark.parametrize(
        ("seen", "kept"),
        [
            ("Ann Lee", "Ann Lee"),
            ("Ann Lee's", "Ann Lee"),
            ("Ann Lee’s", "Ann Lee"),
            (", Ann Lee,", "Ann Lee"),
            ("— Ann Lee: ", "Ann Lee"),
            ("Tom Brandt Jr.", "Tom Brandt Jr."),
            ("'s", "'s"),
            ("the engineers'", "the engineers'"),
        ],
    )
    def test_source(self, seen: str, kept: str) -> None:
        text = f"word {seen} word"
        assert text[slice(*_bare(text, at(text, seen)))] == kept


CUES = (
    "Ann/ann/PROPN Lee/lee/PROPN did/do/AUX not/not/PART say/say/VERB and/and/CCONJ believes/believe/VERB or/or/CCONJ "
    "has/have/AUX gone/go/VERB and/and/CCONJ called/call/VERB for/for/ADP a/a/DET claim/claim/NOUN "
    "according/accord/VERB/prep to/to/ADP “ rain/rain/NOUN ”"
)
CUE_TEXT = "Ann Lee did not say and believes or has gone and called for a claim according to “rain”"


def reader(by_rules: tuple[Candidate, ...] = (), blocked: tuple[str, ...] = ()) -> CueReader:
    one = page(CUE_TEXT, CUES)
    tokens = frozenset(i for words in blocked for i in one.parse.tokens(at(CUE_TEXT, words)))
    return CueReader(one, Cues.default(), by_rules, tokens)


def candidate(**fields: Any) -> Candidate:
    given: dict[str, Any] = {
        "content": ((0, 1),),
        "source": None,
        "cue": None,
        "verb": None,
        "act": "statement",
        "rule": "en.clause",
        "confidence": 0.9,
    }
    return Candidate(**(given | fields))


class TestCueReader:
    @pytest.mark.parametrize(
        ("cue", "verb", "act"),
        [
            ("say", "say", "statement"),
            ("did not say", "say", "statement"),
            ("believes", "believe", "attitude"),
            ("called for", "call", "statement"),
            ("has gone", "go", "statement"),
            ("has", "have", "statement"),
            ("a claim", None, "statement"),
            ("according to", None, "statement"),
            ("Lee", None, "statement"),
        ],
    )
    def test_by_the_lexicon(self, cue: str, verb: str | None, act: str) -> None:
        assert reader().read(at(CUE_TEXT, cue), at(CUE_TEXT, "Ann")) == (verb, act)

    def test_by_a_rule(self) -> None:
        rules = (
            candidate(),
            candidate(cue=at(CUE_TEXT, "say"), verb="say so", act="attitude"),
            candidate(cue=at(CUE_TEXT, "did not say"), verb="deny", act="statement"),
        )
        found = reader(rules)
        # The first rule with the word decides.
        assert found.read(at(CUE_TEXT, "say"), at(CUE_TEXT, "Ann")) == ("say so", "attitude")
        assert found.read(at(CUE_TEXT, "did not"), at(CUE_TEXT, "Ann")) == ("deny", "statement")
        assert found.read(at(CUE_TEXT, "believes"), at(CUE_TEXT, "Ann")) == ("believe", "attitude")

    def test_only_quoted_words_are_stated_at_a_blocked_cue(self) -> None:
        found = reader(blocked=("say",))
        cue = at(CUE_TEXT, "did not say")
        assert found.read(cue, at(CUE_TEXT, "a claim")) == ("say", "attitude")
        assert found.read(cue, at(CUE_TEXT, "rain")) == ("say", "statement")
        assert found.read(at(CUE_TEXT, "called for"), at(CUE_TEXT, "a claim")) == ("call", "statement")


class Seen:
    """Runs like those of an encoder; a piece is a character."""

    def __init__(self, *readings: dict[int, list[Span]]) -> None:
        self._readings = readings

    def readings(self, biases: tuple[float, ...]) -> list[dict[int, list[Run]]]:
        assert len(biases) == len(self._readings)
        return [{kind: [Run(*span) for span in spans] for kind, spans in runs.items()} for runs in self._readings]

    def span(self, run: Run) -> Span:
        return run.first, run.last

    def target(self, kind: int, run: Run, runs: list[Run]) -> Run | None:
        return runs[0] if runs else None


def runs(content: list[str], source: str | None, cue: str | None, text: str = QUOTED) -> dict[int, list[Span]]:
    return {
        CONTENT: [at(text, words) for words in content],
        SOURCE: [at(text, source)] if source else [],
        CUE: [at(text, cue)] if cue else [],
    }


def proposed(*readings: dict[int, list[Span]], text: str = QUOTED) -> list[Candidate]:
    one = page(text, "said/say/VERB" if "said" in text else "")
    filled: Any = Seen(*readings, *[runs([], None, None)] * (len(BIASES) - len(readings)))
    return propose(one, filled, CueReader(one, Cues.default(), (), frozenset()))


class TestPropose:
    def test_a_run_with_its_source_and_cue(self) -> None:
        (found,) = proposed(runs(["“The pier is safe,”"], "Ann Lee.", " said "))
        assert (found.content, found.source) == ((at(QUOTED, "The pier is safe,"),), at(QUOTED, "Ann Lee."))
        assert (found.cue, found.verb, found.act) == (at(QUOTED, "said"), "say", "statement")
        assert (found.rule, found.confidence, found.depth) == (ENCODER, 0.0, 0)

    def test_no_source_and_no_cue(self) -> None:
        (found,) = proposed(runs(["The pier is safe"], None, None))
        assert (found.source, found.cue, found.verb, found.act) == (None, None, None, "statement")

    def test_a_cue_of_punctuation_is_dropped(self) -> None:
        (found,) = proposed(runs(["The pier"], None, ","))
        assert found.cue is None

    def test_each_reading_is_proposed_once(self) -> None:
        first = runs(["The pier is safe"], "Ann Lee", "said")
        second = runs(["“The pier is safe,”"], "Ann Lee", None)
        third = runs(["The pier is safe"], None, None)
        (found,) = proposed(first, second)
        assert found.cue == at(QUOTED, "said")
        assert [one.source for one in proposed(first, third)] == [at(QUOTED, "Ann Lee")]

    def test_punctuation_is_not_content(self) -> None:
        assert proposed(runs([",”"], "Ann Lee", "said")) == []

    def test_only_running_text_has_content(self) -> None:
        text = "By Dana Whitcomb\n\nIt rained all day, Ann Lee said."
        assert [one.content for one in proposed(runs(["Dana Whitcomb", "It rained"], None, None, text), text=text)] == [
            (at(text, "It rained"),)
        ]
