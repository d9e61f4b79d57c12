"""What was proposed, and what became of it, as plain data."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from quotekit.models import Act, Frozen, TextSpan


class Proposal(Frozen):
    """What a rule or the encoder proposed."""

    rule: str = Field(description='id of the rule, or "encoder"')
    why: str | None = Field(default=None, description="what the rule says of itself; the encoder says nothing")
    content: tuple[TextSpan, ...] = Field(min_length=1)
    source: TextSpan | None = None
    cue: TextSpan | None = None
    verb: str | None = None
    act: Act = "statement"
    confidence: float = Field(description="the confidence with which it competed")
    alone: float | None = Field(default=None, description="the rule's confidence without the encoder")

    def __str__(self) -> str:
        who = f", {short(self.source.text, 30)}" if self.source else ""
        return f"{self.rule} “{short(' … '.join(part.text for part in self.content))}”{who}"


Fate = Literal["agreed", "joined", "less sure", "inside", "around", "below the floor", "blocked"]


class Rival(Frozen):
    """Another proposal for the same words, and what became of it.

    ``fate``: *agreed*: it proposed the same; *joined*: it is an expletive pronoun of the quote (it was said that …);
    *less sure*: the winner was more confident; *inside*: it is nested in the quote, and not confident enough for that;
    *around*: it encloses the quote, and is not confident enough for that; *below the floor*: not confident enough to
    compete; *blocked*: a rule says that nothing is said there.
    """

    proposal: Proposal
    fate: Fate
    by: str | None = Field(default=None, description="id of the rule that beat or blocked it")
    needed: float | None = Field(default=None, description="the minimum confidence that it lacked")

    def __str__(self) -> str:
        confidence, needed = f"{self.proposal.confidence:.2f}", f"{self.needed or 0:.2f}"
        return {
            "agreed": "proposed the same",
            "joined": "is a pronoun that points to this quote",
            "less sure": f"confidence {confidence}, against {needed} of {self.by}",
            "inside": f"nested in it; confidence {confidence}, minimum {needed}",
            "around": f"encloses it; confidence {confidence}, minimum {needed}",
            "below the floor": f"confidence {confidence}, minimum {needed}",
            "blocked": f"blocked by {self.by}",
        }[self.fate]


def short(text: str, most: int = 60) -> str:
    """Return ``text`` on one line, cut in the middle if it is longer than ``most`` characters.

    >>> short("one two three four", 9)
    'one … four'
    """
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    half = (most - 1) // 2
    return f"{line[:half].rstrip()} … {line[-half:].lstrip()}"
