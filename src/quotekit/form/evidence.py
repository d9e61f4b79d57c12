"""What speaks for a reading of a line as a label: its words, the words behind it, and its return."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cache

from quotekit.form.labels import Label, Terminator, labels
from quotekit.form.lines import Line, ends_sentence, extent, is_wrapped
from quotekit.form.stamps import is_stamp
from quotekit.form.words import Words, words
from quotekit.lexicon import load
from quotekit.lexicon.places import place

FIRST_WORDS = 400
_SHORT = 60
_LONGEST_NAME = 5
_LONGEST_OUTLET = 3
_OFFICIAL = 2
"""Evidence in brackets from which a label counts as official."""

QUOTED = re.compile(r"[“\"][^“”\"\n]*[”\"]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_LOWER = re.compile(r"\b[^\W\d_A-Z]{3,}\b")
SAID = re.compile(r"[,.?!]['’”\"]|[”\"]\s")
"""The end of what is said in marks."""

_ENDINGS = ".?!…”\"'’—–-)]:;,"
_OFFICE = re.compile(r",\s|\s(?:--?|[–—−])\s")
_ADDRESS = re.compile(r"\S@\w+\.|\+\d[\d ()./-]{7,}\d|\b0\d[\d ()/-]{6,}\d|\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}")
"""An e-mail address or a telephone number."""

_LEADERS = re.compile(r"(?:\.\s?){5}")
"""The dots of a table: President: Mr. Teal . . . . . (Guyana)."""

_MOST_BREAKS = 2
_BROKEN: frozenset[Terminator] = frozenset({"colon", "stop", "stop-dash"})
"""Line breaks within a label, and the terminators of such labels."""

_MOST_RETURNS = 3.0
_EACH_RETURN = 1.2


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading of a line as a label.

    ``score`` sums what speaks for it and against it. ``spoken``: the words behind it sound spoken. ``official``: it
    has a title, an office, or brackets with a country or a time.
    """

    line: int
    label: Label
    score: float
    spoken: bool
    official: bool


def readings(text: str, lines: Sequence[Line], pieces: Sequence[list[int]]) -> list[Reading]:
    """Return the readings of all lines that begin a paragraph or follow the end of a sentence."""
    found = list(_single(text, lines, pieces))
    asked = {reading.label.terminator for reading in found if reading.label.key == "q"}
    found = [reading for reading in found if _is_asked(reading.label, asked)]
    counts = Counter((reading.label.grammar, reading.label.key) for reading in found)
    return [
        replace(reading, score=reading.score + min(_MOST_RETURNS, _EACH_RETURN * (count - 1)))
        for reading in found
        if (count := counts[reading.label.grammar, reading.label.key]) > 1 or not _is_lone_part(reading)
    ]


def _is_lone_part(reading: Reading) -> bool:
    """Return whether a reading is a part alone on its line with nothing spoken below it: Question, as a heading."""
    return reading.label.grammar == ("alone", "role") and not reading.spoken


def _is_asked(label: Label, asked: Set[Terminator]) -> bool:
    """Return whether a label can be one: a Q or A without a colon needs questions of the same kind."""
    if label.terminator == "colon" or (label.key != "a" and label.terminator != "space") or label.shape != "role":
        return True
    return label.terminator in asked


def _single(text: str, lines: Sequence[Line], pieces: Sequence[list[int]]) -> Iterator[Reading]:
    """Yield the readings, each scored by itself."""
    within = (lines[pieces[0][0]].start, lines[pieces[-1][-1]].end) if pieces else (0, 0)
    lower, lists, wrapped = set(_LOWER.findall(text, *within)), words(), is_wrapped(text, lines)
    for number, piece in enumerate(pieces):
        timed = number + 1 < len(pieces) and _is_clock(text, lines, pieces[number + 1])
        following = pieces[number + 1 + timed] if number + 1 + timed < len(pieces) else None
        after = extent(lines, following) if following else None
        for i in piece:
            if i > piece[0] and not ends_sentence(text, lines[i - 1].start, lines[i - 1].end):
                continue
            last = min(piece[-1], i + _MOST_BREAKS) if wrapped else i
            for label in _over_lines(text, lines[i : last + 1]):
                if timed and label.terminator == "alone":
                    label = replace(label, timed=True)
                said = _behind(text, label, lines[piece[-1]].end, after)
                if said:
                    spoken = of_speech(said, lists)
                    score, official = of_label(label, lists, lower)
                    spoken += _of_asker(label, said, lists)
                    yield Reading(i, label, score + spoken, spoken > 0, official)


