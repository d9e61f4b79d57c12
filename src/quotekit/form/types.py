"""The form of a document, its turns and their speakers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from quotekit.models import Exchange, Span

FormKind = Literal[
    "story", "transcript", "record", "interview", "speech", "statement", "readout", "live blog", "newsletter", "mixed"
]
Gender = Literal["female", "male"]
BlockKind = Literal["aside", "note", "heading", "speech"]


@dataclass(frozen=True, slots=True)
class Voice:
    """One who has the floor in a document, whatever the labels call them.

    ``name`` is the fullest name that the document gives, without titles. ``named`` is False for parts and offices
    ("Moderator", "The President"). ``country`` is an ISO 3166-1 alpha-2 code.
    """

    name: str
    named: bool
    title: str | None = None
    party: str | None = None
    constituency: str | None = None
    country: str | None = None
    gender: Gender | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """What one person says until the next takes the floor.

    ``label`` is what is printed before it, ``name`` the part of that which names the speaker, ``voice`` the index of
    the speaker in `Form.voices`; they are ``None`` where nobody names the speaker. ``paragraphs`` has the spans of each
    paragraph (characters, half-open), more than one where a stage direction is left out.
    """

    index: int
    label: Span
    name: Span | None
    voice: int | None
    exchange: Exchange | None
    paragraphs: tuple[tuple[Span, ...], ...]

    @property
    def end(self) -> int:
        """Where the last paragraph ends, or else the label."""
        return self.paragraphs[-1][-1][1] if self.paragraphs else self.label[1]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph behind the first label that no turn has (characters, half-open).

    An aside is a stage direction or a time, a note tells what the assembly did, ``speech`` has no known speaker.
    """

    start: int
    end: int
    kind: BlockKind


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of a document of mixed form (characters, half-open)."""

    start: int
    end: int
    kind: FormKind


@dataclass(frozen=True, slots=True)
class Form:
    """The form of a whole document.

    ``confidence`` is from 0 to 1, ``notices`` are sentences for the reader, ``entries`` the offsets at which the
    entries of a live blog begin, and ``parties`` where the document names those who call themselves "we" in it.
    """

    kind: FormKind
    confidence: float
    turns: tuple[Turn, ...] = ()
    voices: tuple[Voice, ...] = ()
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()
    notices: tuple[str, ...] = ()
    entries: tuple[int, ...] = ()
    parties: Span | None = None

    @property
    def spoken(self) -> tuple[Span, ...]:
        """The stretches in which people have the floor, with the headings and notes among their turns."""
        if self.sections:
            return tuple((section.start, section.end) for section in self.sections if section.kind != "story")
        ends = [*(block.end for block in self.blocks), *(turn.end for turn in self.turns)]
        return ((self.turns[0].label[0], max(ends)),) if self.turns else ()
