"""The list of rules, and one rule with its reason, pattern, examples and figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from quotekit.lexicon import load
from quotekit.output.plain_text import counted, shown
from quotekit.rules import Rule
from quotekit.rules.measured import Count, Measured, Sentence, articles, measured
from quotekit.terminal.layout import plain_table

KIND_STYLES = {"direct": "green", "indirect": "cyan", "mixed": "yellow", "block": "red", "speaker": "magenta"}
PART_STYLES = {"content": "cyan", "cue": "bold yellow", "source": "green", "name": "bold magenta"}

_TAG = re.compile(r"<(?P<close>/?)(?P<name>content|cue|source|name)(?: [\w,-]+)?>")


def rule_table(rules: Iterable[tuple[Rule, Measured]]) -> Table:
    """Return the list of rules, each with how often it was right and how often it fired."""
    table = plain_table()
    table.add_column("id", overflow="fold", max_width=34)
    table.add_column("kind", no_wrap=True)
    table.add_column("right", justify="right", no_wrap=True)
    table.add_column("fired", justify="right", no_wrap=True)
    table.add_column("why", min_width=20)
    for rule, figures in rules:
        table.add_row(
            Text(shown(rule.id), "bold"),
            Text(rule.kind, KIND_STYLES[rule.kind]),
            Text(percent(figures.precision)),
            Text("" if figures.fired is None else f"{figures.fired:,}", "dim"),
            Text(shown(rule.why)),
        )
    return table


def rule_shown(rule: Rule) -> RenderableType:
    """Return a rule with everything that is known about it."""
    figures = measured(rule.id)
    head = Text.assemble((shown(rule.id), "bold"), "  ", (rule.kind, KIND_STYLES[rule.kind]))
    found, not_found = ("Decides", "Does not decide") if rule.kind == "speaker" else ("Finds", "Finds nothing in")
    blocks: list[RenderableType] = [head, Text(shown(rule.why))]
    blocks += _block("Pattern" if rule.pattern else "Function", _how(rule))
    blocks += _block(found, map(marked, rule.matches))
    blocks += _block(not_found, map(marked, rule.rejects))
    nowhere = [Text("it does not fire in any of them", "dim")] if figures.fired is not None else []
    blocks += _block("In the sample stories", iter([_story(one) for one in figures.sentences] or nowhere))
    blocks += _block("Measured", map(Text, figures_in_words(rule, figures)))
    return Group(*blocks)


def _block(title: str, lines: Iterator[Text]) -> list[RenderableType]:
    own: list[RenderableType] = [Padding(line, (0, 0, 0, 2)) for line in lines]
    return [Text(), Text(title, "dim"), *own] if own else []


def _how(rule: Rule) -> Iterator[Text]:
    """Yield the pattern of a rule, one node per line, or the name of its function."""
    if not rule.pattern:
        yield Text(function_of(rule.id) or "none: the rule cannot find anything")
        if rule.kind != "speaker":
            yield Text(f"confidence: {rule.confidence}", "dim")
        return
    for node in rule.pattern:
        name = str(node["RIGHT_ID"])
        style = PART_STYLES.get("cue" if name.startswith("cue") else name, "")
        line = Text.assemble((shown(name), style), f": {in_words(node.get('RIGHT_ATTRS', {})) or 'any word'}")
        if "LEFT_ID" in node:
            link = load("patterns")["relations"][node["REL_OP"]].format(left=node["LEFT_ID"], right=name)
            line.append(f"\n  {node['REL_OP']} {shown(link)}", "dim")
        yield line
    facts = [] if rule.kind == "block" else [f"content: {load('patterns')['reads'][rule.reads]}"]
    facts += [f"frame: @{rule.frame}"] if rule.frame else []
    facts += [f"act: {rule.act}"] if rule.act else []
    if facts:
        yield Text("; ".join(facts), "dim")


def in_words(tests: dict[str, Any]) -> str:
    """Return the tests of a node on one line.

    >>> in_words({"LEMMA": {"IN": ["say", "tell"]}, "DEP": {"NOT_IN": ["conj"]}, "POS": "VERB"})
    'LEMMA say | tell, DEP not conj, POS VERB'
    """
    return ", ".join(f"{name} {_values(value)}" for name, value in tests.items())


def _values(value: Any) -> str:
    if not isinstance(value, dict):
        return str(value)
    ((operator, operand),) = value.items()
    listed = " | ".join(map(str, operand)) if isinstance(operand, (list, tuple)) else str(operand)
    return {"IN": "", "NOT_IN": "not ", "REGEX": "like "}[operator] + (listed or "nothing")


def function_of(id: str) -> str | None:
    """Return the full name of the function of a rule without a pattern, or ``None``.

    >>> function_of("layout.transcript")
    'quotekit.candidates.from_layout.transcript'
    """
    from quotekit.candidates.from_layout import FIRST, LAST
    from quotekit.speakers import sieve
    from quotekit.speakers.rules import relatives

    functions: dict[str, Any] = {**FIRST, **LAST, sieve.RELATIVE: relatives.antecedent}
    functions |= {id: finder for turns in (sieve.TURNS, sieve.PRONOUNS, sieve.NOMINAL) for id, finder in turns}
    function = functions.get(id)
    return f"{function.__module__}.{function.__qualname__}" if function else None


def marked(markup: str) -> Text:
    """Return an annotated sentence on one line, its elements in colour and in tags."""
    line, styles, read = Text(), [""], 0
    for tag in _TAG.finditer(markup):
        line.append(_flat(markup[read : tag.start()]), styles[-1])
        read = tag.end()
        if tag["close"]:
            styles = styles[:-1] or [""]
        else:
            styles.append(PART_STYLES[tag["name"]])
        line.append(tag[0], "dim")
    return line.append(_flat(markup[read:]), styles[-1])


def _flat(text: str) -> str:
    r"""Return ``text`` on one line, with a space for leading and trailing white space.

    >>> _flat(" a\n\nb ")
    ' a ¶ b '
    """
    inner = " ¶ ".join(shown(part) for part in re.split(r"\s*\n\s*\n\s*", text))
    return f"{' ' * text[:1].isspace()}{inner}{' ' * (text[-1:].isspace() and bool(inner))}"


def _story(sentence: Sentence) -> Text:
    line = marked(sentence.markup)
    if sentence.speaker:
        line.append(f"  → {shown(sentence.speaker)}", PART_STYLES["name"])
    return line.append(f"  ({shown(sentence.story)})", "dim")


def figures_in_words(rule: Rule, figures: Measured) -> Iterator[str]:
    """Yield the figures of a rule, one per line."""
    on = f"on {articles():,} articles"
    if figures.decided is not None:
        yield f"decided {counted(figures.decided, 'source')} {on}"
        if figures.speakers and figures.speakers.fired:
            yield f"of annotated speakers {_share(figures.speakers)}"
        return
    if rule.kind == "block" and figures.alone:
        yield f"blocked {counted(figures.alone.fired, 'find')} of other rules {on}; "
        yield f"annotators also have no quote there: {_share(figures.alone)}"
        return
    if figures.default:
        yield f"with the encoder: fired {counted(figures.default.fired, 'time')} {on}, {_share(figures.default)}"
    if figures.alone:
        yield f"by rules alone: fired {counted(figures.alone.fired, 'time')}, {_share(figures.alone)}"


def _share(count: Count) -> str:
    precision = count.precision
    if precision is None:
        return f"right {count.right:,} of {count.fired:,}, too few for a percentage"
    return f"right {count.right:,} of {count.fired:,}, {percent(precision)}"


def percent(share: float | None) -> str:
    """Return a share in percent.

    >>> percent(0.953), percent(None)
    ('95%', '–')
    """
    return "–" if share is None else f"{100 * share:.0f}%"
