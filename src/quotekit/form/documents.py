"""Documents without labels: speeches and statements of one author, readouts, live blogs, newsletters, stories."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from quotekit.form.authors import Author, alone, in_heading, in_signature
from quotekit.form.evidence import QUOTED, narrated
from quotekit.form.labels import labels
from quotekit.form.lines import Line, ends_sentence, extent
from quotekit.form.parties import parties
from quotekit.form.turns import gather, is_own, kind_of, says_i
from quotekit.form.types import Block, Form, FormKind, Turn, Voice
from quotekit.form.unlabelled import read_unlabelled
from quotekit.form.words import documents, words

_MOST_HEADING = 6
"""Lines above the first paragraph in which an author is looked for."""

_MOST_BEFORE = 12
"""Maximum paragraphs between heading and speech."""

_LONGEST_HEADING = 200
_OWN_SPEECH, _OWN_STATEMENT, _OWN_SIGNED = 0.2, 0.15, 0.4
"""Share of paragraphs with I or we that a speech, a statement and a signed text have."""

_MOST_NARRATED = 0.1
_FEWEST_HEARD = 2
"""Minimum number of stage directions alone on their line that show a speech: (Laughter), (Applause)."""

_FEWEST_FIELDS, _FIELDS = 3, 0.2
"""Minimum number and share of the paragraphs of a newsletter that begin with a field."""


def read_document(text: str, lines: Sequence[Line], pieces: Sequence[list[int]], blog: bool = False) -> Form:
    """Return the form of a document in which nobody has a label. ``blog``: it has the entries of a live blog.

    >>> from quotekit.form import read_form
    >>> form = read_form("Statement by Oda Falk at the Council\\n\\nI thank you. We regret the vote.")
    >>> form.kind, form.voices[0].name, form.turns[0].paragraphs
    ('statement', 'Oda Falk', (((38, 70),),))
    """
    first = _body(text, lines, pieces)
    heading = [extent(lines, piece) for piece in pieces[:first]]
    several = any(_is_joint(text[start:end].casefold().split()) for start, end in heading)
    who = parties(text, heading, (lines[pieces[first][0]].start, lines[-1].end)) if pieces else None
    last, signed = in_signature(text, [extent(lines, p) for p in pieces[first:]])
    body = pieces[first : first + last]
    author = in_heading(text, heading)
    share = _OWN_SPEECH if author and author.speech else _OWN_STATEMENT
    for spoken in (body, _from_first_own(text, lines, body)):
        if author and _speaks(text, lines, spoken, author, share):
            return _spoken(text, lines, pieces, spoken, author)
    if signed and not (several or who) and _speaks(text, lines, body, signed, _OWN_SIGNED):
        return _spoken(text, lines, pieces, body, signed)
    if found := read_unlabelled(text, lines, pieces):
        return found
    if pieces and _is_unnamed_speech(text, lines, pieces[first:]):
        return _spoken(text, lines, pieces, pieces[first:], alone(text, heading))
    kind = "readout" if several else _other(text, lines, pieces, blog)
    return Form(kind, 0.9 if pieces else 1.0, parties=who)


def _is_unnamed_speech(text: str, lines: Sequence[Line], body: Sequence[list[int]]) -> bool:
    """Return whether the body addresses an audience, or makes it laugh, and most of it is in the first person."""
    opening = text[lines[body[0][0]].start :][:_LONGEST_HEADING].casefold().lstrip('*_"“ ')
    spans = [extent(lines, piece) for piece in body]
    bracketed = [(start, end) for start, end in spans if text[start] in "(["]
    heard = sum(kind_of(text, *span, True, False) == "aside" for span in bracketed) >= _FEWEST_HEARD
    if not heard and not opening.startswith(documents().salutations):
        return False
    asides = sum(kind_of(text, *span, True, False) == "aside" for span in spans)
    own = sum(says_i(text[start:end]) for start, end in spans)
    most = _MOST_NARRATED * len(body) + 1 if heard else 0
    return own >= max(2, _OWN_SIGNED * (len(body) - asides)) and narrated(text, lines, body)[-1] <= most


def _body(text: str, lines: Sequence[Line], pieces: Sequence[list[int]]) -> int:
    """Return the index of the first paragraph that is long, ends a sentence, or addresses somebody: not a heading."""
    for number, piece in enumerate(pieces[: _MOST_HEADING + 1]):
        start, end = extent(lines, piece)
        own = is_own(text[start : min(end, start + 2 * _LONGEST_HEADING)])
        ended = text[end - 1] in '.?!”",'
        if end - start > _LONGEST_HEADING or (own and (number or ended)) or (number and ended):
            return number
    return 0


def _from_first_own(text: str, lines: Sequence[Line], body: Sequence[list[int]]) -> Sequence[list[int]]:
    """Return the body without the fields, dates and notes that a site puts before a speech."""
    for number, piece in enumerate(body[:_MOST_BEFORE]):
        start, end = extent(lines, piece)
        if ends_sentence(text, start, end) and says_i(text[start:end]):
            return body[number:]
    return ()


def _speaks(text: str, lines: Sequence[Line], body: Sequence[list[int]], author: Author, share: float) -> bool:
    """Return whether the author says the body: I and we, and no word of what he or others said as in a story."""
    if not body:
        return False
    own = 0
    for piece in body:
        part = QUOTED.sub(" ", text[lines[piece[0]].start : lines[piece[-1]].end])
        own += is_own(part, you=False)
        if author.named and author.known_as in part.split() and not is_own(part):
            return False
    narration = narrated(text, lines, body)[-1]
    return (author.attributed or own >= max(1, share * len(body))) and narration <= _MOST_NARRATED * len(body) + 1


def _spoken(
    text: str, lines: Sequence[Line], pieces: Sequence[list[int]], body: Sequence[list[int]], author: Author | None
) -> Form:
    """Return the form of a document with one speaker: one turn of all paragraphs of the body."""
    paragraphs, blocks = gather(text, lines, body, lines[body[0][0]].start)
    behind = pieces[pieces.index(body[-1]) + 1 :]
    blocks += [Block(*extent(lines, piece), "note") for piece in behind]
    first = paragraphs[0][0][0]
    kind: FormKind = "speech" if author is None or author.speech else "statement"
    if author is None:
        turn = Turn(0, (first, first), None, None, None, tuple(paragraphs))
        return Form(kind, 0.8, (turn,), (), tuple(blocks), notices=(f"a {kind} whose speaker is not named",))
    voice = Voice(author.name, author.named, author.title, country=author.country, gender=author.gender)
    turn = Turn(0, (first, first), author.span, 0, None, tuple(paragraphs))
    return Form(kind, 0.8, (turn,), (voice,), tuple(blocks))


def _other(text: str, lines: Sequence[Line], pieces: Sequence[list[int]], blog: bool) -> FormKind:
    """Return the kind of a document without a speaker, and without several."""
    if blog:
        return "live blog"
    openings = [(lines[piece[0]].start, lines[piece[0]].end) for piece in pieces]
    named = sum(
        any(label.terminator == "colon" and words().opens_field(label.key) for label in labels(text, start, end))
        for start, end in openings
    )
    return "newsletter" if named >= max(_FEWEST_FIELDS, _FIELDS * len(pieces)) else "story"


def _is_joint(heading: Sequence[str]) -> bool:
    """Return whether a heading announces what several say or did together."""
    lists = documents()
    for word, following in pairwise([*heading, ""]):
        if word in lists.together or (word == "joint" and following in lists.joint | lists.statements):
            return True
    return False
