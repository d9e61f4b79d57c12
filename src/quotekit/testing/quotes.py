"""`assert_quotes`: comparing the quotes of a whole article with the expected ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from quotekit.article.paragraphs import read_article
from quotekit.article.parse import Parse
from quotekit.extractor import Extractor, default
from quotekit.models import Quote
from quotekit.rules import Rule
from quotekit.testing.checking import check_and_note
from quotekit.testing.comparing import compare
from quotekit.testing.expected import Expected, read_expected
from quotekit.testing.noting import note

ManyExpected = str | Iterable[Mapping[str, Any] | Quote | Expected]


def assert_quotes(
    text: str,
    expected: ManyExpected,
    *,
    extractor: Extractor | None = None,
    exact: bool = True,
    parse: Parse | None = None,
) -> None:
    """Assert that the quotes of ``text`` are the expected ones.

    Args:
        text: the article.
        expected: the article in inline markup (`rules.markup`; ``<content 1>…``), a list with a dict of fields of
            `Quote` for each quote, or a list of quotes. Only the fields of a dict are compared; spans can be given as
            their words, and a speaker as the name. Of a quote all fields are compared, except those that follow from
            others (``id``, ``text``, ``position``, ``parent``, the speaker's ``id``) and ``confidence``.
        extractor: the extractor; by default one with the default settings.
        exact: whether further quotes, and in markup cues and sources that are not marked, are errors.
        parse: a stored parse of the text; by default it is parsed now.

    Raises:
        AssertionError: other quotes were found; the message says which are missing or extra, by which words a span is
            longer or shorter, how a speaker was found, and which rule decided.
        ValueError: ``expected`` is not well formed, or belongs to another text.
        TypeError: ``expected`` has none of these forms.

    >>> markup = "<source 1>Ann Lee</source> <cue 1>said</cue> <content 1>it rained</content>."
    >>> assert_quotes("Ann Lee said it rained.", markup)
    >>> assert_quotes("Ann Lee said it rained.", [{"content": "rained", "speaker": "Ann Lee"}])
    Traceback (most recent call last):
      ...
    AssertionError: not the quotes expected in 'Ann Lee said it rained.'
      quote 1, 'it rained', by en.clause (0...)
        content: longer by 'it' at its beginning: found 'it rained', wanted 'rained'
    """
    __tracebackhide__ = True
    # Read first, so that a mistake in it is reported before a model is loaded.
    wanted = read_expected(text, expected, exact)
    extractor = default() if extractor is None else extractor
    quotes = extractor.extract(text) if parse is None else extractor.read_parse(read_article(text), parse)
    compared = compare(text, wanted, quotes)
    lines = compared.lines(exact)
    if lines:
        shown = text if len(text) <= 70 else f"{text[:70].rstrip()} …"
        raise AssertionError("\n  ".join([f"not the quotes expected in {shown!r}", *lines]))
    note(compared.rules)


class Checker(Extractor):
    """An extractor with the checks as methods, which use its rules. The pytest fixture ``quotekit`` is one.

    >>> checker = Checker(encoder=False)
    >>> checker.assert_quotes("Ann Lee said it rained.", [{"speaker": "Ann Lee", "verb": "say"}])
    >>> checker.check("It rained, <source>Ann Lee</source> said.", rule="speaker.name.full")
    """

    def check(self, markup: str, rule: Rule | str, *, parse: Parse | None = None, decides: bool = True) -> None:
        """Run `quotekit.testing.check` with the rules of this extractor."""
        __tracebackhide__ = True
        check_and_note(self.rules, markup, rule, parse, decides)

    def assert_quotes(
        self, text: str, expected: ManyExpected, *, exact: bool = True, parse: Parse | None = None
    ) -> None:
        """Run `quotekit.testing.assert_quotes` with this extractor."""
        __tracebackhide__ = True
        assert_quotes(text, expected, extractor=self, exact=exact, parse=parse)
