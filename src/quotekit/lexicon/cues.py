"""The lexicon of cues: which verbs and nouns introduce an attribution in which frame, with what precision."""

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
"""Weight of the frame's mean in the precision of a cue, in observations."""


Precision = Annotated[float, Field(ge=0, le=1, strict=True)]


class Cue(BaseModel):
    """A cue of one's own: a verb, noun or adjective that introduces an attribution, with its precision in each frame.

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
    frames: dict[str, Precision] = Field(
        min_length=1,
        examples=[{"clause": 0.8}],
        description="the constructions of the cue, with the precision (0 to 1) of a quote in each",
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """One cue: its act, and its precision in each frame.

    ``stated`` precisions are a user's own; nothing else changes them.
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
        """Return the built-in lexicon."""
        return _default()

    def adding(self, cues: Iterable[Cue]) -> Cues:
        """Return this lexicon with ``cues``. A cue that it already has is replaced in all frames.

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
        """Return the first words of the cues in ``frame``; ``statement`` has those of all that report a statement.

        Raises:
            RuleError: the frame is unknown.
        """
        if frame == "statement":
            return frozenset(cue.split()[0] for cue, entry in self._entries.items() if entry.act == "statement")
        if frame not in self._anchors:
            raise RuleError(f"the lexicon has no frame {frame!r}; it has {', '.join(self.frames)} and statement")
        return frozenset(self._anchors[frame])

    def find(self, frame: str, cue: str) -> Entry | None:
        """Return the entry of ``cue`` if it has ``frame``."""
        entry = self._entries.get(cue)
        return entry if entry is not None and frame in entry.precision else None

    def act(self, lemma: str, following: Sequence[str] = ()) -> Act | None:
        """Return the act of the cue ``lemma``, together with the words ``following`` it if the lexicon has both.

        >>> Cues.default().act("believe"), Cues.default().act("call", ["for"]), Cues.default().act("rain")
        ('attitude', 'statement', None)
        """
        entry = self._entries.get(" ".join([lemma, *following])) or self._entries.get(lemma)
        return entry.act if entry else None


@cache
def _default() -> Cues:
    """Read the file, which has two counts for each cue and frame: attributions, and all occurrences."""
    data = lexicon.load("cues")
    means = data["frames"]
    entries = {}
    for cue, record in data["cues"].items():
        precision = {
            frame: (hits + means[frame] * PRIOR) / (seen + PRIOR) for frame, (hits, seen) in record["frames"].items()
        }
        entries[cue] = Entry(cue, record["act"], precision)
    return Cues(entries)
