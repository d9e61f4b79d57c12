"""Who asks and who answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Set
from itertools import pairwise

from quotekit.form.labels import Label
from quotekit.form.turns import Floor
from quotekit.form.words import words
from quotekit.models import Exchange

_ASKING = 0.6
"""Share of a voice's turns that hold a question, from which it is the one that asks."""

_FEW = 0.5
_LONGEST_OUTLET = 3


def asker_of(text: str, floors: Sequence[Floor], owners: Sequence[int]) -> int | None:
    """Return which of two voices asks: the one whose turns are mostly questions."""
    if len(set(owners)) != 2:
        return None
    spoke, asked = [0, 0], [0, 0]
    for floor, owner in zip(floors, owners, strict=True):
        spoke[owner] += 1
        asked[owner] += _is_question(text, floor)
    shares = [a / s for a, s in zip(asked, spoke, strict=True)]
    first = shares.index(max(shares))
    return first if shares[first] >= _ASKING and shares[1 - first] < _ASKING else None


def exchanges_of(text: str, floors: Sequence[Floor], owners: Sequence[int], asker: int | None) -> list[Exchange | None]:
    """Return what each turn is, if labels or an interview show it; the turn after a question is its answer.

    If labels mark the answers, a turn without such a label is not one: an objection by counsel.
    """
    labels = [floor.label for floor in floors]
    asking = {owner for label, owner in zip(labels, owners, strict=True) if asks(label)}
    asking |= _outlets(text, floors, owners)
    if asker is not None:
        asking.add(asker)
    asking |= _others(text, floors, owners, asking)
    answers = [label.key.rstrip(".") in words().answers for label in labels]
    labelled = any(answers)
    out: list[Exchange | None] = []
    for floor, label, owner, answers_it in zip(floors, labels, owners, answers, strict=True):
        if not floor.paragraphs:
            out.append(None)
        elif owner in asking or asks(label):
            out.append("question")
        elif asking and (answers_it or (out and out[-1] == "question" and not labelled)):
            out.append("answer")
        else:
            out.append(None)
    return out


def _others(text: str, floors: Sequence[Floor], owners: Sequence[int], asking: Set[int]) -> set[int]:
    """Return the voices that mostly question the one who answers ``asking`` most often."""
    answering = Counter(b for a, b in pairwise(owners) if a in asking and b not in asking)
    if not answering:
        return set()
    main, _ = answering.most_common(1)[0]
    turns, asked = Counter(owners), Counter[int]()
    for floor, owner, following in zip(floors, owners, owners[1:], strict=False):
        asked[owner] += following == main and _is_question(text, floor)
    return {owner for owner in asked if owner != main and asked[owner] >= _ASKING * turns[owner]}


def asks(label: Label) -> bool:
    """Return whether a label is that of a question, a reporter or an outlet."""
    lists = words()
    key = label.key.rstrip(".0123456789 ")
    return key in lists.questions or _is_medium(label)


def _outlets(text: str, floors: Sequence[Floor], owners: Sequence[int]) -> set[int]:
    """Return the voices that ask under one word in capitals among names: AFP."""
    capitals = sum(floor.label.shape == "capitals" for floor in floors)
    if capitals > _FEW * len(floors):
        return set()
    return {
        owner
        for floor, owner in zip(floors, owners, strict=True)
        if floor.label.shape == "capitals" and len(floor.label.core) == 1 and _is_question(text, floor)
    }


def _is_question(text: str, floor: Floor) -> bool:
    return any("?" in text[start:end] for part in floor.paragraphs for start, end in part)


def _is_medium(label: Label) -> bool:
    """Return whether a label names an outlet or its reporter: Kyodo News, Rune Teal (Harbour Post)."""
    if label.addition or label.brackets:
        return any(_is_outlet(part.split()) for part in (label.name, label.addition, *label.brackets))
    return _is_outlet(label.core)


def _is_outlet(name: Sequence[str]) -> bool:
    """Return whether a name is an outlet's."""
    low, lists = [word.casefold() for word in name], words()
    return (
        0 < len(low) <= _LONGEST_OUTLET
        and (low[0] in lists.media or low[-1] in lists.media)
        and lists.offices.isdisjoint(low)
    )