def _over_lines(text: str, lines: Sequence[Line]) -> Iterator[Label]:
    """Yield the readings of the first line, and those of labels that are broken over the next."""
    first, last = lines[0], lines[-1]
    yield from labels(text, first.start, first.end)
    if last is not first and not ends_sentence(text, first.start, first.end):
        for label in labels(text, first.start, last.end):
            if label.head[1] > first.end and label.terminator in _BROKEN:
                yield label


def _is_clock(text: str, lines: Sequence[Line], piece: Sequence[int]) -> bool:
    """Return whether a paragraph right below a line is a time."""
    first = lines[piece[0]]
    return not first.gap and len(piece) == 1 and is_stamp(text[first.start : first.end])


def _behind(text: str, label: Label, end: int, after: tuple[int, int] | None) -> str:
    """Return the first words after a label, also of the next paragraph; empty if it cannot be a label."""
    said = text[label.end : min(end, label.end + FIRST_WORDS)].strip()
    if _LEADERS.search(said, 0, _SHORT):
        return ""
    nxt = text[after[0] : min(after[1], after[0] + FIRST_WORDS)] if after else ""
    if (said and label.terminator == "alone") or (not said and not _is_titled(label) and _is_bare(nxt)):
        return ""
    bare = _is_bare(said)
    if _is_list(f"{said}\n{nxt}" if bare else said or nxt):
        return ""
    if bare and (label.terminator in ("dash", "chevrons") or label.shape == "role"):
        return ""
    if label.terminator == "colon" and said.isupper() and " " in said and label.shape != "role" and not label.marked:
        return ""
    return f"{said} {nxt}".strip() if len(said) < _SHORT else said


def _is_titled(label: Label) -> bool:
    return len(label.core) > 1 and label.core[0].casefold().rstrip(".") in words().personal


def _is_list(said: str) -> bool:
    """Return whether the words are lines of names, credits or addresses."""
    found = [line.strip() for line in said.split("\n")]
    if not all(found):
        return False
    short = [line for line in found if len(line) <= 2 * _SHORT and line[-1] not in ".?!"]
    if any(map(_ADDRESS.search, short)):
        return True
    return len(found) > 1 and all(_is_bare(line.rpartition(": ")[2]) for line in found)


def _is_bare(said: str) -> bool:
    """Return whether a few words are another label or a credit: all with capitals, and no end."""
    name = _OFFICE.split(said, maxsplit=1)[0]
    if (
        len(name) > _SHORT
        or not 0 < len(said) <= 2 * _SHORT
        or said[0] in "(["
        or not (said[-1].isalnum() or said[-1] == ")")
    ):
        return False
    found = name.lstrip("0123456789. ").replace("(", "").split()
    return 1 < len(found) <= 5 and all(word[0].isupper() for word in found)


@cache
def _weights() -> dict[str, float]:
    weights: dict[str, float] = load("label_weights")["evidence"]
    return weights


def _sum(shown: Mapping[str, bool]) -> float:
    """Return the sum of the weights of the features in ``shown``."""
    weights = _weights()
    return sum(weights[name] for name, true in shown.items() if true)


def of_label(label: Label, lists: Words, lower: set[str]) -> tuple[float, bool]:
    """Return the evidence in the words of a label, and whether it is an official one."""
    field = _is_field(label, lists)
    if label.shape == "role":
        return _sum({"role": True}), True
    if label.shape in ("nick", "lower"):
        return _sum({"field": field, "lower_timed": label.timed and not field}), False
    core = [word.casefold().rstrip(".") for word in label.core]
    titled = _is_titled(label)
    office = _has_office(label, core, lists)
    known, capitals = titled or office, label.shape == "capitals"
    bracketed = sum(_of_bracket(bracket, lists) for bracket in label.brackets)
    score = bracketed + _of_name(core, office, lists) + _of_addition(label, lists)
    score += _sum(
        {
            "titled": titled,
            "the_office": office and core[0] == "the",
            "office": office and core[0] != "the",
            "capital_office": known and capitals,
            "capitals": capitals and not known,
            "timed": label.timed,
            "marked": label.marked,
            "field": field or lists.openers.issuperset(core),
        }
    )
    score += 0 if known else _of_other_words(label, core, lower, lists)
    return score, bool(known or bracketed >= _OFFICIAL or label.timed)


def _has_office(label: Label, core: Sequence[str], lists: Words) -> bool:
    """Return whether the core names an office: alone on its line, it must begin with it, as headings name offices."""
    if core[0] == "the" or label.terminator == "alone":
        known = lists.offices | lists.titles
        return core[0] in known or (core[0] == "the" and not known.isdisjoint(core))
    return not lists.offices.isdisjoint(core)


