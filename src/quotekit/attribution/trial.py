"""One rule tried on one text: does it find what is annotated?

Failures are raised and not asserted: pytest, where it rewrites assertions, would add its own words to the message.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from quotekit.article.paragraphs import read_article
from quotekit.article.parse import Parse
from quotekit.article.parsed import ParsedArticle
from quotekit.article.parser import parse_article
from quotekit.article.quoted import find_quoted
from quotekit.attribution.competing import FLOOR
from quotekit.attribution.deciding import Proposers, speaker_rules
from quotekit.candidates.candidate import Candidate
from quotekit.candidates.from_layout import LAST
from quotekit.lexicon.cues import Cue, Cues
from quotekit.models import Span, Speaker, hull
from quotekit.rules import Rule, RuleSet
from quotekit.rules.markup import Annotated, plain_text, read_annotated, read_sources
from quotekit.speakers import IDS, Mention, resolve


@dataclass(frozen=True, slots=True)
class Failure:
    """An example that fails: the place of its rule (from 0), its field, and the reason."""

    rule: int
    field: str
    reason: str


def failing_example(
    rules: Sequence[Rule], cues: Iterable[Cue], tried: Sequence[Rule], parses: Mapping[str, Parse]
) -> Failure | None:
    """Return the first example of the rules ``tried`` that fails among ``rules``; texts without a parse are skipped."""
    among = RuleSet(rules, cues)
    for place, rule in enumerate(tried):
        for group, field, markup in rule.examples():
            text = plain_text(markup)
            if text not in parses:
                continue
            try:
                check_among(among, markup, rule, parses[text], rule.kind != "speaker" or group == "matches")
            except AssertionError as error:
                return Failure(place, field, str(error))
    return None


def check_among(rules: RuleSet, markup: str, chosen: Rule, parse: Parse | None = None, decides: bool = True) -> bool:
    """Raise `AssertionError` unless ``chosen`` finds just what ``markup`` annotates; see `quotekit.testing.check`.

    Args:
        rules: the other rules, and the cues.
        markup: the text with its annotation.
        chosen: the rule.
        parse: a stored parse of the text; by default it is parsed now.
        decides: for a speaker rule only: false where another rule, or none, must decide the source.

    Returns:
        Whether the rule had something to find.
    """
    __tracebackhide__ = True
    if chosen.kind == "speaker":
        return _check_speaker(markup, chosen, parse, decides)
    if not decides:
        raise ValueError(
            f"rule {chosen.id!r}: 'decides' is only for speaker rules; remove all elements from the markup"
        )
    wanted = read_annotated(markup)
    page = _page(wanted.text, parse)
    # A match may have any confidence; in a text that it rejects, only a find that would compete counts.
    found = [_shape(candidate) for candidate in found_by(chosen, page, 0.0 if wanted.content else FLOOR, rules)]
    shown = "\n         ".join(_line(wanted.text, shape) for shape in found) or "nothing"
    if not wanted.content:
        if found:
            raise AssertionError(f"rule {chosen.id!r} must find nothing in {wanted.text!r}\n  found: {shown}")
        return False
    expected = _trimmed(wanted)
    if expected not in found:
        raise AssertionError(
            f"rule {chosen.id!r} in {wanted.text!r}\n  wanted: {_line(wanted.text, expected)}\n  found:  {shown}"
        )
    return True


def found_by(rule: Rule, page: ParsedArticle, floor: float = FLOOR, rules: RuleSet | None = None) -> list[Candidate]:
    """Return what ``rule`` finds on ``page``.

    A rule is tried alone, and finds what has at least the confidence ``floor``. A rule that depends on the decisions
    of others is tried among ``rules``, by default the built-in ones. A blocking rule finds what they find without it
    and not with it.
    """
    rules = RuleSet.default() if rules is None else rules
    if rule.kind == "block":
        others = _unblocked(rules)
        without, with_it = (_ready(chosen).decide(page) for chosen in (others, others.adding(rule)))
        return [candidate for candidate in without if candidate not in with_it]
    if rule.id in LAST:
        decided = _ready(rules).decide(page)
        return [candidate for candidate in decided if candidate.rule == rule.id]
    return _ready(RuleSet([rule], rules.cues)).decide(page, floor)


@lru_cache(maxsize=4)
def _unblocked(rules: RuleSet) -> RuleSet:
    return rules.only(*(rule.id for rule in rules if rule.kind != "block"))


@lru_cache(maxsize=8)
def _ready(rules: RuleSet) -> Proposers:
    """Return the rules ready to read, cached: building them costs more than trying one example."""
    return Proposers(rules, Cues.default())


def who(
    text: str, sources: list[Annotated], parse: Parse | None = None, rules: Collection[str] = IDS
) -> list[Speaker | None]:
    """Return the speakers of a text's annotated sources by the rules with these ids, without extracting quotes."""
    page = _page(text, parse)
    mentions: list[Mention] = []
    for source in sources:
        content = _trimmed(source)[0]
        direct = bool(content) and all(page.in_marks(span) for span in content)
        mentions.append(Mention(hull(source.source), content, direct))
    return resolve(page.parse, page.article, mentions, rules)


