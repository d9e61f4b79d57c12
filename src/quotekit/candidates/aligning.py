"""Candidates with their edges in place, and without what is not said.

It serves the candidates of rules and encoder alike. The words and patterns are in ``data/en/edges.toml``.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from quotekit import lexicon
from quotekit.article.parsed import ParsedArticle
from quotekit.article.quoted import Quoted
from quotekit.candidates.candidate import Candidate
from quotekit.candidates.edges import Edge, EdgePatterns
from quotekit.candidates.from_encoder import trimmed
from quotekit.lexicon.personal_names import dates
from quotekit.models import Act, Span, inside

_OPENING = frozenset('"“„‘')
_CLOSING = frozenset('"”')

MOST_ASKED = 15
"""Maximum number of tokens that name those whom a cue asks."""

MOST_BETWEEN = 5
"""Maximum number of edges between a cue and its content that are looked at."""


class Aligner:
    """Aligns the candidates of one article."""

    def __init__(self, patterns: EdgePatterns, page: ParsedArticle) -> None:
        data = lexicon.load("edges")
        self._page = page
        self._edges = patterns.edges(page)
        self._places = [edge.at for edge in self._edges]
        self._unsaid = patterns.unsaid(page)
        self._deeds = patterns.deeds(page)
        self._empty, self._leads, self._works = (frozenset(data[name]) for name in ("empty", "leads", "works"))
        self._asides, self._deed_openings = frozenset(data["asides"]), frozenset(data["deed_openings"])
        self._passive = frozenset(data["passive_in_headlines"])
        self._behind_sentences = frozenset(data["behind_sentences"])
        self._addressing = frozenset(data["addressing"])
        self._asking = frozenset(data["asking"])
        self._open, self._governing = frozenset(data["open_tags"]), frozenset(data["governing_tags"])

    def aligned(self, candidates: Sequence[Candidate]) -> list[Candidate | None]:
        """Return each of ``candidates`` with its edges in place, or ``None`` where no content is left."""
        second: dict[int, tuple[Candidate, Span]] = {}
        aligned = [self._align(candidate, second) for candidate in candidates]
        return [candidate and self._with_first_source(candidate, second) for candidate in aligned]

    def _align(self, candidate: Candidate, second: dict[int, tuple[Candidate, Span]]) -> Candidate | None:
        """Return ``candidate`` with its edges in place; ``second`` receives the cues that an edge cuts off."""
        content = [part for part in candidate.content if not self._is_unsaid(candidate, part)]
        if not content or any(start >= end for start, end in content) or self._says_nothing(content):
            return None
        if self._is_headline_passive(candidate, content) or self._is_cut_short(candidate, content):
            return None
        if candidate.verb in self._addressing and len(content) == 1 and self._is_name(content[0]):
            return None
        if candidate.cue is not None and self._is_aside(content[-1], candidate.cue):
            content.pop()
        if not content:
            return None
        last = content[-1]
        if candidate.cue is not None and candidate.cue[1] <= last[0] and candidate.depth == 0:
            edge = self._edge(candidate.cue, last)
            if edge is not None:
                content[-1] = self._unmarked(trimmed(self._page, (last[0], edge.at)))
                second.setdefault(edge.second, (candidate, last))
            content[-1] = self._quoted_alone(candidate.cue, self._closed(content[-1]))
        if len(content) == 1 and candidate.depth == 0:
            content[0] = self._without_lead(content[0])
        if candidate.cue is not None:
            cue, content[0] = self._asked(candidate.cue, content[0])
            candidate = candidate if cue == candidate.cue else replace(candidate, cue=cue)
        content[0] = self._without_opening(content[0])
        content[-1] = self._without_closing(content[-1])
        if content[0][0] >= content[0][1] or content[-1][0] >= content[-1][1]:
            return None
        candidate = self._with_nearest_cue(candidate, content[0][0])
        act = self._act(candidate, content)
        if tuple(content) == candidate.content and act == candidate.act:
            return candidate
        return replace(candidate, content=tuple(content), act=act)

    def _asked(self, cue: Span, part: Span) -> tuple[Span, Span]:
        """Return cue and content with those in the content whom the cue asks: called on [both sides to wait]."""
        parse, tokens = self._page.parse, self._page.parse.tokens(part)
        if parse.lowers[tokens.start] != "to":
            return cue, part
        for verb in parse.tokens(cue):
            first = verb + 2
            asks = f"{parse.lemmas[verb]} {' '.join(parse.lowers[verb + 1 : first])}" in self._asking
            if asks and 0 < tokens.start - first <= MOST_ASKED and parse.lowers[first] not in dates():
                return (cue[0], min(cue[1], parse.ends[first - 1])), (parse.starts[first], part[1])
        return cue, part

    def _quoted_alone(self, cue: Span, part: Span) -> Span:
        """Return the quoted words at the start of ``part`` if an action follows: “Not now,” [then he left]."""
        page = self._page
        stretches = page.quoted_in(part)
        if len(stretches) != 1 or stretches[0].outer[1] >= part[1] or stretches[0].outer[0] > part[0]:
            return part
        inner, rest = stretches[0].inner, page.parse.tokens((stretches[0].outer[1], part[1]))
        ended = inner[0] < inner[1] and page.text[inner[1] - 1] in ",.?!…"
        deed = bool(rest) and page.parse.lowers[rest[0]] in self._deed_openings
        return inner if ended and deed else part

    def _without_opening(self, part: Span) -> Span:
        """Return ``part`` without unmatched marks at its start."""
        start, end = part
        while start < end and self._page.text[start] in _OPENING and not self._paired(start, 0):
            start += 1
        return start, end

    def _without_closing(self, part: Span) -> Span:
        """Return ``part`` without unmatched marks at its end."""
        start, end = part
        while start < end and self._page.text[end - 1] in _CLOSING and not self._paired(end - 1, 1):
            end -= 1
        return start, end

    def _paired(self, at: int, side: int) -> bool:
        """Return whether the mark at the character ``at`` opens (side 0) or closes (side 1) quoted words."""
        stretches = self._page.quoted_in((at, at + 1))
        return any(stretch.outer[side] == at + side for stretch in stretches)

    def _edge(self, cue: Span, part: Span) -> Edge | None:
        """Return the first edge inside ``part``, content of ``cue``."""
        near = self._edges[bisect_left(self._places, part[0] + 1) : bisect_left(self._places, part[1])]
        return next((edge for edge in near if self._belongs(edge, cue, part)), None)

    def _with_nearest_cue(self, candidate: Candidate, start: int) -> Candidate:
        """Return ``candidate`` with the second cue if its content is behind that: said A and called [B]."""
        if candidate.cue is None:
            return candidate
        parse, between = self._page.parse, (candidate.cue[1], start)
        near = self._edges[bisect_left(self._places, between[0]) : bisect_left(self._places, between[1])]
        for edge in near[-MOST_BETWEEN:]:
            if edge.second >= 0 and edge.cue is not None and edge.cue in parse.tokens(candidate.cue):
                second = parse.span(edge.second, edge.second)
                if inside(second, between):
                    return replace(candidate, cue=second, verb=parse.lemmas[edge.second])
        return candidate

    def _belongs(self, edge: Edge, cue: Span, part: Span) -> bool:
        if edge.cue is not None and edge.cue not in self._page.parse.tokens(cue):
            return False
        if edge.reach is not None and edge.reach < part[1]:
            return False
        return edge.quoted is None or self._leads_to(part[0], edge.quoted)

    def _leads_to(self, start: int, stretch: Quoted) -> bool:
        """Return whether only words like "that" and "only" are between ``start`` and the quoted words."""
        before = self._page.text[start : stretch.outer[0]].strip().lower()
        return stretch.inner[0] >= start and (before == "that" or not before or before in self._leads)

    def _with_first_source(self, candidate: Candidate, second: dict[int, tuple[Candidate, Span]]) -> Candidate:
        """Return ``candidate`` with the source of the cue before its own, if the two have one: said A, adding B."""
        if candidate.cue is None or candidate.source is None:
            return candidate
        first = next((second[i] for i in self._page.parse.tokens(candidate.cue) if i in second), None)
        if first is None or first[0].source is None or not inside(candidate.source, first[1]):
            return candidate
        return replace(candidate, source=first[0].source)

    def _is_aside(self, part: Span, cue: Span) -> bool:
        """Return whether ``part`` is a clause of the writer behind the cue: it sank, she said, [as the ship docked]."""
        if part[0] < cue[1] or self._page.in_marks((part[0], part[0] + 1)):
            return False
        if not self._page.text[cue[1] : part[0]].lstrip().startswith(","):
            return False
        parse, tokens = self._page.parse, self._page.parse.tokens(part)
        return bool(tokens) and parse.lowers[tokens[0]] in self._asides and parse.deps[tokens[0]] in ("mark", "advmod")

    def _is_unsaid(self, candidate: Candidate, part: Span) -> bool:
        """Return whether ``part`` only names to whom, or at what, the cue of ``candidate`` points."""
        if candidate.cue is None or not self._unsaid:
            return False
        cue, words = self._page.parse.tokens(candidate.cue), self._page.parse.tokens(part)
        return any(self._unsaid[i] in cue and self._unsaid[i] not in words for i in words if i in self._unsaid)

    def _is_headline_passive(self, candidate: Candidate, content: list[Span]) -> bool:
        """Return whether the cue is a passive whose "are" the headline omits: Militias asked [to fight]."""
        page, cue = self._page, candidate.cue
        if cue is None or candidate.verb not in self._passive or page.paragraph(cue[0]).kind != "headline":
            return False
        return page.text[cue[1] : content[0][0]].isspace() and page.text[content[0][0] :].startswith("to ")

    def _is_cut_short(self, candidate: Candidate, content: list[Span]) -> bool:
        """Return whether a cue after a sentence omits subject and verb: he told [her no], according to us."""
        page, cue = self._page, candidate.cue
        if cue is None or len(content) > 1 or cue[0] < content[0][1] or candidate.depth:
            return False
        if page.text[slice(*cue)].lower() not in self._behind_sentences or page.in_marks(content[0]):
            return False
        parse, first = page.parse, page.parse.tokens(content[0]).start
        return first > 0 and parse.pos[first - 1] == "VERB" and parse.sentences[first - 1] == parse.sentences[first]

    def _is_name(self, part: Span) -> bool:
        """Return whether ``part`` is only a person's name, with or without a title: asked [pilot Odd Ness]."""
        parse, tokens = self._page.parse, self._page.parse.tokens(part)
        if not tokens or parse.tags[tokens[-1]] != "NNP" or self._page.in_marks(part):
            return False
        return all(parse.pos[i] == "PROPN" or parse.tags[i] in ("NN", "DT") for i in tokens)

    def _says_nothing(self, content: list[Span]) -> bool:
        """Return whether the content is "nothing" and the like, or the name of a work in quotation marks."""
        words = " ".join(self._page.text[slice(*part)] for part in content)
        if not self._page.in_marks(content[0]):
            return words.lower() in self._empty
        return len(content) == 1 and self._names_a_work(content[0])

    def _names_a_work(self, part: Span) -> bool:
        """Return whether ``part`` is the name of the work before it: the draft resolution "Crimes at Sea"."""
        text, parse = self._page.text, self._page.parse
        stretch = next((stretch for stretch in self._page.quoted_in(part) if stretch.inner == part), None)
        if stretch is None or not text[part[0]].isupper() or text[part[1] - 1] in ".?!…":
            return False
        before = parse.tokens((max(0, stretch.outer[0] - 2), stretch.outer[0]))
        return bool(before) and parse.lemmas[before[-1]] in self._works

    def _act(self, candidate: Candidate, content: list[Span]) -> Act:
        """Return the act: sentences in quotation marks are said, whatever the verb; a deed is not."""
        if candidate.cue is None or (candidate.act == "statement" and not self._deeds):
            return candidate.act
        if len(content) == 1 and self._is_sentence(content[0]):
            return "statement"
        things = [self._deeds[i] for i in self._page.parse.tokens(candidate.cue) if i in self._deeds]
        deed = any(i in self._page.parse.tokens(content[0]) for i in things)
        return "attitude" if deed and not self._page.in_marks(content[0]) else candidate.act

    def _is_sentence(self, part: Span) -> bool:
        text = self._page.text
        whole = any(stretch.inner == part for stretch in self._page.quoted_in(part))
        return whole and text[part[0]].isupper() and text[part[1] - 1] in ".,?!…"

    def _closed(self, span: Span) -> Span:
        """Return ``span`` without words at its end that need what follows: said it was over [and]."""
        page, whole = self._page, span
        while span[0] < span[1] and (tokens := page.parse.tokens(span)) and not page.in_marks((span[1] - 1, span[1])):
            if not self._is_open(tokens[-1]):
                break
            span = trimmed(page, (span[0], page.parse.starts[tokens[-1]]))
        return span if span == whole else self._unmarked(span)

    def _is_open(self, last: int) -> bool:
        """Return whether token ``last`` needs what follows it."""
        parse = self._page.parse
        if parse.tags[last] in self._open:
            return parse.heads[last] > last or parse.tags[last] == "CC"
        if parse.tags[last] not in self._governing or parse.deps[last] == "prt":
            return False
        return parse.deps[last] == "mark" or any(i > last for i in parse.children[last])

    def _without_lead(self, span: Span) -> Span:
        """Return ``span`` without a word before quoted words that are all of it: said [only] “no”."""
        stretches = self._page.quoted_in(span)
        if len(stretches) != 1 or stretches[0].outer[1] != span[1]:
            return span
        before = self._page.text[span[0] : stretches[0].outer[0]].strip().lower()
        return stretches[0].inner if before in self._leads else span

    def _unmarked(self, span: Span) -> Span:
        """Return ``span`` without the marks of a quoted stretch that is all of it."""
        return next((stretch.inner for stretch in self._page.quoted_in(span) if stretch.outer == span), span)
