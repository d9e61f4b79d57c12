"""Unnamed speakers, under the words of their mention: "a Syrian military source"."""

from __future__ import annotations

import re
from collections.abc import Hashable
from functools import cache

from quotekit.article.parse import Parse
from quotekit.lexicon import load
from quotekit.lexicon import speaker_kinds as kinds
from quotekit.lexicon.personal_names import dates
from quotekit.lexicon.places import country_in
from quotekit.models import SpeakerKind
from quotekit.speakers.cast.entity import Entity
from quotekit.speakers.description import Description
from quotekit.speakers.discourse import Discourse
from quotekit.speakers.mention import Found, Phrase
from quotekit.speakers.rules.own_kind import Noun, kind_of

_OWNED = re.compile(r"([^'’]+)['’]s ([^'’ ]+)")
_SPACE = re.compile(r"\s+")
_TAIL = re.compile(r",? (?:who|which|whose|whom) |, ")
_CLAUSE = re.compile(r",? (?:who|which|whose|whom) ")
_CLAUSES = frozenset({"relcl", "acl"})
_LONGEST_CLAUSE = 40
"""Maximum tokens searched for a clause about a noun."""
_OFFICIAL = frozenset({"organization", "government"})
_DETERMINERS = frozenset({"DT", "PDT", "CD", "PRP$"})


def own_words(discourse: Discourse, k: int, phrase: Phrase) -> Found | None:
    """Return a speaker under the mention's own words, of the kind that its noun shows."""
    return own_words_of(discourse, phrase)


def own_words_of(discourse: Discourse, phrase: Phrase) -> Found:
    """Return a speaker under the words of ``phrase``, the same one for all definite or plural mentions of them."""
    parse, head = discourse.parse, phrase.head
    description = discourse.description(phrase)
    kind, plural = kind_of(Noun(discourse, phrase, description))
    name = _name(discourse, phrase, description, kind)
    withheld = _says_why(name) or _wishes(discourse, phrase)
    if kind == "group" and plural and withheld:
        # "People close to the governor", "two Republicans who asked not to be named".
        kind = "anonymous"
    said = [parse.words[i] for i in range(phrase.tokens.start, head + 1)]
    entity = Entity(
        _key(discourse, phrase, name, shared=description.definite or plural),
        kind,
        name,
        country=country_in(said) if kind in ("government", "anonymous") else None,
        gender=kinds.office_gender().get(parse.lemmas[head]),
        plural=plural,
        withheld=withheld or kinds.is_withheld(description.lemma),
    )
    evidence = "bare" if description.bare else "definite" if description.definite else "new"
    return Found(entity, noun=parse.lemmas[head], evidence=evidence)


def _key(discourse: Discourse, phrase: Phrase, name: str, *, shared: bool) -> Hashable:
    """Return what identifies the speaker: the words, or the place of words that another may be described by."""
    tag = discourse.parse.tags[phrase.tokens.start]
    # "Police" is the same speaker twice. "Norway's envoy" is the envoy of Norway. "His lawyer" may be another's.
    if (shared and tag != "PRP$") or tag not in _DETERMINERS:
        low = name.casefold().removeprefix("the ")
        owned = _OWNED.fullmatch(low)
        return "words", f"{owned[2]} of {owned[1]}" if owned else low
    return discourse.parse.span(phrase.tokens.start, phrase.tokens.stop - 1)


def _says_why(name: str) -> bool:
    """Return whether a description gives the reason for anonymity."""
    return any(reason in name.lower() for reason in load("sources")["anonymity"])


def _wishes(discourse: Discourse, phrase: Phrase) -> bool:
    """Return whether the mention, or a clause about its noun, says that the speakers asked not to be named."""
    parse = discourse.parse
    last = max(phrase.tokens.stop - 1, _clause_end(parse, phrase.head))
    low = parse.text[parse.starts[phrase.head] : parse.ends[last]].lower()
    return any(wish in low for wish in load("sources")["wishes"])


def _clause_end(parse: Parse, noun: int) -> int:
    """Return the last token of a clause that modifies ``noun``, or ``noun``."""
    clauses = [i for i in parse.children[noun] if i > noun and parse.deps[i] in _CLAUSES]
    inside, last = set(clauses), noun
    for i in range(min(clauses, default=0), min(noun + _LONGEST_CLAUSE, len(parse)) if clauses else 0):
        if i in inside or parse.heads[i] in inside:
            inside.add(i)
            last = i
    return last


def _name(discourse: Discourse, phrase: Phrase, description: Description, kind: SpeakerKind) -> str:
    """Return the words up to a clause, without "the" if a name among them identifies it ("the Danish parliament")."""
    parse, tokens, head = discourse.parse, phrase.tokens, phrase.head
    start = tokens.start
    named = any(parse.words[i][:1].isupper() for i in range(start + 1, head + 1))
    plural_group = kind == "group" and parse.lowers[head].endswith("s") and head == start + 1
    if description.opening == "the" and named and (kind in _OFFICIAL or plural_group):
        start += 1
    span = parse.span(start, tokens.stop - 1)
    text = _SPACE.sub(" ", parse.text[span[0] : span[1]]).strip()
    # The comma in "the senator, his wife and his aides" does not begin an apposition.
    tail, end = _CLAUSE if description.joined else _TAIL, max(0, parse.ends[head] - span[0])
    cut = tail.search(text, end) or _day().search(text, end)
    return text[: cut.start()] if cut else text


@cache
def _day() -> re.Pattern[str]:
    """Return the pattern of a day or a month at the end of a description, which is no part of it: "[on Monday]"."""
    names = "|".join(sorted(re.escape(name.capitalize()) for name in dates()))
    verbs = "|".join(sorted(kinds.words("published")))
    return re.compile(rf"(?: (?:{verbs}))? (?:on|in|late|early|last|this)(?: late| early| last)? (?:{names})(?: \d+)?$")
