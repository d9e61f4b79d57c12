"""Who stays unnamed speaks under the mention's own words: "a Syrian military source"."""

from __future__ import annotations

import re

from quotekit.lexicon import load
from quotekit.lexicon import speaker_kinds as kinds
from quotekit.lexicon.places import country_in, place
from quotekit.models import SpeakerKind
from quotekit.speakers.cast.entity import Entity
from quotekit.speakers.description import Description, singular
from quotekit.speakers.scene import Found, Phrase, Scene

_SPACE = re.compile(r"\s+")
_TAIL = re.compile(r",? (?:who|which|whose|whom) |, ")
_CLAUSE = re.compile(r",? (?:who|which|whose|whom) ")
_AGED = re.compile(r"\d-year-old$")
_BODIES = frozenset({"organization", "government"})


def own_words(scene: Scene, k: int, phrase: Phrase) -> Found | None:
    """The speaker under the mention's own words, of the kind that its noun shows."""
    return Found(own_entity(scene, k, phrase))


def own_entity(scene: Scene, k: int, phrase: Phrase) -> Entity:
    """A speaker under the words of ``phrase``; one and the same for all definite or plural mentions of these words."""
    parse, head = scene.parse, phrase.head
    description = Description.of(scene, phrase)
    kind, plural = _kind(scene, phrase, description)
    name = _name(scene, phrase, description, kind)
    if kind == "group" and plural and (_says_why(name) or _wishes(scene, phrase)):
        # "People close to the governor", "two Republicans who asked not to be named".
        kind = "anonymous"
    key = name.casefold().removeprefix("the ")
    # "His lawyer" twice need not be one: the owners can differ.
    shared = (description.definite or plural) and parse.tags[phrase.tokens.start] != "PRP$"
    entity = scene.described.get(key) if shared else None
    if entity is None:
        entity = Entity(kind, name, None)
        said = [parse.words[i] for i in range(phrase.tokens.start, head + 1)]
        entity.country = country_in(said) if kind in ("government", "anonymous") else None
        entity.plural = plural
        entity.gender = kinds.office_gender().get(parse.lemmas[head])
        scene.described[key] = entity
    scene.latest[parse.lemmas[head]] = (entity, k)
    return entity


def _says_why(name: str) -> bool:
    """Whether a description says why those it means are not named."""
    return any(reason in name.lower() for reason in load("sources")["anonymity"])


def _wishes(scene: Scene, phrase: Phrase) -> bool:
    """Whether the mention goes on to say that they do not want to be named."""
    low = scene.parse.text[scene.parse.starts[phrase.head] : scene.parse.ends[phrase.tokens.stop - 1]].lower()
    return any(wish in low for wish in load("sources")["wishes"])


def _name(scene: Scene, phrase: Phrase, description: Description, kind: SpeakerKind) -> str:
    """The words up to a clause; without "the" where a name among them tells who it is ("the Danish parliament")."""
    parse, tokens, head = scene.parse, phrase.tokens, phrase.head
    start = tokens.start
    named = any(parse.words[i][:1].isupper() for i in range(start + 1, head + 1))
    if (
        description.opening == "the"
        and named
        and (kind in _BODIES or (kind == "group" and parse.lowers[head].endswith("s") and head == start + 1))
    ):
        start += 1
    span = parse.span(start, tokens.stop - 1)
    text = _SPACE.sub(" ", parse.text[span[0] : span[1]]).strip()
    # What stands behind the comma of "the senator, his wife and his aides" is no afterthought.
    tail = _CLAUSE if description.joined else _TAIL
    cut = tail.search(text, max(0, parse.ends[head] - span[0]))
    return text[: cut.start()] if cut else text


