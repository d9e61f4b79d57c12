"""Mentions that name their speaker: at the head, beside it, or several at once."""

from __future__ import annotations

from quotekit.article.parse import Parse
from quotekit.lexicon import speaker_kinds as kinds
from quotekit.lexicon.personal_names import core, same_given
from quotekit.models import SpeakerKind
from quotekit.speakers.cast.entity import BY_CASE, Entity
from quotekit.speakers.cast.name_runs import Run
from quotekit.speakers.description import singular
from quotekit.speakers.discourse import Discourse
from quotekit.speakers.joint import and_others, together
from quotekit.speakers.mention import Found, Phrase

_BEFORE_NAMES = frozenset({",", ":", "--", "—", "–"})
_IN_ROLES = frozenset(
    {"NN", "NNP", "NNPS", "NNS", "JJ", "JJS", "CC", "DT", "HYPH", "POS", "PRP$", "VBN", "VBG", "CD", "RB"}
)
_BODIES = frozenset({"organization", "government"})
_ENDS = frozenset({",", ";", "(", ")", "--", "—", "–", ":"})


def joined(discourse: Discourse, k: int, phrase: Phrase) -> Found | None:
    """ "Ann Lee and Bo Stone", "the firm and its owners": several who speak as one are a speaker of their own."""
    first = _at_head(discourse, phrase)
    if first is not None:
        parts = _parts(discourse, phrase, first)
    else:
        alone = beside(discourse, k, phrase)
        parts = _apposed_parts(discourse, phrase) if alone is None else _listed(discourse, phrase, [alone.entity])
    if first is not None and len(parts) < 2:
        parse, head = discourse.parse, phrase.head
        others = [i for i in phrase.tokens if i > head and parse.deps[i] == "conj" and parse.heads[i] == head]
        name = max((i for i in phrase.tokens if discourse.named(i) == first), default=head)
        nouns = [
            i for i in others if i > name and discourse.named(i) is None and parse.tags[i] in ("NN", "NNS", "NNPS")
        ]
        if nouns:
            same = all(kinds.noun_kind(parse.lemmas[i], False, False) == first.kind for i in nouns)
            return Found(_with_others(discourse, phrase, first, first.kind if same else "group"))
    if len(parts) < 2 and (pair := _offices_together(discourse, phrase)):
        return Found(pair)
    return Found(together(parts)) if len(parts) > 1 else None


def _offices_together(discourse: Discourse, phrase: Phrase) -> Entity | None:
    """Return the group of two who are only described: "the Secretary and the Foreign Minister"."""
    parse, head = discourse.parse, phrase.head
    others = [i for i in phrase.tokens if i > head and parse.deps[i] == "conj" and parse.heads[i] == head]
    people = [i for i in (head, *others) if discourse.named(i) is None and kinds.is_person(parse.lowers[i])]
    described = all(any(parse.deps[j] in ("det", "poss") for j in parse.children[i]) for i in people)
    if len(people) < 2 or not described:
        return None
    span = parse.span(phrase.tokens.start, phrase.tokens.stop - 1)
    name = " ".join(parse.text[slice(*span)].split())
    return Entity(("joint", name), "group", name, plural=True)


def case(discourse: Discourse, k: int, phrase: Phrase) -> Found | None:
    """ "Lee v. Stone": a case at law is a document under its own name."""
    words = [discourse.parse.words[i] for i in phrase.tokens]
    if not any(word in kinds.words("versus") for word in words[1:-1]):
        return None
    span = discourse.parse.span(phrase.tokens.start, phrase.tokens.stop - 1)
    name = " ".join(discourse.parse.text[span[0] : span[1]].split())
    return Found(Entity(("case", name), "document", name, naming=BY_CASE))


def full(discourse: Discourse, k: int, phrase: Phrase) -> Found | None:
    """ "Ann Lee": a person by the fullest name that the article has."""
    return _person(discourse, phrase, whole=True)