def _check_speaker(markup: str, rule: Rule, parse: Parse | None, decides: bool) -> bool:
    __tracebackhide__ = True
    speaker_rules(RuleSet([rule]))
    text, sources = read_sources(markup)
    if not sources:
        raise ValueError(f"rule {rule.id!r}: an example of a speaker rule needs a <source>: {text!r}")
    if sources[-1].name and not decides:
        raise ValueError(f"rule {rule.id!r}: a source that the rule must not decide needs no <name>: {text!r}")
    speaker = who(text, sources, parse)[-1]
    source = text[slice(*hull(sources[-1].source))]
    decided = None if speaker is None else speaker.mentions[0].rule
    if not decides:
        if decided == rule.id:
            raise AssertionError(f"rule {rule.id!r} must not decide {source!r} in {text!r}\n{_found(speaker)}")
        return False
    name = _joined([text[slice(*span)] for span in sources[-1].name] or [source])
    if (decided, speaker and speaker.name) != (rule.id, name):
        raise AssertionError(
            f"rule {rule.id!r} in {text!r}\n  wanted: {source!r} is {name!r} by {rule.id}\n{_found(speaker)}"
        )
    return True


def _joined(names: list[str]) -> str:
    """Return the name of joint speakers, "A, B and C", with single spaces."""
    names = [" ".join(name.split()) for name in names]
    return ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else names[0]


def _found(speaker: Speaker | None) -> str:
    if speaker is None:
        return "  found:  nobody"
    first = speaker.mentions[0]
    return f"  found:  {first.text!r} is {speaker.name!r} by {first.rule}\n  chain:  {way(speaker)}"


def way(speaker: Speaker) -> str:
    """Return how the words of the source led to the speaker, with the rule of each step."""
    return " → ".join(f"{mention.text!r} ({mention.rule})" for mention in speaker.mentions)


def _page(text: str, parse: Parse | None) -> ParsedArticle:
    article = read_article(text)
    return ParsedArticle(article, find_quoted(article), parse or parse_article(article))


Shape = tuple[tuple[Span, ...], Span | None, Span | None]


def _shape(candidate: Candidate) -> Shape:
    return candidate.content, candidate.cue, candidate.source


def _trimmed(wanted: Annotated) -> Shape:
    """Return what the markup annotates, without quotation marks around the content, as in a quote."""
    article = read_article(wanted.text)
    inner = {stretch.outer: stretch.inner for stretch in find_quoted(article)}
    content = tuple(inner.get(span, span) for span in wanted.content)
    return content, hull(wanted.cue) if wanted.cue else None, hull(wanted.source) if wanted.source else None


def _line(text: str, shape: Shape) -> str:
    content, cue, source = shape
    parts = [("content", span) for span in content] + [("cue", cue), ("source", source)]
    return "  ".join(f"{name}={text[slice(*span)]!r}" if span else f"{name}=none" for name, span in parts)
