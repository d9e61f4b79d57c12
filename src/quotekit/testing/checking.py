"""`check`: comparing what one rule finds in a text with its annotation."""

from __future__ import annotations

from quotekit.article.parse import Parse
from quotekit.attribution.trial import check_among
from quotekit.rules import Rule, RuleSet
from quotekit.testing.noting import note


def check(markup: str, rule: Rule | str, *, parse: Parse | None = None, decides: bool = True) -> None:
    """Assert that ``rule`` finds just what ``markup`` annotates: content, cue and source, or nothing.

    A speaker rule is tried among the others: it must be the rule that decides the last ``<source>``, and the speaker's
    name must be the text of ``<name>``, or without one the source's own words. Examples with several sources have ids
    (see `quotekit.rules.markup`).

    Args:
        markup: a text with its one attribution in ``<content>``, ``<cue>`` and ``<source>`` elements; without any
            element the rule must find nothing.
        rule: a rule, or the id of a built-in one.
        parse: a stored parse of the plain text; by default it is parsed now.
        decides: for a speaker rule only: false where another rule, or none, must decide the source.

    Raises:
        AssertionError: the rule found something else; the message shows both.
        RuleError: no built-in rule has that id, or quotekit has no such speaker rule.
        ValueError: the markup is not well formed, or not of the form that the rule's kind has.
    """
    __tracebackhide__ = True
    check_and_note(RuleSet.default(), markup, rule, parse, decides)


def check_and_note(
    rules: RuleSet, markup: str, rule: Rule | str, parse: Parse | None = None, decides: bool = True
) -> None:
    """Run `check` with ``rules`` as the other rules, and note a rule that found something as exercised."""
    __tracebackhide__ = True
    chosen = rules[rule] if isinstance(rule, str) else rule
    if check_among(rules, markup, chosen, parse, decides):
        note([chosen.id])