def _kind(scene: Scene, phrase: Phrase, description: Description) -> tuple[SpeakerKind, bool]:
    """What kind of speaker the noun names, and whether there are many."""
    parse, head, lemma = scene.parse, phrase.head, description.lemma
    plural, kind = description.plural, kinds.noun_kind(lemma, description.plural, description.definite)
    if lemma in kinds.words("one") and _is_share(scene, phrase):
        return "group", True
    if kind != "group" and (
        _is_mixed(scene, phrase, kind) or (description.joined and kind == "anonymous" and not plural)
    ):
        return "group", True
    if lemma == "group" and not plural and not _is_of(scene, phrase):
        # "A group of doctors" is many, "the rights group" is one.
        return "organization", False
    if kind == "organization" and lemma in kinds.words("public_body") and _is_public(scene, phrase):
        return "government", plural
    if lemma in kinds.words("collective") and (kind == "unknown" or _is_of(scene, phrase)):
        kind = _kind_of_what(scene, phrase)
    if kind in ("unknown", "group") and kinds.inner_capitals(parse.words[head]):
        return "organization", False
    if kind == "unknown" and (_people(parse.words[head]) or parse.tags[head] == "CD"):
        return "group", True
    people = place(parse.words[head]) if kind == "unknown" and head > phrase.tokens.start else None
    if people is not None and people.kind == "demonym":
        return "anonymous", False
    if kind == "unknown" and _AGED.search(parse.text[parse.starts[phrase.tokens.start] : parse.ends[head]]):
        return "anonymous", False
    where = place(parse.words[head]) if kind == "unknown" and phrase.tokens.start == head else None
    if where is not None and where.kind != "demonym":
        return "government", False
    if lemma == "other" and not plural and description.opening != "all":
        return "anonymous", False
    return kind, plural


def _is_share(scene: Scene, phrase: Phrase) -> bool:
    """ "One in five", "no one": not a single person."""
    parse, after = scene.parse, phrase.head + 1
    share = (
        after + 1 < phrase.tokens.stop
        and parse.lowers[after] in ("in", "out")
        and "CD" in parse.tags[after : after + 3]
    )
    return share or (phrase.head > phrase.tokens.start and parse.lowers[phrase.head - 1] == "no")


def _is_public(scene: Scene, phrase: Phrase) -> bool:
    """Whether a body is called by a state or by what belongs to one: "the city council"."""
    parse = scene.parse
    before = [parse.words[i] for i in range(phrase.tokens.start, phrase.head)]
    if any(word.lower() in kinds.words("public") for word in before) or country_in(before) is not None:
        return True
    # "A panel of the Court of Appeals".
    what = (scene.cast.at.get(i) for i in range(phrase.head + 1, phrase.tokens.stop) if _is_of(scene, phrase))
    return any(entity is not None and entity.kind == "government" for entity in what)


def _is_mixed(scene: Scene, phrase: Phrase, kind: SpeakerKind) -> bool:
    """ "Unions, charities and many lawmakers": speakers of several kinds are a group."""
    parse, at = scene.parse, phrase.head
    found = {kind}
    for i in range(phrase.head + 1, phrase.tokens.stop):
        if parse.deps[i] == "conj" and parse.heads[i] == at and parse.tags[i] in ("NN", "NNS"):
            at = i
            found.add(kinds.noun_kind(singular(scene, i), parse.tags[i] == "NNS", False))
    return len(found - {"unknown"}) > 1


def _is_of(scene: Scene, phrase: Phrase) -> bool:
    return phrase.head + 1 < phrase.tokens.stop and scene.parse.lowers[phrase.head + 1] == "of"


def _kind_of_what(scene: Scene, phrase: Phrase) -> SpeakerKind:
    """ "A batch of emails" is of the kind of "emails"."""
    parse, of = scene.parse, phrase.head + 1
    what = (i for i in range(of + 1, phrase.tokens.stop) if parse.heads[i] == of)
    noun = next(what, None) if _is_of(scene, phrase) else None
    kind = "unknown" if noun is None else kinds.noun_kind(singular(scene, noun), True, False)
    return "group" if kind == "unknown" else kind


def _people(word: str) -> bool:
    where = place(word)
    return where is not None and where.kind == "demonym" and word.endswith(("s", "ese", "ish", "ch"))