def _of_name(core: Sequence[str], office: bool, lists: Words) -> float:
    """Return the evidence of a name: a given name before another word, two or three words in all, not a date."""
    rest = lists.bare(core)
    given = rest[-3:-1] if office else rest[:-1][-3:]
    return _sum(
        {
            "two_words": len(rest) in (2, 3),
            "given": any(word in lists.given for word in given),
            "date": not lists.dates.isdisjoint(core),
            "long": len(rest) > _LONGEST_NAME and not office,
        }
    )


def _of_other_words(label: Label, core: Sequence[str], lower: set[str], lists: Words) -> float:
    """Return the evidence against a name: it is a place, or its words occur in lower case elsewhere."""
    rest = lists.bare(core)
    elsewhere = _weights()["lower_elsewhere_alone" if label.terminator == "alone" else "lower_elsewhere"]
    plain_stop = label.terminator == "stop" and label.shape == "title" and core[0] != "the"
    against = _sum({"place": bool(place(label.name)), "the": core[0] == "the", "plain_stop": plain_stop})
    return against + elsewhere * sum(word in lower for word in rest) / max(1, len(rest))


def _of_addition(label: Label, lists: Words) -> float:
    """Return the evidence after the comma: for an office or an outlet, against anything else."""
    addition = label.addition
    if not addition:
        return 0.0
    inner = {word.casefold() for word in _WORD.findall(addition)}
    behalf = addition.casefold().startswith("on behalf of")
    outlet = not behalf and label.core[-1].casefold() in lists.media and len(inner) < 3 and addition.istitle()
    office = not lists.offices.isdisjoint(inner)
    neither = not (office or label.brackets or inner & lists.media)
    clause = addition.split()[0] in lists.narrative
    if behalf or outlet:
        return _sum({"behalf": behalf, "outlet": outlet})
    return _sum({"office_behind": office, "other_behind": neither, "clause_behind": clause})


def _of_asker(label: Label, said: str, lists: Words) -> float:
    """Return what makes up for an unknown addition, if it is an outlet or a reporter: Lisk Post, Teal: Who pays?"""
    names = label.addition.split()
    short = 0 < len(names) <= _LONGEST_OUTLET and all(name[0].isupper() for name in names)
    unknown = short and lists.offices.isdisjoint(label.addition.casefold().split()) and not place(label.addition)
    return _sum({"asker_behind": unknown and "?" in QUOTED.sub(" ", said)})


def _of_bracket(bracket: str, lists: Words) -> float:
    if place(bracket):
        return _weights()["place_bracket"]
    stage = lists.is_stage(bracket)
    return _sum({"stage_bracket": stage, "capital_bracket": not stage and bracket[:1].isupper()})


def _is_field(label: Label, lists: Words) -> bool:
    key = label.key.rstrip(".")
    if key in lists.fields or (label.brackets and key.split()[0] in lists.fields):
        return True
    return lists.opens_field(key) and not _is_ordinal(key, lists)


def _is_ordinal(key: str, lists: Words) -> bool:
    """Return whether a label counts people or offices: First Lady, Second Reporter."""
    first, _, rest = key.partition(" ")
    return first in lists.ordinals and rest.split(" ")[0] in lists.offices | lists.titles | lists.roles


def of_speech(said: str, lists: Words) -> float:
    """Return the evidence that the first words after a label are spoken."""
    bare = QUOTED.sub(" ", said)
    found = [word.casefold() if word != "US" else word for word in _WORD.findall(bare)]
    if not found:
        return _sum({"no_words": True})
    return _sum(
        {
            "opener": found[0] in lists.openers,
            "first_person": not lists.first_person.isdisjoint(found),
            "question": "?" in bare,
            "quoted": said[0] in '“"',
            "open_end": len(said) < FIRST_WORDS - 20 and said[-1] not in _ENDINGS,
        }
    )


def narrated(text: str, lines: Sequence[Line], pieces: Sequence[list[int]]) -> dict[int, int]:
    """Return, for each line and for the end (-1), how many paragraphs before it tell what somebody said in marks."""
    out: dict[int, int] = {}
    seen, lists = 0, words()
    for piece in pieces:
        for i in piece:
            out[i] = seen
        part = text[lines[piece[0]].start : min(lines[piece[-1]].end, lines[piece[0]].start + 3 * FIRST_WORDS)]
        if SAID.search(part) and not lists.saying.isdisjoint(_WORD.findall(QUOTED.sub(" ", part))):
            seen += 1
    out[-1] = seen
    return out
