"""The content of a match: from the tokens that a pattern matched to spans of the article."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import islice

from quotekit.article.paragraphs import SENTENCE_ENDS
from quotekit.article.parse import LONGEST_SENTENCE, SUBJECTS
from quotekit.article.parsed import ParsedArticle, is_title
from quotekit.article.quoted import Quoted
from quotekit.candidates.match import Match
from quotekit.candidates.spans import clause_tokens, content_runs, has_subject, snap
from quotekit.models import Span, strip

WITH_OBJECT = frozenset({"infinitive", "predicate", "about"})
JOINING = frozenset({"as", "for", "of"})

INTRODUCING = frozenset({",", ":", "that", "—", "–", "-"})

LONGEST_GAP = 15
"""Maximum number of tokens between a cue's clause and the quoted words that it introduces."""


class Reader:
    """Reads the content of the matches in one article, among the quoted stretches of one depth."""

    def __init__(self, page: ParsedArticle, depth: int) -> None:
        self.page = page
        self.parse = page.parse
        self.depth = depth
        self.quoted = [stretch for stretch in page.quoted if stretch.depth == depth]
        self._starts = [stretch.outer[0] for stretch in self.quoted]
        self._ends = [stretch.outer[1] for stretch in self.quoted]

    def in_marks(self, i: int) -> bool:
        """Return whether token ``i`` is inside a quoted stretch."""
        at = bisect_right(self._starts, self.parse.starts[i]) - 1
        return at >= 0 and self.parse.starts[i] < self._ends[at]

    def measure(self, content: list[Span]) -> tuple[int, int]:
        """Return the number of tokens of ``content`` that are in quotation marks, and that of all its tokens."""
        words = quoted = 0
        for span in content:
            words += len(self.parse.tokens(span))
            for stretch in self._overlapping(span):
                shared = max(span[0], stretch.inner[0]), min(span[1], stretch.inner[1])
                quoted += len(self.parse.tokens(shared)) if shared[0] < shared[1] else 0
        return quoted, words

    def content(self, match: Match, cue: list[int], source: list[int]) -> list[Span]:
        """Return the content of ``match``, whose cue and source are these tokens; an empty list if it has none."""
        reads = match.rule.reads
        if reads == "before":
            return self._quoted_before(clause_tokens(self.parse, cue, source))
        if reads == "after":
            return self._quoted_after(clause_tokens(self.parse, cue, source), match.nodes["cue"])
        head = match.nodes.get("content")
        if reads == "clause":
            top = min(match.cue, key=lambda i: sum(1 for _ in self.parse.ancestors(i)))
            return self._around(top, match.nodes, source)
        if head is None:
            return []
        spans = self._subtree(head, {*cue, *source, *match.nodes.values()} - {head}, match.nodes["cue"])
        spans = self._with_object(match, head, spans)
        clause = clause_tokens(self.parse, cue, source)
        return [span for span in spans if self._set_off(span, clause[0])]

    def _around(self, top: int, nodes: dict[str, int], source: list[int]) -> list[Span]:
        """Return the clause around a parenthetical cue; of two subjects, the first belongs to the clause."""
        parse, cue = self.parse, nodes["cue"]
        subjects = [i for i in parse.children[cue] if parse.deps[i] == "nsubj"]
        if subjects and subjects[0] < cue < subjects[-1]:
            if nodes.get("source") == subjects[0]:
                return []
            before = self._subtree(subjects[0], {cue}, top)
        else:
            before = []
        # A wrong parse may attach the subject to the words before it.
        head = self._clause_head(top)
        if "cue_to" in nodes and parse.words[top - 1] == ",":
            head = self._statement_around(head, top)
        spans = sorted([*before, *self._subtree(head, {top, *source}, top)])
        return self._with_quoted_before(spans)

    def _with_quoted_before(self, spans: list[Span]) -> list[Span]:
        """Return ``spans`` with the quoted words before the first: ["It works," she said], according to the Post."""
        if not spans:
            return spans
        start = spans[0][0]
        at = bisect_right(self._ends, start) - 1
        tokens = self.parse.tokens(spans[0])
        if at >= 0 and tokens and self._leads_on(self.quoted[at], tokens[0]):
            start = self.quoted[at].outer[0]
        return [(start, spans[0][1]), *spans[1:]]

    def _with_object(self, match: Match, head: int, spans: list[Span]) -> list[Span]:
        """Return ``spans`` with the object between cue and content: urged [them to go], saw [it as over]."""
        parse, cue = self.parse, match.nodes["cue"]
        preposition = match.nodes.get("cue_preposition")
        joins = preposition is None or parse.lowers[preposition] in JOINING
        if match.rule.frame not in WITH_OBJECT or not joins:
            return spans
        between = [i for i in parse.children[cue] if cue < i < head and parse.deps[i] == "dobj"]
        if not between or len(spans) != 1:
            return spans
        return [self._inner((parse.starts[parse.subtree(between[0])[0]], spans[0][1]))]

    def _set_off(self, span: Span, first: int) -> bool:
        """Return whether no conjunction joins ``span`` to the cue's clause: "Many fled and the minister said"."""
        return span[1] > self.parse.starts[first] or self.parse.deps[self.parse.tokens(span)[-1]] != "cc"

    def _subtree(self, head: int, without: set[int], cue: int) -> list[Span]:
        parse = self.parse
        spans: list[Span] = []
        for run in content_runs(parse, head, without, cue):
            span = parse.span(run[0], run[-1])
            near = self._overlapping(span)
            span = strip(parse.text, snap(span, parse.starts[head], near)) if near else span
            if not spans or span[0] >= spans[-1][1]:
                spans.append(span)
        spans = [span for span in map(self._inner, spans) if span[0] < span[1]]
        return [span for span in spans if len(spans) == 1 or not self._is_only_title(span)]

    def _is_only_title(self, span: Span) -> bool:
        return any(stretch.inner == span and self._is_title(stretch) for stretch in self._overlapping(span))

    def _is_title(self, stretch: Quoted) -> bool:
        return is_title(self.parse.text[slice(*stretch.inner)])

    def source(self, match: Match) -> int | None:
        """Return the source's token: the node of the pattern, or the noun before a cue that the parser joins to others.

        In "took effect Friday and Oslo said", the parse may join Oslo to Friday. A title in marks after the cue, as in
        said on "The Hour", is no source. No subject of another verb is if the cue has its own, nor one of a clause that
        the cue interrupts: The bill, said Ann Lee, is late.
        """
        parse, source, cue = self.parse, match.nodes["source"], match.nodes["cue"]
        if parse.deps[source] in SUBJECTS and parse.heads[source] not in match.cue:
            return None if has_subject(parse, cue) else self._joined_subject(cue, source)
        if self._is_interrupted(source, cue):
            return None
        stretches = self._overlapping((parse.starts[source], parse.ends[source]))
        return None if source > cue and any(self._is_title(stretch) for stretch in stretches) else source

    def _is_interrupted(self, source: int, cue: int) -> bool:
        """Return whether only a comma parts ``source`` from the cue, which a name or a noun follows."""
        parse = self.parse
        if not source < cue < len(parse) - 1 or parse.words[cue - 1] != "," or not parse.words[cue].islower():
            return False
        between = parse.words[source + 1 : cue]
        return between.count(",") == 1 and ")" not in between and parse.tags[cue + 1] in ("NNP", "NNPS", "DT")

    def _joined_subject(self, cue: int, other: int) -> int:
        """Return the noun right before the verb ``cue`` that is joined to another noun, or else ``other``."""
        parse, before = self.parse, cue - 1
        while before > other and parse.pos[before] in ("ADV", "AUX", "PART"):
            before -= 1
        joined = parse.pos[before] in ("NOUN", "PROPN") and parse.deps[before] == parse.deps[cue] == "conj"
        return before if joined and before > other else other

    def _clause_head(self, cue: int) -> int:
        """Return the verb of the clause around ``cue``: its nearest ancestor with a subject, or the root."""
        parse, node = self.parse, self.parse.heads[cue]
        while parse.heads[node] != node and not has_subject(parse, node):
            node = parse.heads[node]
        while parse.deps[node] == "conj" and parse.pos[parse.heads[node]] in ("VERB", "AUX"):
            node = parse.heads[node]
        return node

    def _statement_around(self, head: int, cue: int) -> int:
        """Return the verb of the clause that reports ``head``: [Ann Lee said it was late], according to the Post."""
        parse = self.parse
        while parse.deps[head] == "ccomp" and parse.heads[head] < head < cue and has_subject(parse, parse.heads[head]):
            head = parse.heads[head]
        return head

    def _overlapping(self, span: Span) -> list[Quoted]:
        return self.quoted[bisect_right(self._ends, span[0]) : bisect_left(self._starts, span[1])]

    def _inner(self, span: Span) -> Span:
        for stretch in self._overlapping(span):
            if stretch.outer[0] <= span[0] and span[1] <= stretch.outer[1]:
                return max(span[0], stretch.inner[0]), min(span[1], stretch.inner[1])
            # Content that is more than the quoted words keeps both quotation marks.
            if stretch.outer[0] < span[0] <= stretch.inner[0]:
                span = stretch.outer[0], span[1]
            if stretch.inner[1] <= span[1] < stretch.outer[1]:
                span = span[0], stretch.outer[1]
        return span

    def _quoted_before(self, clause: list[int]) -> list[Span]:
        """Return the quoted words that end where the clause begins."""
        parse = self.parse
        start = parse.starts[clause[0]]
        at = bisect_right(self._ends, start) - 1
        if at < 0 or not self._leads_on(self.quoted[at], clause[0]):
            return []
        stretch = self.quoted[at]
        if self.page.begins(stretch):
            return [stretch.inner]
        if self._is_title(stretch):
            return []
        # Quoted words in the middle of a sentence belong to the words before them, or to another speaker.
        if parse.text[stretch.inner[1] - 1] != ",":
            return []
        return [(self._sentence_start(stretch.outer[0]), stretch.outer[1])]

    def _sentence_start(self, position: int) -> int:
        """Return the start of the sentence, or of the paragraph's words, that contains the character ``position``."""
        parse, first = self.parse, self.page.paragraph(position).body
        i = bisect_left(parse.starts, position) - 1
        earliest = max(0, i - LONGEST_SENTENCE)
        while i > earliest and parse.starts[i - 1] >= first and parse.words[i - 1] not in SENTENCE_ENDS:
            i -= 1
        while parse.pos[i] == "SPACE" or (parse.pos[i] == "PUNCT" and parse.starts[i] < position - 1):
            i += 1
        return parse.starts[i]

    def _quoted_after(self, clause: list[int], cue: int) -> list[Span]:
        """Return the quoted words that begin where the clause, with its objects and adverbials, ends."""
        parse = self.parse
        at = bisect_left(self._starts, parse.ends[clause[-1]])
        if at == len(self.quoted):
            return []
        between = (
            i
            for i in parse.tokens((parse.ends[clause[-1]], self._starts[at]))
            if parse.pos[i] != "SPACE" and parse.starts[i] >= parse.ends[clause[-1]]
        )
        # The next quoted words may be a whole text away, so that the gap is read only up to the maximum.
        gap = list(islice(between, LONGEST_GAP + 1))
        if len(gap) > LONGEST_GAP or any(parse.deps[i] in ("nsubj", "nsubjpass") or parse.pos[i] == "AUX" for i in gap):
            return []
        last = parse.words[gap[-1]] if gap else ""
        ends_sentence = any(parse.words[i] in (".", "?", "!", ";") for i in gap)
        if self._is_title(self.quoted[at]) and not (last and last in INTRODUCING):
            return []
        if ends_sentence or (gap and last not in INTRODUCING and parse.heads[gap[0]] != cue):
            return []
        if gap and last not in INTRODUCING and parse.pos[gap[-1]] in ("PART", "DET", "ADJ"):
            return []
        return [self.quoted[at].inner]

    def _leads_on(self, stretch: Quoted, first: int) -> bool:
        """Return whether the sentence continues after the quoted words ("…," or "…?" or "…",) to ``first``."""
        parse = self.parse
        gap = parse.tokens((stretch.outer[1], parse.starts[first]))
        if len(gap) > LONGEST_SENTENCE or any(parse.pos[i] not in ("PUNCT", "SPACE", "ADV") for i in gap):
            return False
        if self.page.paragraph_index(stretch.outer[1] - 1) != self.page.paragraph_index(parse.starts[first]):
            return False
        last = parse.text[stretch.inner[1] - 1 : stretch.inner[1]]
        if last == "." and parse.words[first][0].islower():
            return True
        return last in ",?!…—–-" or any(parse.words[i] in (",", "—", "–", "--") for i in gap)
