"""Every row of the tables by which names and speakers are read decides its own example."""

from __future__ import annotations

import pytest

from quotekit.article.paragraphs import read_article
from quotekit.article.parse import Parse
from quotekit.article.parser import parse_article
from quotekit.speakers.cast.cast import Cast
from quotekit.speakers.cast.name_spans import CONTINUATIONS, Continuation, continuation, name_spans
from quotekit.speakers.description import Description
from quotekit.speakers.discourse import Discourse
from quotekit.speakers.mention import Mention, Phrase
from quotekit.speakers.rules.office import OBSTACLES, Obstacle, Wanted, obstacle
from quotekit.speakers.rules.own_kind import CASES, Case, Noun, case_of, kind_of


def tagged(example: str) -> tuple[Parse, tuple[int, int]]:
    """The parse of words with tags, and the first and the last token of the name in brackets."""
    parse, marked = Parse(""), []
    for i, token in enumerate(example.split()):
        word, tag = token.strip("[]").rsplit("/", 1)
        marked += [i] * (token.startswith("[") + token.endswith("]"))
        if i and not word.startswith("~"):
            parse.text += " "
        word = word.removeprefix("~")
        parse.words.append(word)
        parse.tags.append(tag)
        parse.sentences.append(0)
        parse.starts.append(len(parse.text))
        parse.text += word
        parse.ends.append(len(parse.text))
    return parse, (marked[0], marked[-1])


@pytest.mark.parametrize("row", CONTINUATIONS, ids=lambda row: row.example)
def test_each_continuation_of_a_name(row: Continuation) -> None:
    parse, (first, last) = tagged(row.example)
    assert list(name_spans(parse)) == [(first, last)]
    steps = [continuation(parse, i) for i in range(first, last)]
    assert row in [step[0] for step in steps if step is not None]
    assert continuation(parse, last) is None


def read(text: str, source: str) -> tuple[Discourse, Phrase, Description]:
    """The first occurrence of ``source`` in ``text``, as a description."""
    article = read_article(text)
    parse = parse_article(article)
    start = text.index(source)
    discourse = Discourse(
        parse, Cast(parse, article), [Mention((start, start + len(source)), ((0, 0),), False)], frozenset()
    )
    (found,) = discourse.sources
    assert found.head is not None
    phrase = Phrase(found.tokens, found.head)
    return discourse, phrase, discourse.description(phrase)


@pytest.mark.model
@pytest.mark.parametrize("row", CASES, ids=lambda row: row.example)
def test_each_kind_of_an_unnamed_speaker(row: Case) -> None:
    noun = Noun(*read(f"On Monday {row.example} said that the bridge was closed.", row.example))
    assert case_of(noun) is row
    assert kind_of(noun)[0] == row.kind


@pytest.mark.model
@pytest.mark.parametrize("row", OBSTACLES, ids=lambda row: row.description)
def test_each_obstacle_to_an_office_holder(row: Obstacle) -> None:
    text = f"{row.holder} spoke on Monday. Later {row.description} said that the bridge was closed."
    discourse, phrase, description = read(text, row.description)
    wanted = Wanted.of(discourse, phrase, description)
    found = [obstacle(wanted, noun, office) for noun, held in discourse.cast.holders.items() for office in held]
    assert found == [row]
