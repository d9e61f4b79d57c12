"""The lexicon of cues: which verbs and nouns carry an attribution in which frame, and how surely."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from quotekit import lexicon
from quotekit.errors import RuleError
from quotekit.models import Act

PRIOR = 4.0
"""How many observations the frame's mean counts for in a cue's precision."""


Sureness = Annotated[float, Field(ge=0, le=1, strict=True)]


class Cue(BaseModel):
    """A cue of one's own: a verb, noun or adjective that carries an attribution, in which frames, and how surely.

    >>> Cue(cue="bang on about", frames={"about": 0.7}).act
    'statement'
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    cue: str = Field(
        min_length=1,
        examples=["bang on about"],
        description="lemma of the verb, noun or adjective, then its particle and its preposition, if it has them; "
        "in lower case, with one space between words",
    )
    act: Act = Field(default="statement", examples=["attitude"], description="what the cue reports")
    frames: dict[str, Sureness] = Field(
        min_length=1,
        examples=[{"clause": 0.8}],
        description="the constructions that the cue stands in, and how sure (0 to 1) a quote is there",
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """One cue: its act, and in each frame its precision.

    ``stated`` precisions are a user's own: nothing else raises or lowers them.
    """

    cue: str
    act: Act
    precision: Mapping[str, float]
    stated: bool = False


class Cues:
    """A lexicon of cues."""

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self._entries = dict(entries)
        self._anchors: dict[str, set[str]] = {}
        for entry in self._entries.values():
            for frame in entry.precision:
                self._anchors.setdefault(frame, set()).add(entry.cue.split()[0])

    @classmethod
    def default(cls) -> Cues:
        """The lexicon that comes with quotekit."""
        return _default()

    def adding(self, cues: Iterable[Cue]) -> Cues:
        """This lexicon with ``cues``; one that it has already is replaced, in all of its frames.

        >>> mine = Cues.default().adding([Cue(cue="quack", frames={"clause": 0.7})])
        >>> mine.find("clause", "quack").precision["clause"]
        0.7
        """
        added = {cue.cue: Entry(cue.cue, cue.act, dict(cue.frames), stated=True) for cue in cues}
        return Cues({**self._entries, **added}) if added else self

    @property
    def frames(self) -> tuple[str, ...]:
        """The names of the frames, sorted."""
        return tuple(sorted(self._anchors))

    def anchors(self, frame: str) -> frozenset[str]:
        """The first words of the cues that have ``frame``; under ``statement`` those of all that report a statement.

        An unknown frame is a `RuleError`.
        """
        if frame == "statement":
            return frozenset(cue.split()[0] for cue, entry in self._entries.items() if entry.act == "statement")
        if frame not in self._anchors:
            raise RuleError(f"the lexicon has no frame {frame!r}; it has {', '.join(self.frames)} and statement")
        return frozenset(self._anchors[frame])

    def find(self, frame: str, cue: str) -> Entry | None:
        """The entry of ``cue`` if it has ``frame``."""
        entry = self._entries.get(cue)
        return entry if entry is not None and frame in entry.precision else None

    def act(self, lemma: str, following: Sequence[str] = ()) -> Act | None:
        """The act of the cue ``lemma``, with the words ``following`` it if the lexicon has them together.

        >>> Cues.default().act("believe"), Cues.default().act("call", ["for"]), Cues.default().act("rain")
        ('attitude', 'statement', None)
        """
        entry = self._entries.get(" ".join([lemma, *following])) or self._entries.get(lemma)
        return entry.act if entry else None


@cache
def _default() -> Cues:
    """In the file each cue has its counts: how often it was an attribution, and how often it stood in that frame."""
    data = lexicon.load("cues")
    means = data["frames"]
    entries = {}
    for cue, record in data["cues"].items():
        precision = {
            frame: (hits + means[frame] * PRIOR) / (seen + PRIOR) for frame, (hits, seen) in record["frames"].items()
        }
        entries[cue] = Entry(cue, record["act"], precision)
    return Cues(entries)
