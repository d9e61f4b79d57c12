"""The spaCy component: quotes on a Doc, and what becomes of them when it is stored, sent or drawn."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin

from quotekit import Extractor, ModelError, Quote
from quotekit.article.spacy_model import load_model
from quotekit.component import KEY
from quotekit.corrections import digest_of

pytestmark = pytest.mark.model

TEXT = (
    "“The bridge is safe,” said Ann Lee, the chief engineer. “The road is not.”\n\n"
    "Tom Brandt believes that the road is safe. He said it would “last a hundred years”."
)


@pytest.fixture(scope="module")
def pipeline() -> Language:
    """A pipeline as a user has it: a copy of the model, not the one that quotekit itself reads with."""
    model = spacy.load(Path(str(load_model().path)), exclude=["ner", "senter"])
    model.add_pipe("quotekit")
    return model


@pytest.fixture(scope="module")
def doc(pipeline: Language) -> Doc:
    return pipeline(TEXT)


def spans_of(doc: Doc) -> set[tuple[str, str]]:
    return {(span.label_, span.text) for span in doc.spans[KEY]}


def without_sentences(quotes: list[Quote]) -> list[dict[str, Any]]:
    return [quote.model_dump(exclude={"position": {"sentence"}}) for quote in quotes]


def test_quotes_are_on_the_doc(doc: Doc) -> None:
    assert doc._.quotes
    assert all(isinstance(quote, Quote) for quote in doc._.quotes)
    assert [(quote.kind, quote.speaker.name) for quote in doc._.quotes] == [
        ("direct", "Ann Lee"),
        ("mixed", "Tom Brandt"),
    ]


def test_quotes_equal_those_of_an_extractor(doc: Doc) -> None:
    # `extract` begins a sentence at every paragraph and after a dateline. spaCy, left alone, may not: there the numbers
    # of sentences differ, and where a sentence runs on over such a place, the quotes may too.
    assert without_sentences(doc._.quotes) == without_sentences(Extractor().extract(TEXT))


def test_doc_holds_plain_data(doc: Doc) -> None:
    assert json.loads(json.dumps(doc.user_data[KEY])) == doc.user_data[KEY]


def test_span_group_marks_source_cue_and_content(doc: Doc) -> None:
    assert {label for label, _ in spans_of(doc)} == {"content", "cue", "source"}
    quote = doc._.quotes[0]
    assert {("content", "The bridge is safe,"), ("content", "The road is not."), ("cue", "said")} <= spans_of(doc)
    assert ("source", quote.source.text) in spans_of(doc)
    assert doc.spans[KEY].name == KEY


def test_fresh_doc_has_no_quotes(pipeline: Language) -> None:
    assert pipeline.make_doc("It rained.")._.quotes == []
    assert pipeline("")._.quotes == []


def test_config_reaches_the_extractor(pipeline: Language) -> None:
    # A second model need not be loaded: the component takes any parsed Doc.
    blank = spacy.blank("en")
    component = blank.add_pipe(
        "quotekit", config={"attitudes": True, "resolve": False, "min_confidence": 0.2}, name="attitudes"
    )
    quotes = component(doc_without_quotes(pipeline))._.quotes
    same = Extractor(attitudes=True, resolve=False, min_confidence=0.2)
    assert without_sentences(quotes) == without_sentences(same.extract(TEXT))
    assert "attitude" in {quote.act for quote in quotes}
    assert {quote.speaker for quote in quotes} == {None}


def test_encoder_is_on_by_default(pipeline: Language) -> None:
    def read(name: str, **config: bool) -> list[Quote]:
        component = spacy.blank("en").add_pipe("quotekit", config=config, name=name)
        return list(component(doc_without_quotes(pipeline))._.quotes)

    alone = without_sentences(Extractor(encoder=False).extract(TEXT))
    both = without_sentences(Extractor().extract(TEXT))
    assert alone != both
    assert without_sentences(read("alone", encoder=False)) == alone
    assert without_sentences(read("both", encoder=True)) == without_sentences(read("default")) == both


def doc_without_quotes(pipeline: Language) -> Doc:
    with pipeline.select_pipes(disable=["quotekit"]):
        return pipeline(TEXT)


def test_invalid_config_raises() -> None:
    with pytest.raises(ValueError, match="min_confidence"):
        spacy.blank("en").add_pipe("quotekit", config={"min_confidence": 2.0})
    with pytest.raises(ValueError, match="colour"):
        spacy.blank("en").add_pipe("quotekit", config={"colour": "red"})


def test_doc_without_a_parse_raises() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("quotekit", name="who-said")
    with pytest.raises(ModelError, match=r"'who-said' needs a parsed Doc.*after the parser"):
        nlp("It works, Ann Lee said.")


def test_bytes_keep_the_quotes(pipeline: Language, doc: Doc) -> None:
    again = Doc(pipeline.vocab).from_bytes(doc.to_bytes())
    assert again._.quotes == doc._.quotes
    assert spans_of(again) == spans_of(doc)


def test_doc_bin_keeps_the_quotes(pipeline: Language, doc: Doc) -> None:
    stored = DocBin(store_user_data=True, docs=[doc]).to_bytes()
    (again,) = DocBin().from_bytes(stored).get_docs(pipeline.vocab)
    assert again._.quotes == doc._.quotes
    assert spans_of(again) == spans_of(doc)


def test_copied_doc_keeps_the_quotes(doc: Doc) -> None:
    assert doc.copy()._.quotes == doc._.quotes


def test_stored_pipeline_works_without_importing_quotekit(pipeline: Language, doc: Doc, tmp_path: Path) -> None:
    pipeline.to_disk(tmp_path / "pipeline")
    code = (
        "import json, sys, spacy; nlp = spacy.load(sys.argv[1]); doc = nlp(sys.stdin.buffer.read().decode('utf-8')); "
        "print(json.dumps([quote.model_dump(mode='json') for quote in doc._.quotes]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "pipeline")],
        input=TEXT.encode("utf-8"),
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout) == doc.user_data[KEY]


def test_processes_send_the_quotes_back(pipeline: Language, doc: Doc) -> None:
    one, two = pipeline.pipe([TEXT, "It rained."], n_process=2, batch_size=1)
    assert one._.quotes == doc._.quotes
    assert spans_of(one) == spans_of(doc)
    assert two._.quotes == []


def test_displacy_draws_the_spans(doc: Doc) -> None:
    html = spacy.displacy.render(doc, style="span", options={"spans_key": KEY}, jupyter=False)
    for label in ("content", "cue", "source"):
        assert re.search(rf">\s*{label}\s*<", html)


def test_invisible_characters_do_not_hide_a_quote(pipeline: Language) -> None:
    text = "The gov\u00adernor\u200b said\u00a0that the pier was shut."
    quotes = pipeline(text)._.quotes
    assert [(quote.who, quote.text) for quote in quotes] == [("The governor", "that the pier was shut")]
    assert without_sentences(quotes) == without_sentences(Extractor().extract(text))


def test_corrections_apply_to_a_doc(tmp_path: Path) -> None:
    text = "The pier will shut, Marta Ellin said."
    wrong = {"article": "a", "digest": digest_of(text), "fault": "no quote", "start": 0, "end": 18}
    path = tmp_path / "corrections.jsonl"
    path.write_text(json.dumps({**wrong, "text": text[:18]}), encoding="utf-8")
    nlp = spacy.load(Path(str(load_model().path)), exclude=["ner", "senter"])
    assert len(Extractor(encoder=False).extract(text)) == 1
    nlp.add_pipe("quotekit", config={"encoder": False, "corrections": str(path)})
    assert nlp(text)._.quotes == []
