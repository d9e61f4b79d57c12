"""What grouping gives: one quote, and the articles that carry it."""

from __future__ import annotations

import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from quotekit.models import SpeakerKind

Change = Literal["same", "shortened", "changed"]
Order = Literal["date", "date, then input", "input"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class GroupSpeaker(_Frozen):
    """Who says it, as far as the articles that carry the quote tell."""

    name: str = Field(description="the fullest name in any of them")
    kind: SpeakerKind = "unknown"
    role: str | None = None
    country: str | None = Field(default=None, description="ISO 3166-1 alpha-2")
    known_id: str | None = Field(default=None, description="id in the caller's own list of speakers")


class GroupMember(_Frozen):
    """The quote as one article carries it."""

    article: str = Field(description="id of the article")
    date: datetime.date | None = Field(default=None, description="the day the article is of")
    quote: str = Field(description="id of the quote in it")
    speaker: str | None = Field(default=None, description="the speaker's name there")
    text: str
    similarity: float = Field(ge=0, le=100, description="to the group's text, of what both have: 100 is the same")
    wording: Change = Field(description="same words, a shorter part of them, or other words among them")
    first: bool = Field(description="whether no article of the group is earlier")


class QuoteGroup(_Frozen):
    """One quote and all articles that carry it, in time order.

    ``ordered_by`` says what "first" rests on: *date*: every article has one; *date, then input*: those without a date
    stand behind, in the order they were given in; *input*: none has a date. Of one day all are first.
    """

    id: str = Field(description='"g1", … in order of their first dates')
    text: str = Field(description="the fullest wording")
    speaker: GroupSpeaker | None = None
    articles: int = Field(ge=1, description="how many articles carry it")
    ordered_by: Order
    members: tuple[GroupMember, ...] = Field(min_length=1)
