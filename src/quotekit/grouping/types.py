"""The result of grouping: one quote, and the articles that have it."""

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
    """The speaker, with what the articles of the group say about them."""

    name: str = Field(description="the fullest name in any of the articles")
    kind: SpeakerKind = "unknown"
    role: str | None = None
    country: str | None = Field(default=None, description="ISO 3166-1 alpha-2")
    known_id: str | None = Field(default=None, description="id in the caller's own list of speakers")


class GroupMember(_Frozen):
    """The quote in one article."""

    article: str = Field(description="id of the article")
    date: datetime.date | None = Field(default=None, description="date of the article")
    quote: str = Field(description="id of the quote in it")
    speaker: str | None = Field(default=None, description="the speaker's name there")
    text: str
    similarity: float = Field(ge=0, le=100, description="to the group's text, of what both contain: 100 is the same")
    wording: Change = Field(description="the same words, fewer, or different ones")
    first: bool = Field(description="true if no article of the group is earlier")


class QuoteGroup(_Frozen):
    """One quote and all articles that have it, by date.

    ``ordered_by`` says what "first" is based on: *date*: every article has one; *date, then input*: articles without a
    date come last, in input order; *input*: no article has a date. All articles of the earliest day are first.
    """

    id: str = Field(description='"g1", … in order of their first dates')
    text: str = Field(description="the fullest wording")
    speaker: GroupSpeaker | None = None
    articles: int = Field(ge=1, description="number of articles that have it")
    ordered_by: Order
    members: tuple[GroupMember, ...] = Field(min_length=1)
