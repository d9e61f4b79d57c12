"""One mention to its entity: the rules, each in its turn; the first that knows decides.

The order is that of precision, as in the sieve of Lee et al. (2013). A rule is a function here, and an entry in
``data/en/rules/speakers.toml`` with why it holds and examples that are run as tests.
"""

from __future__ import annotations

from collections.abc import Callable

from quotekit.lexicon import speaker_kinds as kinds
from quotekit.speakers.rules import names as named
from quotekit.speakers.rules import nouns, pairs, pronouns, relatives
from quotekit.speakers.rules import own_words as unnamed
from quotekit.speakers.rules import roles as offices
from quotekit.speakers.scene import Answer, Found, Phrase, Scene

Finder = Callable[[Scene, int, Phrase], Found | None]

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
    ("speaker.name.case", named.case),
    ("speaker.name.joined", named.joined),
    ("speaker.name.full", named.full),
    ("speaker.name.part", named.part),
    ("speaker.name.body", named.body),
    ("speaker.name.place", named.place_name),
    ("speaker.name.beside", named.beside),
    ("speaker.pair", pairs.pair),
    ("speaker.role.holder", offices.holder),
    ("speaker.role.relation", offices.relation),
    ("speaker.role.aged", offices.aged),
    ("speaker.role.named-later", offices.named_later),
    ("speaker.noun.same", nouns.same_noun),
    ("speaker.noun.introduced", nouns.introduced),
    ("speaker.role.last-person", offices.last_person),
    ("speaker.noun.territory", nouns.territory),
    ("speaker.noun.named-body", nouns.named_body),
    ("speaker.noun.any-body", nouns.any_body),
    ("speaker.own-words", unnamed.own_words),
)
RELATIVE = "speaker.relative"

IDS = (*dict.fromkeys([*(id for sieve in (TURNS, PRONOUNS, NOMINAL) for id, _ in sieve), RELATIVE]),)
"""The ids of all rules for speakers."""


def resolve_mention(scene: Scene, k: int) -> Answer | None:
    """Who mention ``k`` is; ``None`` where it holds no word, or no rule that is switched on knows."""
    head, tokens = scene.heads[k], scene.tokens[k]
    if head is None or not tokens:
        return None
    parse, phrase = scene.parse, Phrase(tokens, head)
    if scene.is_turn(k):
        return _first(scene, k, phrase, TURNS)
    group = kinds.pronouns().get(parse.words[head].lower())
    if group == "relative" or parse.tags[head] in ("WP", "WDT", "WP$"):
        antecedent = relatives.antecedent(scene, head) if RELATIVE in scene.rules else None
        if antecedent is not None:
            answer = _first(scene, k, antecedent, NOMINAL)
            return answer and _behind(scene, answer, antecedent)
    elif group is not None:
        return _first(scene, k, phrase, PRONOUNS)
    return _first(scene, k, phrase, NOMINAL)


def _first(scene: Scene, k: int, phrase: Phrase, sieve: tuple[tuple[str, Finder], ...]) -> Answer | None:
    for id, finder in sieve:
        found = finder(scene, k, phrase) if id in scene.rules else None
        if found is not None:
            return Answer(found.entity, id, () if found.through is None else (found.through,))
    return None


def _behind(scene: Scene, answer: Answer, antecedent: Phrase) -> Answer:
    """The answer for "who", of which ``answer`` is that for the noun that it goes back to."""
    span = scene.parse.span(antecedent.tokens.start, antecedent.tokens.stop - 1)
    return Answer(answer.entity, RELATIVE, ((span, answer.rule), *answer.through))
