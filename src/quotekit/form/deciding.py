"""Which readings are labels: a decision over the whole document.

Readings of one grammar (terminator and shape) are accepted or rejected together, by what speaks for them less the
narration among them. The terminator that explains most is the document's; another needs words that sound spoken.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from quotekit.form.evidence import FIRST_WORDS, Reading, narrated, of_speech, readings
from quotekit.form.labels import Label, Shape, Terminator
from quotekit.form.lines import Line, ends_sentence, extent
from quotekit.form.turns import is_direction
from quotekit.form.words import words
from quotekit.lexicon import load

Grammar = tuple[Terminator, Shape]


@dataclass(frozen=True, slots=True)
class Needs:
    """What labels of a terminator must show.

    ``all``: the evidence of all of a grammar; ``each``: that of a single one; ``fewest``: how many there must be;
    ``spoken``: the share with words behind them that sound spoken.
    """

    all: float
    each: float
    fewest: int
    spoken: float


@cache
def _needs() -> dict[Terminator, Needs]:
    return {terminator: Needs(**needs) for terminator, needs in load("label_weights")["needs"].items()}


_OFFICIAL = 0.6
"""Share of official labels that makes up for words behind them which do not sound spoken."""

_OTHER = 0.3
"""Evidence for another terminator than the document's, as a share of that for the document's."""

_RISKY: frozenset[Grammar] = frozenset({("colon", "lower"), ("semicolon", "lower"), ("space", "capitals")})
"""Shapes of labels in lower case, or initials before a blank, which paragraphs often begin with by chance."""

_AGAIN, _ALTERNATING = 0.6, 0.4
"""Maximum share of distinct labels in lower case, and minimum share of the paragraphs that they open."""

_SURE = 5.0
_CERTAIN = 3.0
"""Evidence for an official label whose surname makes others with it more credible."""

_ANNOUNCED = 1.0
"""Evidence that an announcement adds."""

_MOST = 6.0
_LEAST = -2.0
_LENIENT = 0.5
_NAMES = 2
"""Words of an only label from which one must be a given name."""

_OFTEN = 3
"""Minimum occurrences of a label that is certainly not a field."""

_CUT = "—–-"
"""Marks at the end of a sentence that somebody interrupts."""

_KNOWN = 3.0
"""Evidence that a label gets for ending in the surname of an official one."""


def decide(
    text: str, lines: Sequence[Line], pieces: Sequence[list[int]], announced: bool = False
) -> tuple[dict[int, Label], float]:
    """Return the labels of a document by the index of their line, and the evidence for all of them.

    ``announced``: a story before it says that a transcript or a speech follows.
    """
    found = readings(text, lines, pieces)
    narration = narrated(text, lines, pieces) if found else {}
    groups: dict[Grammar, list[Reading]] = defaultdict(list)
    for reading in found:
        groups[reading.label.grammar].append(reading)
    staged = any(is_direction(text, *extent(lines, piece)) for piece in pieces)
    totals = {grammar: _total(grammar[0], group, narration) for grammar, group in groups.items()}
    accepted = {
        grammar: total
        for grammar, total in totals.items()
        if total >= _needs()[grammar[0]].all - _ANNOUNCED * announced
        and (staged or _sounds(grammar, groups[grammar], lenient=True))
        and (grammar not in _RISKY or _alternates(groups[grammar], len(pieces)))
    }
    if not accepted:
        return {}, 0.0
    accepted = _of_document(accepted, groups)
    for grammar, group in groups.items():
        if grammar[1] == "role" and grammar not in accepted:
            accepted[grammar] = sum(reading.score for reading in _kept(grammar[0], group))
    last = pieces[-1][-1] + 1
    return _without_fields(text, lines, last, _chosen(found, accepted)), sum(accepted.values())


def _kept(terminator: Terminator, group: Iterable[Reading]) -> list[Reading]:
    return [reading for reading in group if reading.score >= _needs()[terminator].each]


def _total(terminator: Terminator, group: Sequence[Reading], narration: Mapping[int, int]) -> float:
    """Return the evidence for a grammar, less the narration between its labels and half of that after the last."""
    kept = _kept(terminator, group)
    if len(kept) < _needs()[terminator].fewest or (len(kept) == 1 and _is_topic(kept[0])):
        return 0.0
    total = sum(min(_MOST, reading.score) for reading in kept)
    total += sum(max(_LEAST, reading.score) for reading in group if reading.score < 0)
    first, last = kept[0].line, kept[-1].line
    return total - (narration[last] - narration[first]) - 0.5 * (narration[-1] - narration[last])


def _is_topic(only: Reading) -> bool:
    """Return whether the only label of a document names nobody: "LISK WALKERS: Where do you like to stroll?"."""
    label = only.label
    if label.grammar != ("colon", "capitals") or only.official or len(label.core) < _NAMES:
        return False
    return words().given.isdisjoint(word.casefold() for word in label.core)


def _sounds(grammar: Grammar, group: Sequence[Reading], lenient: bool) -> bool:
    """Return whether enough words behind the labels sound spoken; official labels need it less where ``lenient``."""
    kept = _kept(grammar[0], group)
    if grammar[1] == "role" or (lenient and sum(reading.official for reading in kept) >= _OFFICIAL * len(kept)):
        return True
    if (_needs()[grammar[0]].fewest > 1 or grammar[1] == "nick") and not _returns(kept):
        return False
    return sum(reading.spoken for reading in kept) >= _needs()[grammar[0]].spoken * len(kept)


def _is_official(group: Sequence[Reading]) -> bool:
    """Return whether labels with a colon are beyond doubt: most are official, with much evidence on the average."""
    kept = _kept("colon", group)
    official = sum(reading.official for reading in kept)
    return official >= _OFFICIAL * len(kept) and sum(reading.score for reading in kept) >= _SURE * len(kept)


def _returns(kept: Sequence[Reading]) -> bool:
    """Return whether a label comes twice, or one is beyond doubt."""
    sure = any(reading.official and reading.score >= _SURE for reading in kept)
    return sure or len({reading.label.key for reading in kept}) < len(kept)


def _alternates(group: Sequence[Reading], pieces: int) -> bool:
    """Return whether a few labels recur and open most paragraphs."""
    keys = Counter(reading.label.key for reading in group)
    return 1 < len(keys) <= _AGAIN * len(group) and len(group) >= _ALTERNATING * pieces


def _of_document(accepted: dict[Grammar, float], groups: dict[Grammar, list[Reading]]) -> dict[Grammar, float]:
    """Return the grammars of the terminator that explains most, and others that explain enough besides."""
    by_terminator: dict[Terminator, float] = defaultdict(float)
    for (terminator, _), total in accepted.items():
        by_terminator[terminator] += total
    main = max(by_terminator, key=by_terminator.__getitem__)
    return {
        grammar: total
        for grammar, total in accepted.items()
        if grammar[0] == main
        or grammar[1] == "role"
        or (grammar[0] == "colon" and _is_official(groups[grammar]))
        or (
            grammar not in _RISKY
            and total >= _OTHER * by_terminator[main]
            and _sounds(grammar, groups[grammar], lenient=False)
        )
    }


def _chosen(found: Sequence[Reading], accepted: dict[Grammar, float]) -> dict[int, Label]:
    """Return the best reading of each line whose grammar is accepted, or nearly so."""
    terminators: dict[Terminator, float] = defaultdict(float)
    for (terminator, _), total in accepted.items():
        terminators[terminator] += total
    named = any(shape != "role" for _, shape in accepted)
    surnames = {
        reading.label.core[-1].casefold() for reading in found if reading.official and reading.score >= _CERTAIN
    }
    main = max(terminators, key=terminators.__getitem__)
    best: dict[int, tuple[float, int, Label]] = {}
    for reading in found:
        label = reading.label
        # Among names, a paragraph that begins with "A" is no answer.
        if label.terminator not in terminators or (named and label.terminator == "space" and label.key == "a"):
            continue
        if label.terminator == "alone" != main and not reading.spoken:
            continue
        needed = _needs()[label.terminator].each
        if label.grammar not in accepted:
            needed += _LENIENT
        elif label.terminator == "alone":
            needed -= 2 * _LENIENT
        if label.core[-1].casefold() in surnames:
            needed -= _KNOWN
        offer = reading.score, -label.end, label
        if reading.score >= needed and (reading.line not in best or offer[:2] > best[reading.line][:2]):
            best[reading.line] = offer
    return {line: label for line, (_, _, label) in best.items()}


def _without_fields(text: str, lines: Sequence[Line], last: int, chosen: dict[int, Label]) -> dict[int, Label]:
    """Return labels without the first ones that are fields and lists above a transcript: no sentence is behind them."""
    order = sorted(chosen)
    often = {key for key, count in Counter(label.key for label in chosen.values()).items() if count >= _OFTEN}
    for number, (at, following) in enumerate(pairwise([*order, last])):
        label, end = chosen[at], lines[following - 1].end
        if label.brackets or label.key in often or _is_speech(text, label.end, end, lines[at:following]):
            return {at: chosen[at] for at in order[number:]} if 2 * number <= len(order) else chosen
    return chosen


def _is_speech(text: str, start: int, end: int, lines: Sequence[Line]) -> bool:
    """Return whether words behind a label sound spoken, or a sentence ends there."""
    if of_speech(text[start : min(end, start + FIRST_WORDS)].strip() or ".", words()) > 0:
        return True
    ends = (line.end for line in lines if line.end > start and text[line.end - 1] not in ":;")
    return any(text[end - 1] in _CUT or ends_sentence(text, start, end) for end in ends)
