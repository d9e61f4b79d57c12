"""Resolves one source: the rules in order of precision, of which the first that finds a speaker decides.

This is the sieve of Lee et al. (2013). A rule is a function here, and an entry in ``data/en/rules/speakers.toml``
with its reason and with examples that are run as tests.
"""

from __future__ import annotations

from collections.abc import Callable

from quotekit.lexicon import speaker_kinds as kinds
from quotekit.speakers.discourse import Discourse
from quotekit.speakers.mention import Found, Link, Phrase
from quotekit.speakers.rules import names, nouns, own_words, pairs, pronouns, relatives, roles

Finder = Callable[[Discourse, int, Phrase], Found | None]

TURNS: tuple[tuple[str, Finder], ...] = (("speaker.turn", pronouns.turn),)
PRONOUNS: tuple[tuple[str, Finder], ...] = (
    ("speaker.name.joined", pronouns.joined),
    ("speaker.pronoun.self", pronouns.oneself),
    ("speaker.pronoun.person", pronouns.person),
    ("speaker.pronoun.thing", pronouns.thing),
    ("speaker.pronoun.plural", pronouns.plural),
    ("speaker.own-words", pronouns.own_words),
)
NOMINAL: tuple[tuple[str, Finder], ...] = (
    ("speaker.name.case", names.case),
    ("speaker.name.joined", names.joined),
    ("speaker.name.full", names.full),
    ("speaker.name.part", names.part),
    ("speaker.name.body", names.body),
    ("speaker.name.place", names.place_name),
    ("speaker.name.beside", names.beside),
    ("speaker.pair", pairs.pair),
    ("speaker.role.holder", roles.holder),
    ("speaker.role.relation", roles.relation),
    ("speaker.role.aged", roles.aged),
    ("speaker.role.named-later", roles.named_later),
    ("speaker.noun.same", nouns.same_noun),
    ("speaker.noun.introduced", nouns.introduced),
    ("speaker.role.last-person", roles.last_person),
    ("speaker.noun.territory", nouns.territory),
    ("speaker.noun.named-body", nouns.named_body),
    ("speaker.noun.any-body", nouns.any_body),
    ("speaker.own-words", own_words.own_words),
)
RELATIVE = "speaker.relative"

IDS = (*dict.fromkeys([*(id for sieve in (TURNS, PRONOUNS, NOMINAL) for id, _ in sieve), RELATIVE]),)
"""The ids of all rules for speakers."""

_DESCRIBED = ("speaker.role.", "speaker.noun.")
"""Rules for descriptions in the third person, which nobody uses of himself while he has the floor."""

Resolved = tuple[str, Found, tuple[Link, ...]]
"""The rule that decided, what it found, and the links on the way to the name."""


def resolve_source(discourse: Discourse, k: int) -> Resolved | None:
    """Resolve source ``k``; ``None`` if it has no word, or no rule that is on finds a speaker."""
    head, tokens = discourse.sources[k].head, discourse.sources[k].tokens
    if head is None or not tokens:
        return None
    parse, phrase = discourse.parse, Phrase(tokens, head)
    if discourse.is_turn(k):
        return _first(discourse, k, phrase, TURNS)
    group = kinds.pronoun_group(parse.words[head])
    if group == "relative" or parse.tags[head] in ("WP", "WDT", "WP$"):
        antecedent = relatives.antecedent(discourse, head) if RELATIVE in discourse.rules else None
        if antecedent is not None:
            resolved = _first(discourse, k, antecedent, NOMINAL)
            return resolved and _through(discourse, resolved, antecedent)
    elif group is not None:
        return _first(discourse, k, phrase, PRONOUNS)
    return _first(discourse, k, phrase, NOMINAL)


def _first(discourse: Discourse, k: int, phrase: Phrase, sieve: tuple[tuple[str, Finder], ...]) -> Resolved | None:
    for id, finder in sieve:
        found = finder(discourse, k, phrase) if id in discourse.rules else None
        if found is not None and not (id.startswith(_DESCRIBED) and discourse.has_floor(k, found.entity)):
            return id, found, () if found.through is None else (found.through,)
    return None


def _through(discourse: Discourse, resolved: Resolved, antecedent: Phrase) -> Resolved:
    """Return the answer for "who", given that for its antecedent."""
    rule, found, through = resolved
    span = discourse.parse.span(antecedent.tokens.start, antecedent.tokens.stop - 1)
    return RELATIVE, found, ((span, rule), *through)