def part(discourse: Discourse, k: int, phrase: Phrase) -> Found | None:
    """ "Lee": a person by a part of the name."""
    return _person(discourse, phrase, whole=False)


def body(discourse: Discourse, k: int, phrase: Phrase) -> Found | None:
    """ "The Ministry of Fisheries", "NATO": a body by its name or its initials."""
    entity = _at_head(discourse, phrase)
    run = discourse.cast.runs.get(phrase.head + 1)
    if entity is None and run is not None and discourse.parse.lemmas[phrase.head] in kinds.words("generic"):
        # "The aid group Open Granary".
        entity = discourse.bearer(run.first)
    called = _called(discourse, phrase) if entity is None else None
    if called is not None:
        return called
    if entity is None:
        entity = outlet(discourse, phrase.head)
    return Found(entity) if entity is not None and entity.kind != "person" and entity.place is None else None


def _called(discourse: Discourse, phrase: Phrase) -> Found | None:
    """Return the body in "a group called Open Granary", "a network known as Open Granary"."""
    parse, at = discourse.parse, phrase.head + 1
    if at >= phrase.tokens.stop or parse.lowers[at] not in kinds.words("called"):
        return None
    while at < phrase.tokens.stop and at not in discourse.cast.runs and not parse.words[at][:1].isupper():
        at += 1
    run = discourse.cast.runs.get(at)
    whole = run is not None and run.last + 1 == _segment_end(discourse, phrase, at)
    return _as_body(discourse, phrase, at) if whole else None


def _apposed_body(discourse: Discourse, phrase: Phrase) -> Found | None:
    """Return the body that is all that follows its description and a comma: "The state news agency, Kite,"."""
    parse, comma = discourse.parse, _segment_end(discourse, phrase, phrase.head)
    if comma + 1 >= phrase.tokens.stop or parse.words[comma] != ",":
        return None
    first = comma + 1 + (parse.tags[comma + 1] == "DT")
    run = discourse.cast.runs.get(first)
    alone = run is not None and run.last + 1 in (phrase.tokens.stop, _segment_end(discourse, phrase, first))
    return _as_body(discourse, phrase, first) if alone else None


def _as_body(discourse: Discourse, phrase: Phrase, first: int) -> Found | None:
    """Return who is named from the token ``first`` on, if it is a body that the noun of ``phrase`` may describe."""
    kind = kinds.noun_kind(discourse.parse.lemmas[phrase.head], False, True)
    entity = discourse.bearer(first) if first in discourse.cast.runs else None
    if entity is None or discourse.description(phrase).plural or (kind not in _BODIES and kind != "group"):
        return None
    if entity.kind in _BODIES and entity.place not in ("country", "state"):
        return Found(entity)
    return Found(entity, is_body=True) if entity.may_be_body() else None


def outlet(discourse: Discourse, head: int) -> Entity | None:
    """Return the outlet before the noun for one: "the Kite daily", "the Kite news agency"."""
    parse = discourse.parse
    if parse.words[head] not in kinds.words("media") | kinds.words("agency"):
        return None
    before = head - 2 if parse.lowers[head - 1] in kinds.words("news") else head - 1
    entity = discourse.named(before) if before >= 0 else None
    return entity if entity is not None and entity.kind == "organization" and entity.sure else None


def place_name(discourse: Discourse, k: int, phrase: Phrase) -> Found | None:
    """ "Moscow", "Norway": a country by its name, its capital or its seat of government."""
    entity = _at_head(discourse, phrase)
    return Found(entity) if entity is not None and entity.place is not None else None


