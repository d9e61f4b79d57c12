"""The source of an impersonal "it": in the declaration it was stressed that."""

from __future__ import annotations

from quotekit.article.parsed import ParsedArticle
from quotekit.candidates.spans import source_tokens
from quotekit.lexicon.speaker_kinds import noun_kind
from quotekit.models import Span


def speaking(page: ParsedArticle, source: Span) -> Span | None:
    """Return ``source``; for an impersonal "it" the document named beside it, or ``None``."""
    parse = page.parse
    tokens = parse.tokens(source)
    if len(tokens) != 1 or parse.tags[tokens[0]] != "PRP" or parse.deps[tokens[0]] != "nsubjpass":
        return source
    verb = parse.heads[tokens[0]]
    for preposition in parse.children[verb]:
        if parse.deps[preposition] != "prep":
            continue
        for noun in parse.children[preposition]:
            if parse.pos[noun] == "NOUN" and noun_kind(parse.lemmas[noun], False, True) == "document":
                found = source_tokens(parse, noun)
                return parse.span(found[0], found[-1]) if found else None
    return None
