"""Mentions that name their speaker: at the head, beside it, or several at once."""

from __future__ import annotations

from quotekit.article.parse import Parse
from quotekit.lexicon import speaker_kinds as kinds
from quotekit.lexicon.personal_names import core, same_given
from quotekit.models import SpeakerKind
from quotekit.speakers.cast.entity import Entity
from quotekit.speakers.cast.name_runs import Run
from quotekit.speakers.description import singular
from quotekit.speakers.joint import and_others, together
from quotekit.speakers.scene import Found, Phrase, Scene

_MOST_PARTS = 2
_BEFORE_NAMES = frozenset({",", ":", "--", "—", "–"})
_IN_ROLES = frozenset(
    {"NN", "NNP", "NNPS", "NNS", "JJ", "JJS", "CC", "DT", "HYPH", "POS", "PRP$", "VBN", "VBG", "CD", "RB"}
)
_ENDS = frozenset({",", ";", "(", ")", "--", "—", "–", ":"})


def joined(scene: Scene, k: int, phrase: Phrase) -> Found | None:
    """ "Ann Lee and Bo Stone", "the firm and its owners": several who speak as one are a speaker of their own."""
    first = _at_head(scene, phrase)
    if first is not None:
        parts = _parts(scene, phrase, first)
    else:
        alone = beside(scene, k, phrase)
        parts = _apposed_parts(scene, phrase) if alone is None else _listed(scene, phrase, [alone.entity])
    if first is not None and len(parts) < _MOST_PARTS:
        parse, cast, head = scene.parse, scene.cast, phrase.head
        others = [i for i in phrase.tokens if i > head and parse.deps[i] == "conj" and parse.heads[i] == head]
        name = max((i for i in phrase.tokens if cast.at.get(i) is first), default=head)
        nouns = [i for i in others if i > name and cast.at.get(i) is None and parse.tags[i] in ("NN", "NNS", "NNPS")]
        if nouns:
            same = all(kinds.noun_kind(parse.lemmas[i], False, False) == first.kind for i in nouns)
            return Found(_together(scene, phrase, first, first.kind if same else "group"))
    return Found(together(scene, parts)) if len(parts) > 1 else None


def case(scene: Scene, k: int, phrase: Phrase) -> Found | None:
    """ "Lee v. Stone": a case at law is what its papers say, a document under its own name."""
    words = [scene.parse.words[i] for i in phrase.tokens]
    if not any(word in ("v.", "v", "vs.", "vs") for word in words[1:-1]):
        return None
    span = scene.parse.span(phrase.tokens.start, phrase.tokens.stop - 1)
    name = " ".join(scene.parse.text[span[0] : span[1]].split())
    entity = scene.described.get(name)
    if entity is None:
        entity = scene.described[name] = Entity("document", name, None)
    return Found(entity)


def full(scene: Scene, k: int, phrase: Phrase) -> Found | None:
    """ "Ann Lee": a person by the fullest name that the article has."""
    return _person(scene, phrase, whole=True)


def part(scene: Scene, k: int, phrase: Phrase) -> Found | None:
    """ "Lee": a person by a part of the name."""
    return _person(scene, phrase, whole=False)


def body(scene: Scene, k: int, phrase: Phrase) -> Found | None:
    """ "The Ministry of Fisheries", "NATO": a body by its name or its initials."""
    entity = _at_head(scene, phrase)
    run = scene.cast.runs.get(phrase.head + 1)
    if entity is None and run is not None and scene.parse.lemmas[phrase.head] in kinds.words("generic"):
        # "The aid group Open Granary".
        entity = scene.cast.at[run.first]
    return Found(entity) if entity is not None and entity.kind != "person" and entity.place is None else None


def place_name(scene: Scene, k: int, phrase: Phrase) -> Found | None:
    """ "Moscow", "Norway": a country by its name, its capital or its seat of government."""
    entity = _at_head(scene, phrase)
    return Found(entity) if entity is not None and entity.place is not None else None


