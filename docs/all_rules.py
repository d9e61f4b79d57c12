"""The page of all rules, generated from the rules; mkdocs runs this module as a hook.

`python docs/all_rules.py` prints the page.
"""

from __future__ import annotations

import html
import re
from typing import Any

from quotekit import Rule, RuleSet
from quotekit.lexicon import load
from quotekit.rules.measured import Count, Measured, articles, measured
from quotekit.terminal.rules import function_of

PLACE = "<!-- all rules -->"
ELEMENT = re.compile(r"&lt;(/?(?:content|cue|source|name)(?: [\w,-]+)?)&gt;")


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Insert the rules into the page; a hook of mkdocs."""
    return markdown.replace(PLACE, rules_page(RuleSet.default()))


def rules_page(rules: RuleSet) -> str:
    """Return every rule in Markdown: a table of all, then family by family.

    The ids of a family share their first two parts, or the first if the rules have no pattern.
    """
    families: dict[str, list[Rule]] = {}
    for rule in rules:
        family = rule.id.split(".")[0] if not rule.pattern else ".".join(rule.id.split(".")[:2])
        families.setdefault(family, []).append(rule)
    sections = (f"## {family}\n\n" + "\n".join(map(rule_section, members)) for family, members in families.items())
    return "\n".join([overview(rules), *sections])


def overview(rules: RuleSet) -> str:
    """Return a table of all rules: kind, how often it fired, and how often it was right."""
    lines = ["## All at a glance", "", "| rule | kind | right | fired |", "|---|---|--:|--:|"]
    for rule in rules:
        figures = measured(rule.id)
        fired = "" if figures.fired is None else f"{figures.fired:,}"
        lines.append(f"| [`{rule.id}`](#{rule.id}) | {rule.kind} | {percent(figures.precision)} | {fired} |")
    return "\n".join([*lines, ""])


def rule_section(rule: Rule) -> str:
    """Return one rule: fields, figures, pattern, examples, and sentences of the sample stories in which it fires."""
    figures = measured(rule.id)
    lines = [f"### `{rule.id}` {{#{rule.id}}}", "", rule.why, "", *_facts(rule), "", *_figures(rule, figures)]
    finds = "decide" if rule.kind == "speaker" else "find"
    lines += _examples(f"{finds.capitalize()}s", rule.matches) + _examples(f"Does not {finds}", rule.rejects)
    if rule.pattern:
        lines += ["```text", *map(_node, rule.pattern), "```", ""]
    stories = [_shown(one.markup) + (f" → {one.speaker}" if one.speaker else "") for one in figures.sentences]
    if stories:
        lines += ["In the sample stories:", "", *(f"- {one}" for one in stories), ""]
    return "\n".join(lines)


def _facts(rule: Rule) -> list[str]:
    facts = [f"kind: {rule.kind}"]
    if rule.kind != "block" and rule.pattern:
        facts.append(f"content: {load('patterns')['reads'][rule.reads]}")
    if rule.frame:
        facts.append(f"frame: `@{rule.frame}`")
    if rule.act:
        facts.append(f"act: {rule.act}")
    if not rule.pattern and rule.kind != "speaker":
        facts += ["reads the layout", f"confidence: {rule.confidence}"]
    function = function_of(rule.id)
    if function:
        facts.append(f"function: `{function}`")
    return [f"*{'; '.join(facts)}*"]


def _figures(rule: Rule, figures: Measured) -> list[str]:
    """Return the measured figures as one line; no line for a rule without any."""
    parts: list[str] = []
    if figures.decided is not None:
        parts = [f"decided {figures.decided:,} sources"]
        parts += (
            [f"of annotated speakers {_right(figures.speakers)}"] if figures.speakers and figures.speakers.fired else []
        )
    elif rule.kind == "block" and figures.alone:
        parts = [f"kept away {figures.alone.fired:,} finds; nothing is annotated there: {_right(figures.alone)}"]
    else:
        if figures.default:
            parts.append(f"with the encoder: fired {figures.default.fired:,} times, {_right(figures.default)}")
        if figures.alone:
            parts.append(f"by rules alone: fired {figures.alone.fired:,} times, {_right(figures.alone)}")
    return [f"On {articles():,} articles {'; '.join(parts)}.", ""] if parts else []


def _right(count: Count) -> str:
    share = "" if count.precision is None else f" ({percent(count.precision)})"
    return f"right {count.right:,} of {count.fired:,}{share}"


def percent(share: float | None) -> str:
    """Return a share in percent, or a dash if it is unknown."""
    return "–" if share is None else f"{100 * share:.0f}%"


def _examples(title: str, examples: tuple[str, ...]) -> list[str]:
    if not examples:
        return []
    return [f"{title}:", "", *(f"- {_shown(example)}" for example in examples), ""]


def _shown(markup: str) -> str:
    """Return an example on one line, with its elements as tags in small type."""
    text = html.escape(markup, quote=False).replace("\n\n", " ¶ ").replace("\n", " ")
    text = re.sub(r"([*_\[\]`\\#|])", r"\\\1", text)
    return ELEMENT.sub(r"<small>&lt;\1&gt;</small>", text)


def _node(node: dict[str, Any]) -> str:
    """Return one node of a pattern: how it is attached to an earlier one, and its tests."""
    link = f"{node['LEFT_ID']} {node['REL_OP']} " if "LEFT_ID" in node else ""
    tests = ", ".join(f"{key}: {_value(value)}" for key, value in node.get("RIGHT_ATTRS", {}).items())
    return f"{link}{node['RIGHT_ID']}  [{tests}]"


def _value(value: Any) -> str:
    if isinstance(value, str):
        return value
    ((operator, operand),) = value.items()
    listed = " | ".join(operand) if isinstance(operand, (list, tuple)) else str(operand)
    return {"IN": "", "NOT_IN": "not ", "REGEX": "regex "}[operator] + listed


if __name__ == "__main__":
    print(rules_page(RuleSet.default()))
