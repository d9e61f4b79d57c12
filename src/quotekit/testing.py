"""Test attribution rules in a line.

>>> check("<content>“It works,”</content> <cue>said</cue> <source>Ann Lee</source>.", rule="en.direct.verb-after")
"""

from __future__ import annotations

from quotekit.annotation import Annotated, read_annotated
from quotekit.article import read_article
from quotekit.attribution import FLOOR
from quotekit.candidate import Candidate
from quotekit.cues import Cues
from quotekit.marks import find_quoted
from quotekit.models import Span, hull
from quotekit.page import Page
from quotekit.parse import Parse
from quotekit.parsing import parse_article
from quotekit.rules import Rule, RuleSet
from quotekit.rules.layout import LAST
from quotekit.rules.proposers import Proposers


def check(markup: str, rule: Rule | str, *, parse: Parse | None = None) -> None:
    """Assert that ``rule`` finds just what ``markup`` annotates: content, cue and source, or nothing.

    Args:
        markup: a text with its one attribution in ``<content>``, ``<cue>`` and ``<source>`` elements; without any
            element the rule must find nothing.
        rule: a rule, or the id of a built-in one.
        parse: a stored parse of the plain text; by default it is parsed now.

    Raises:
        AssertionError: the rule found something else; the message shows both.
        RuleError: no built-in rule has that id.
        ValueError: the markup is not well formed.
    """
    chosen = RuleSet.default()[rule] if isinstance(rule, str) else rule
    wanted = read_annotated(markup)
    page = _page(wanted.text, parse)
    # An example shows what the rule reads, however unsure; in what it rejects it must not be sure enough to compete.
    found = [_shape(candidate) for candidate in found_by(chosen, page, 0.0 if wanted.content else FLOOR)]
    shown = "\n         ".join(_line(wanted.text, shape) for shape in found) or "nothing"
    if not wanted.content:
        assert not found, f"rule {chosen.id!r} must find nothing in {wanted.text!r}\n  found: {shown}"
        return
    expected = _trimmed(wanted)
    assert expected in found, (
        f"rule {chosen.id!r} in {wanted.text!r}\n  wanted: {_line(wanted.text, expected)}\n  found:  {shown}"
    )


def found_by(rule: Rule, page: Page, floor: float = FLOOR) -> list[Candidate]:
    """What ``rule`` finds on ``page``.

    A rule is tried alone, and what it finds stands if it is at least as sure as ``floor``. A rule that leans on what
    others have decided is tried among the built-in ones, and a blocking rule finds what they find only without it.
    """
    if rule.kind == "block":
        others = RuleSet(other for other in RuleSet.default() if other.kind != "block")
        without, with_it = (Proposers(rules, Cues.default()).decide(page) for rules in (others, others.adding(rule)))
        return [candidate for candidate in without if candidate not in with_it]
    if rule.id in LAST:
        decided = Proposers(RuleSet.default(), Cues.default()).decide(page)
        return [candidate for candidate in decided if candidate.rule == rule.id]
    return Proposers(RuleSet([rule]), Cues.default()).decide(page, floor)


def _page(text: str, parse: Parse | None) -> Page:
    article = read_article(text)
    return Page(article, find_quoted(article), parse or parse_article(article))


Shape = tuple[tuple[Span, ...], Span | None, Span | None]


def _shape(candidate: Candidate) -> Shape:
    return candidate.content, candidate.cue, candidate.source


def _trimmed(wanted: Annotated) -> Shape:
    """What the markup annotates, without the marks around content, which no quote's content has."""
    article = read_article(wanted.text)
    inner = {stretch.outer: stretch.inner for stretch in find_quoted(article)}
    content = tuple(inner.get(span, span) for span in wanted.content)
    return content, hull(wanted.cue) if wanted.cue else None, hull(wanted.source) if wanted.source else None


def _line(text: str, shape: Shape) -> str:
    content, cue, source = shape
    parts = [("content", span) for span in content] + [("cue", cue), ("source", source)]
    return "  ".join(f"{name}={text[slice(*span)]!r}" if span else f"{name}=none" for name, span in parts)