def beside(scene: Scene, k: int, phrase: Phrase) -> Found | None:
    """ "The envoy, Ann Lee": a description with a name in it, or behind it in apposition."""
    parse, cast, tokens, head = scene.parse, scene.cast, phrase.tokens, phrase.head
    apposed = parse.deps[head] == "appos" and parse.tags[head] in ("NN", "NNP") and parse.heads[head] not in tokens
    if apposed and kinds.is_person(parse.lemmas[head]):
        there = cast.at.get(parse.heads[head])
        if there is not None and there.kind == "person":
            return Found(there)
    for i in tokens:
        there = cast.at.get(i)
        if there is None or there.kind != "person":
            continue
        run = cast.runs.get(i)
        if run is not None and run.role is not None and run.role[0] <= head <= run.role[1]:
            return Found(there)
        if parse.tags[head] in ("NNS", "NNPS"):
            continue
        if (parse.deps[i] == "appos" and parse.heads[i] == head) or _apposed(scene, phrase, i):
            return Found(there)
    return None


def _apposed(scene: Scene, phrase: Phrase, i: int) -> bool:
    """Whether the name that begins at ``i`` stands alone behind a person's description and a comma.

    So it is read from the commas, however the parser took it.
    """
    run, parse = scene.cast.runs.get(i), scene.parse
    lemma = parse.lemmas[phrase.head]
    if run is None or run.start <= phrase.head or not (kinds.is_person(lemma) or lemma in kinds.words("one")):
        return False
    comma = run.start - 1 - (parse.tags[run.start - 1] in ("DT", "PRP$"))
    if parse.words[comma] != "," or _segment_end(scene, phrase, phrase.head) != comma:
        return False
    return _segment_end(scene, phrase, run.start) == run.last + 1


def _segment_end(scene: Scene, phrase: Phrase, at: int) -> int:
    """The token after the stretch of ``phrase`` that begins at ``at`` and goes on to a comma, a bracket or "who"."""
    parse = scene.parse
    while at < phrase.tokens.stop and parse.words[at] not in _ENDS and parse.tags[at][:1] != "W":
        if parse.words[at] == "-" and parse.ends[at - 1] < parse.starts[at]:
            # A hyphen with spaces around it is a dash.
            break
        at += 1
    return at


def _at_head(scene: Scene, phrase: Phrase) -> Entity | None:
    """Who is named at the head; or by all that stands before the first comma, whatever the parser took for the head."""
    cast, start = scene.cast, phrase.tokens.start
    end = _segment_end(scene, phrase, start)
    opening = cast.at.get(end - 1) if end > start else None
    if opening is not None and opening.kind == "person" and opening is not cast.at.get(phrase.head):
        run = next((cast.runs[i] for i in range(start, end) if i in cast.runs and cast.runs[i].last == end - 1), None)
        if run is not None and (run.start == start or _is_role(scene, start, run)):
            return opening
    entity = cast.at.get(phrase.head)
    if entity is not None and entity.kind == "person" and _goes_on(scene, phrase, entity):
        return None
    if entity is None and len(phrase.tokens) <= 2:
        entity = cast.known(scene.parse.words[phrase.head])
    return entity


def _is_role(scene: Scene, start: int, run: Run) -> bool:
    """Whether nothing but a role stands from the token ``start`` to a name: "Lisk's first judge and mayor [Ann Lee]".

    The noun of a role stands right before the name, or a body does that has somebody: "The Herald's [Ann Lee]".
    """
    parse, cast = scene.parse, scene.cast
    before = range(start, run.start)
    if any(parse.tags[i] not in _IN_ROLES or cast.at.get(i) is cast.at[run.first] for i in before):
        return False
    ands = [i for i in before if parse.tags[i] == "CC"]
    beside = (cast.runs[i] for i in before if i in cast.runs and cast.at[i].kind == "person")
    named = any(parse.tags[other.last + 1] != "POS" for other in beside)
    if ands and (named or not all(i > start and _is_post(parse, i - 1) for i in ands)):
        # "The firm and Mayor Ann Lee", "Mr. Stone and Mayor Ann Lee" are two.
        return False
    return run.role is not None or (
        run.start > start and (parse.tags[run.start - 1] == "POS" or _is_post(parse, run.start - 1))
    )


def _is_post(parse: Parse, i: int) -> bool:
    return kinds.is_person(parse.lowers[i]) or parse.lowers[i] in kinds.titles()


def _goes_on(scene: Scene, phrase: Phrase, entity: Entity) -> bool:
    """Whether a noun follows the name at once, whatever the parser took for the head: "the Lee campaign"."""
    parse, after = scene.parse, phrase.head + 1
    while after < phrase.tokens.stop and scene.cast.at.get(after) is entity:
        after += 1
    return after < phrase.tokens.stop and parse.tags[after] in ("NN", "NNS") and after + 1 == phrase.tokens.stop