def beside(discourse: Discourse, k: int, phrase: Phrase) -> Found | None:
    """ "The envoy, Ann Lee", "Lee's remarks": a description with a name in it, or behind it in apposition."""
    parse, cast, tokens, head = discourse.parse, discourse.cast, phrase.tokens, phrase.head
    owner = _owner(discourse, phrase)
    if owner is not None:
        return Found(owner)
    apposed = parse.deps[head] == "appos" and parse.tags[head] in ("NN", "NNP") and parse.heads[head] not in tokens
    if apposed and kinds.is_person(parse.lemmas[head]):
        there = discourse.named(parse.heads[head])
        if there is not None and there.kind == "person":
            return Found(there)
    body = _apposed_body(discourse, phrase)
    if body is not None or kinds.noun_kind(parse.lemmas[head], False, True) == "document":
        return body
    for i in (*tokens, *(child for child in parse.children[head] if child >= tokens.stop)):
        there = discourse.named(i)
        if there is None or there.kind != "person":
            continue
        run = cast.runs.get(i)
        if run is not None and run.role is not None and run.role[0] <= head <= run.role[1]:
            return Found(there)
        if parse.tags[head] in ("NNS", "NNPS"):
            continue
        if (parse.deps[i] == "appos" and parse.heads[i] == head) or _apposed(discourse, phrase, i):
            return Found(there)
    return None


def _owner(discourse: Discourse, phrase: Phrase) -> Entity | None:
    """Return the owner of an utterance, if it is a person: Lee in "Lee's announcement", "Lee's April remarks"."""
    parse, lemma = discourse.parse, discourse.parse.lemmas[phrase.head]
    if lemma not in kinds.words("utterance"):
        return None
    mark = next((i for i in range(phrase.tokens.start + 1, phrase.head) if _is_genitive(parse, i)), None)
    owner = None if mark is None else discourse.named(mark - 1)
    return owner if owner is not None and owner.kind == "person" else None


def _is_genitive(parse: Parse, i: int) -> bool:
    """Return whether token ``i`` is a possessive ending, which the tagger may take for another word."""
    return parse.tags[i] == "POS" or (parse.tags[i] != "VBZ" and parse.lowers[i] in ("’s", "'s"))


def _apposed(discourse: Discourse, phrase: Phrase, i: int) -> bool:
    """Return whether the name at ``i`` is all that follows a person's description and a comma, whatever the parse."""
    run, parse = discourse.cast.runs.get(i), discourse.parse
    lemma = parse.lemmas[phrase.head]
    if run is None or run.start <= phrase.head or not (kinds.is_person(lemma) or lemma in kinds.words("one")):
        return False
    comma = run.start - 1 - (parse.tags[run.start - 1] in ("DT", "PRP$"))
    if parse.words[comma] != "," or _segment_end(discourse, phrase, phrase.head) != comma:
        return False
    return _segment_end(discourse, phrase, run.start) == run.last + 1


def _segment_end(discourse: Discourse, phrase: Phrase, at: int) -> int:
    """Return the first token from ``at`` on that is a comma, a bracket, a dash or "who", or the end of ``phrase``."""
    parse = discourse.parse
    while at < phrase.tokens.stop and parse.words[at] not in _ENDS and parse.tags[at][:1] != "W":
        if parse.words[at] == "-" and parse.ends[at - 1] < parse.starts[at]:
            # A hyphen with spaces around it is a dash.
            break
        at += 1
    return at


def _at_head(discourse: Discourse, phrase: Phrase) -> Entity | None:
    """Return who is named at the head, or by all the words before the first comma."""
    cast, start = discourse.cast, phrase.tokens.start
    end = _segment_end(discourse, phrase, start)
    opening = discourse.named(end - 1) if end > start else None
    if opening is not None and opening.kind == "person" and opening != discourse.named(phrase.head):
        run = next((cast.runs[i] for i in range(start, end) if i in cast.runs and cast.runs[i].last == end - 1), None)
        if run is not None and (run.start == start or _is_role(discourse, start, run)):
            return opening
    entity = discourse.named(phrase.head)
    if entity is not None and entity.kind == "person" and _goes_on(discourse, phrase, entity):
        return None
    if entity is None and len(phrase.tokens) <= 2:
        entity = cast.of_surname(discourse.parse.words[phrase.head])
    return entity


