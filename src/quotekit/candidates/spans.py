"""The tokens of source, cue and content, from the nodes that a pattern matched."""

from __future__ import annotations

from collections.abc import Iterable

from quotekit.article.parse import SUBJECTS, Parse
from quotekit.article.quoted import Quoted
from quotekit.lexicon.speech import voicing_verbs
from quotekit.models import Span, overlap

CUE_PARTS = frozenset({"aux", "auxpass", "neg", "prt"})
SOURCE_TAILS = frozenset({"relcl", "acl", "advcl", "parataxis", "ccomp", "punct", "dep", "cc"})
SKIPPED = frozenset({"PUNCT", "SPACE"})

MOST_RUNS = 20
"""Maximum number of pieces of a content; a parse with more is wrong, and the match is skipped."""


def cue_tokens(parse: Parse, cue: Iterable[int]) -> list[int]:
    """Return the cue's nodes with their auxiliaries, negation and particles, in text order."""
    nodes = sorted(cue)
    parts = {j for i in nodes for j in parse.children[i] if parse.deps[j] in CUE_PARTS and abs(i - j) <= 4}
    return sorted({*nodes, *parts})


def voices(parse: Parse, verb: int) -> bool:
    """Return whether ``verb`` makes a statement of what its noun names, and is not negated: voiced fears."""
    return parse.lemmas[verb] in voicing_verbs() and not any(parse.deps[i] == "neg" for i in parse.children[verb])


def source_tokens(parse: Parse, source: int, cue: Iterable[int] = ()) -> list[int]:
    """Return the source's noun phrase, in text order, without the cue and without dependent clauses."""
    dropped = set(cue) - {source}
    for node in parse.children[source]:
        clause = parse.deps[node] in SOURCE_TAILS and not _tight(parse, source, node)
        if node > source and (clause or _is_role(parse, node)):
            dropped.add(node)
    kept = [i for i in parse.subtree(source, dropped) if parse.pos[i] != "SPACE"]
    if source not in kept:
        return []
    run = _closed(parse, _hyphenated(parse, _trim(parse, _run_around(parse, kept, source))))
    return run[:-1] if len(run) > 1 and parse.tags[run[-1]] == "POS" else run


def _is_role(parse: Parse, node: int) -> bool:
    """Return whether ``node`` begins what something is called, or called for: described by Ann Lee as a farce."""
    return parse.lowers[node] == "as" and parse.lowers[node - 1] not in ("such", "well")


def _closed(parse: Parse, run: list[int]) -> list[int]:
    """Return ``run`` with the closing bracket of one that it opens: "the Lisk Harbour Board (LHB)"."""
    brackets = [parse.words[i] for i in run if parse.words[i] in ("(", ")")]
    after = run[-1] + 1 if run else 0
    opened = brackets[-1:] == ["("] and after < len(parse) and parse.words[after] == ")"
    return [*run, after] if opened else run


def _hyphenated(parse: Parse, run: list[int]) -> list[int]:
    """Return ``run`` with the rest of a hyphenated word, which the parser splits: "his ex-wife"."""
    starts, ends = parse.starts, parse.ends
    while run and run[-1] + 2 < len(parse) and parse.words[run[-1] + 1] == "-":
        last = run[-1]
        if ends[last] != starts[last + 1] or ends[last + 1] != starts[last + 2]:
            break
        run = [*run, last + 1, last + 2]
    return run


def _tight(parse: Parse, head: int, node: int) -> bool:
    """Return whether a clause directly after the noun belongs to it: "officials briefed on the talks"."""
    if parse.deps[node] == "relcl":
        # "The Committee to Save Rivers" is a name.
        return parse.words[node][:1].isupper() and parse.words[node - 1] == "to" and node == head + 2
    return parse.deps[node] in ("punct", "cc") or (
        parse.deps[node] == "acl" and parse.words[min(parse.subtree(node)) - 1] != ","
    )


def _run_around(parse: Parse, tokens: list[int], centre: int) -> list[int]:
    """Return the run of ``tokens`` around ``centre``, across white space only."""
    at = tokens.index(centre)
    first = last = at
    while first > 0 and _joined(parse, tokens[first - 1], tokens[first]):
        first -= 1
    while last + 1 < len(tokens) and _joined(parse, tokens[last], tokens[last + 1]):
        last += 1
    return tokens[first : last + 1]


def _trim(parse: Parse, run: list[int], cut: bool = False) -> list[int]:
    first, last = 0, len(run)
    while first < last and parse.pos[run[first]] in SKIPPED:
        first += 1
    while first < last and (parse.pos[run[last - 1]] in SKIPPED or (cut and parse.deps[run[last - 1]] == "cc")):
        last -= 1
    return run[first:last]


def content_runs(parse: Parse, content: int, without: Iterable[int], cue: int) -> list[list[int]]:
    """Return the content's subtree without those of cue and source, as unbroken runs of tokens.

    A verb like the cue that the parse joins to the content has its own content: "said it works and added that".
    """
    next_cues = _next_cues(parse, content, cue)
    left_out = {*without, *next_cues}
    kept = [i for i in parse.subtree(content, left_out) if parse.pos[i] != "SPACE"]
    runs: list[list[int]] = []
    for i in kept:
        if runs and _joined(parse, runs[-1][-1], i):
            runs[-1].append(i)
        else:
            runs.append([i])
    if len(runs) > MOST_RUNS:
        return []
    trimmed = (_trim(parse, run, cut=content > cue) for run in runs)
    return [run for run in trimmed if run]


def _next_cues(parse: Parse, content: int, cue: int) -> list[int]:
    return [
        i
        for i in parse.children[content]
        if i > content > cue
        and parse.deps[i] == "conj"
        and parse.tags[i] == parse.tags[cue] == "VBD"
        and not has_subject(parse, i)
        and any(parse.deps[j] == "ccomp" for j in parse.children[i])
    ]


def _joined(parse: Parse, left: int, right: int) -> bool:
    return all(parse.pos[i] == "SPACE" for i in range(left + 1, right))


def clause_tokens(parse: Parse, cue: list[int], source: list[int]) -> list[int]:
    """Return cue and source with the tokens between them, which adjoin a quoted content."""
    both = sorted({*cue, *source})
    return list(range(both[0], both[-1] + 1)) if both else []


def snap(span: Span, head: int, quoted: list[Quoted]) -> Span:
    """Return ``span`` with its edges moved out of the middle of quoted stretches.

    A stretch is included whole if it contains the content's head (a character offset) or lies at least half in the
    span; any other is excluded.
    """
    start, end = span
    for stretch in quoted:
        shared = overlap((start, end), stretch.outer)
        if not shared or (start <= stretch.outer[0] and stretch.outer[1] <= end):
            continue
        holds_head = stretch.outer[0] <= head < stretch.outer[1]
        if holds_head or 2 * shared >= stretch.outer[1] - stretch.outer[0]:
            start, end = min(start, stretch.outer[0]), max(end, stretch.outer[1])
        elif stretch.outer[0] < start:
            start = stretch.outer[1]
        else:
            end = stretch.outer[0]
    return (start, end) if start < end else span


def has_subject(parse: Parse, i: int) -> bool:
    """Return whether token ``i`` has a subject of its own."""
    return any(parse.deps[j] in SUBJECTS for j in parse.children[i])