def _person(scene: Scene, phrase: Phrase, *, whole: bool) -> Found | None:
    entity = _at_head(scene, phrase)
    if entity is None or entity.kind != "person":
        return None
    words = next((core(scene.cast.runs[i].words) for i in phrase.tokens if _names(scene, i, entity)), entity.words[-1:])
    given = len(words) > 1 and same_given(words[0], entity.words[0])
    return Found(entity) if whole == (given or len(entity.words) == 1) else None


def _names(scene: Scene, i: int, entity: Entity) -> bool:
    return i in scene.cast.runs and scene.cast.at[i] is entity


def _parts(scene: Scene, phrase: Phrase, first: Entity) -> list[Entity]:
    """The entities named one after another over commas and "and", ``first`` among them."""
    parse, cast = scene.parse, scene.cast
    side_by_side = _comma_apart(scene, phrase)
    if side_by_side:
        return side_by_side
    parts, at = [first], phrase.head
    for i in phrase.tokens:
        if i > at and (parse.tags[i][:2] == "VB" or parse.tags[i][:1] == "W"):
            break
        if i > at and parse.deps[i] == "conj" and parse.heads[i] == at and cast.at.get(i) is not None:
            at = i
            if cast.at[i] not in parts:
                parts.append(cast.at[i])
    return _listed(scene, phrase, parts) if first.kind == "person" else parts


def _comma_apart(scene: Scene, phrase: Phrase) -> list[Entity]:
    """ "Lee, Stone": two people with nothing but a comma between them, as headlines have it."""
    cast, start = scene.cast, phrase.tokens.start
    first = cast.runs.get(start)
    if first is None or first.last + 2 not in cast.runs or scene.parse.words[first.last + 1] != ",":
        return []
    second = cast.runs[first.last + 2]
    two = [cast.at[first.first], cast.at[second.first]]
    alone = second.last + 1 == phrase.tokens.stop and two[0] is not two[1]
    return two if alone and all(entity.kind == "person" for entity in two) else []


def _listed(scene: Scene, phrase: Phrase, parts: list[Entity]) -> list[Entity]:
    """``parts`` and the people named behind "and" after one of them or a comma, however the parser took them."""
    parse, cast = scene.parse, scene.cast
    parts = list(parts)
    for i in phrase.tokens:
        run, entity = cast.runs.get(i), cast.at.get(i)
        if run is None or entity is None or entity in parts or entity.kind != "person" or not entity.sure:
            continue
        opening = run.start - 1
        if opening > phrase.tokens.start and parse.words[opening] == ",":
            # "…, and the former mayor, Ann Lee,": the description between has its own "and".
            if _segment_end(scene, phrase, i) != run.last + 1:
                continue
            opening = next((j for j in range(opening - 1, phrase.tokens.start, -1) if parse.words[j] in _ENDS), 0) + 1
        follows = opening > phrase.tokens.start and parse.words[opening].lower() == "and"
        before = opening - 3 if parse.lowers[opening - 2] == "of" else opening - 1
        if follows and (parse.words[opening - 1] in (",", ")") or cast.at.get(before) in parts):
            parts.append(entity)
    return parts


def _apposed_parts(scene: Scene, phrase: Phrase) -> list[Entity]:
    """ "Two senators, Ann Lee and Bo Stone,", "experts Ann Lee and Bo Stone": the people named behind a plural."""
    parse, cast, tokens, head = scene.parse, scene.cast, phrase.tokens, phrase.head
    if parse.tags[head] not in ("NNS", "NNPS") or not kinds.is_person(singular(scene, head)):
        return []
    comma = _segment_end(scene, phrase, head)
    starts = (head + 1, comma + 1) if comma < tokens.stop and parse.words[comma] in _BEFORE_NAMES else (head + 1,)
    run = next((cast.runs[i] for i in range(head + 1, min(comma + 9, tokens.stop)) if i in cast.runs), None)
    if run is None or run.start not in starts or cast.at[run.first].kind != "person":
        return []
    rest = Phrase(range(run.start, tokens.stop), run.last)
    return _parts(scene, rest, cast.at[run.first])


def _together(scene: Scene, phrase: Phrase, first: Entity, kind: SpeakerKind) -> Entity:
    """A name and others beside it ("the firm and its owners"): the full name and the mention's own words behind it."""
    last = max((i for i in phrase.tokens if scene.cast.at.get(i) is first), default=phrase.tokens.start)
    return and_others(scene, phrase, first, last, kind)
