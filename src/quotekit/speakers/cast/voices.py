"""Those who have the floor in a document of turns, as drafts of the cast."""

from __future__ import annotations

from collections.abc import Mapping

from quotekit.article.parse import Parse
from quotekit.form.types import Form, Voice
from quotekit.lexicon import speaker_kinds as kinds
from quotekit.lexicon.personal_names import core, gender_of_name
from quotekit.models import Span, SpeakerKind
from quotekit.speakers.cast.entity import BY_TURN, Draft
from quotekit.speakers.cast.name_runs import Run
from quotekit.speakers.cast.persons import Persons


def enter_voices(form: Form, parse: Parse, persons: Persons) -> dict[Span, Draft]:
    """Return the drafts of the speakers of ``form`` by their names' spans; persons are known by name from then on."""
    named = _named(form)
    first = {voice: span for span, voice in reversed(named)}
    drafts = [_draft(voice, parse, persons, first[i]) for i, voice in enumerate(form.voices)]
    return {span: drafts[voice] for span, voice in named}


def keep_names(form: Form, drafts: Mapping[Span, Draft]) -> None:
    """Undo what names elsewhere in the text made of those in labels: the form has chosen the fullest already."""
    for span, voice in reversed(_named(form)):
        draft = drafts[span]
        draft.name, draft.name_span, draft.naming = form.voices[voice].name, span, "speaker.turn"


def _named(form: Form) -> list[tuple[Span, int]]:
    """Return the name and the speaker of each turn."""
    return [(turn.name, turn.voice) for turn in form.turns if turn.name is not None and turn.voice is not None]


def _draft(voice: Voice, parse: Parse, persons: Persons, span: Span) -> Draft:
    if voice.named and (words := tuple(voice.name.split())):
        tokens = parse.tokens(span)
        at = tokens.start
        draft = persons.enter(Run(at, at, at, words, None, voice.gender, True), core(words))
        draft.full = 1
        draft.gender = draft.gender or (gender_of_name(words) if len(words) > 1 else None)
    else:
        draft = Draft(_kind(voice.name), voice.name, span)
    draft.name_span, draft.naming = span, BY_TURN
    draft.role, draft.country = voice.title, voice.country
    return draft


def _kind(name: str) -> SpeakerKind:
    """Return the kind of a part or an office: Moderator, The Deputy Speaker."""
    last = name.casefold().split()[-1] if name.split() else ""
    return kinds.noun_kind(last, False, True)