def _is_role(discourse: Discourse, start: int, run: Run) -> bool:
    """Return whether only a role is between the token ``start`` and a name: "Lisk's first judge and mayor [Ann Lee]".

    Right before the name is the noun of the role or a possessor: "The Herald's [Ann Lee]".
    """
    parse, cast = discourse.parse, discourse.cast
    before = range(start, run.start)
    if any(not _in_role(discourse, i) or discourse.named(i) == discourse.bearer(run.first) for i in before):
        return False
    ands = [i for i in before if parse.tags[i] == "CC"]
    beside = (cast.runs[i] for i in before if i in cast.runs and discourse.bearer(i).kind == "person")
    named = any(parse.tags[other.last + 1] != "POS" for other in beside)
    if ands and (named or not all(i > start and _is_post(parse, i - 1) for i in ands)):
        # "The firm and Mayor Ann Lee" and "Mr. Stone and Mayor Ann Lee" are two speakers.
        return False
    return run.role is not None or (
        run.start > start and (parse.tags[run.start - 1] == "POS" or _is_post(parse, run.start - 1))
    )


def _in_role(discourse: Discourse, i: int) -> bool:
    """Return whether a role may have the token ``i``; a preposition only in a body's name: "Council on Trade"."""
    body = discourse.named(i - 1) if discourse.parse.tags[i] == "IN" and i else None
    acronym = discourse.parse.words[i].isupper() and len(discourse.parse.words[i]) > 1
    return acronym or discourse.parse.tags[i] in _IN_ROLES or (body is not None and body.kind == "organization")


def _is_post(parse: Parse, i: int) -> bool:
    return kinds.is_person(parse.lowers[i]) or parse.lowers[i] in kinds.titles()


def _goes_on(discourse: Discourse, phrase: Phrase, entity: Entity) -> bool:
    """Return whether a noun right behind the name ends the phrase: "the Lee campaign"."""
    parse, after = discourse.parse, phrase.head + 1
    while after < phrase.tokens.stop and discourse.named(after) == entity:
        after += 1
    return after < phrase.tokens.stop and parse.tags[after] in ("NN", "NNS") and after + 1 == phrase.tokens.stop


def _person(discourse: Discourse, phrase: Phrase, *, whole: bool) -> Found | None:
    entity = _at_head(discourse, phrase)
    if entity is None or entity.kind != "person":
        return None
    run = next((discourse.cast.runs[i] for i in phrase.tokens if _names(discourse, i, entity)), None)
    words = entity.words[-1:] if run is None else core(run.words)
    if len(words) > 1 and same_given(words[0], entity.words[0]):
        return Found(entity) if whole else None
    found = _of_namesakes(discourse, words[-1], entity, run)
    if len(entity.words) == 1 and found.entity == entity:
        # The article has no fuller name.
        return Found(entity) if whole else None
    return None if whole else found


def _of_namesakes(discourse: Discourse, word: str, entity: Entity, run: Run | None) -> Found:
    """Return whom a part of a name means: of several with this name the one who has spoken, if only one has."""
    namesakes = discourse.cast.namesakes(word)
    if len(namesakes) < 2:
        return Found(entity, evidence="alone")
    gender = None if run is None else run.gender
    spoke = [one for one in namesakes if one in discourse.spoke and one.takes(gender)]
    # "Lee Jr." says which one.
    bare = run is None or len(run.words) == 1
    chosen = spoke[0] if len(spoke) == 1 and bare else entity
    return Found(chosen, evidence="near" if chosen in spoke else "close")


def _names(discourse: Discourse, i: int, entity: Entity) -> bool:
    return i in discourse.cast.runs and discourse.bearer(i) == entity


def _parts(discourse: Discourse, phrase: Phrase, first: Entity) -> list[Entity]:
    """Return the entities joined by commas and "and", ``first`` included."""
    parse = discourse.parse
    side_by_side = _comma_apart(discourse, phrase)
    if side_by_side:
        return side_by_side
    parts, at = [first], phrase.head
    for i in phrase.tokens:
        if i > at and (parse.tags[i][:2] == "VB" or parse.tags[i][:1] == "W"):
            break
        if i > at and parse.deps[i] == "conj" and parse.heads[i] == at and discourse.named(i) is not None:
            at = i
            if discourse.bearer(i) not in parts:
                parts.append(discourse.bearer(i))
    return _listed(discourse, phrase, parts) if first.kind == "person" else parts


def _comma_apart(discourse: Discourse, phrase: Phrase) -> list[Entity]:
    """Return two people with only a comma between them, as in headlines: "Lee, Stone"."""
    cast, start = discourse.cast, phrase.tokens.start
    first = cast.runs.get(start)
    if first is None or first.last + 2 not in cast.runs or discourse.parse.words[first.last + 1] != ",":
        return []
    second = cast.runs[first.last + 2]
    two = [discourse.bearer(first.first), discourse.bearer(second.first)]
    alone = second.last + 1 == phrase.tokens.stop and two[0] != two[1]
    return two if alone and all(entity.kind == "person" for entity in two) else []


def _listed(discourse: Discourse, phrase: Phrase, parts: list[Entity]) -> list[Entity]:
    """Return ``parts`` and the people whom "and" joins to them or to a comma, whatever the parse."""
    parse, cast = discourse.parse, discourse.cast
    parts = list(parts)
    for i in phrase.tokens:
        run, entity = cast.runs.get(i), discourse.named(i)
        if run is None or entity is None or entity in parts or entity.kind != "person" or not entity.sure:
            continue
        opening = run.start - 1
        if opening > phrase.tokens.start and parse.words[opening] == ",":
            # "…, and the former mayor, Ann Lee,": a description is between "and" and the name.
            if _segment_end(discourse, phrase, i) != run.last + 1:
                continue
            opening = next((j for j in range(opening - 1, phrase.tokens.start, -1) if parse.words[j] in _ENDS), 0) + 1
        follows = opening > phrase.tokens.start and parse.words[opening].lower() == "and"
        before = opening - 3 if parse.lowers[opening - 2] == "of" else opening - 1
        if follows and (parse.words[opening - 1] in (",", ")") or discourse.named(before) in parts):
            parts.append(entity)
    return parts


def _apposed_parts(discourse: Discourse, phrase: Phrase) -> list[Entity]:
    """Return the people named behind a plural: "two senators, Ann Lee and Bo Stone,"."""
    parse, cast, tokens, head = discourse.parse, discourse.cast, phrase.tokens, phrase.head
    if parse.tags[head] not in ("NNS", "NNPS") or not kinds.is_person(singular(discourse.parse, head)):
        return []
    comma = _segment_end(discourse, phrase, head)
    starts = (head + 1, comma + 1) if comma < tokens.stop and parse.words[comma] in _BEFORE_NAMES else (head + 1,)
    run = next((cast.runs[i] for i in range(head + 1, min(comma + 9, tokens.stop)) if i in cast.runs), None)
    if run is None or run.start not in starts or discourse.bearer(run.first).kind != "person":
        return []
    rest = Phrase(range(run.start, tokens.stop), run.last)
    return _parts(discourse, rest, discourse.bearer(run.first))


def _with_others(discourse: Discourse, phrase: Phrase, first: Entity, kind: SpeakerKind) -> Entity:
    """Return a named entity with unnamed others ("the firm and its owners")."""
    last = max((i for i in phrase.tokens if discourse.named(i) == first), default=phrase.tokens.start)
    return and_others(discourse, phrase, first, last, kind)
