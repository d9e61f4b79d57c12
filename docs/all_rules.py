"""The page of all rules, made from the rules themselves; mkdocs calls it as a hook.

`python docs/all_rules.py` prints the page.
"""

from __future__ import annotations

import html
import re
from typing import Any

from quotekit import Rule, RuleSet

PLACE = "<!-- all rules -->"
READS = {
    "subtree": "the content node's subtree",
    "before": "the quoted words before the cue's clause",
    "after": "the quoted words after the cue's clause",
    "clause": "the clause that holds the cue",
}
ELEMENT = re.compile(r"&lt;(/?(?:content|cue|source|name)(?: [\w,-]+)?)&gt;")


def on_page_markdown(markdown: str, **_: Any) -> str:
    """mkdocs: put the rules where the page has their place."""
    return markdown.replace(PLACE, rules_page(RuleSet.default()))


def rules_page(rules: RuleSet) -> str:
    """Every rule in Markdown, by families: those whose ids share their first two parts, or without a pattern one."""
    families: dict[str, list[Rule]] = {}
    for rule in rules:
        family = rule.id.split(".")[0] if not rule.pattern else ".".join(rule.id.split(".")[:2])
        families.setdefault(family, []).append(rule)
    return "\n".join(f"## {family}\n\n" + "\n".join(map(rule_section, members)) for family, members in families.items())


def rule_section(rule: Rule) -> str:
    """One rule: its fields, its pattern, its examples."""
    lines = [f"### `{rule.id}` {{#{rule.id}}}", "", rule.why, "", *_facts(rule), ""]
    finds = "decide" if rule.kind == "speaker" else "find"
    lines += _examples(f"{finds.capitalize()}s", rule.matches) + _examples(f"Does not {finds}", rule.rejects)
    if rule.pattern:
        lines += ["```text", *map(_node, rule.pattern), "```", ""]
    return "\n".join(lines)


def _facts(rule: Rule) -> list[str]:
    facts = [f"kind: {rule.kind}"]
    if rule.kind != "block" and rule.pattern:
        facts.append(f"content: {READS[rule.reads]}")
    if rule.frame:
        facts.append(f"frame: `@{rule.frame}`")
    if rule.act:
        facts.append(f"act: {rule.act}")
    if not rule.pattern and rule.kind != "speaker":
        facts += ["reads the layout", f"confidence: {rule.confidence}"]
    return [f"*{'; '.join(facts)}*"]


def _examples(title: str, examples: tuple[str, ...]) -> list[str]:
    if not examples:
        return []
    return [f"{title}:", "", *(f"- {_shown(example)}" for example in examples), ""]


def _shown(markup: str) -> str:
    """An example on one line, its elements kept visible as tags in small type."""
    text = html.escape(markup, quote=False).replace("\n\n", " ¶ ").replace("\n", " ")
    text = re.sub(r"([*_\[\]`\\#|])", r"\\\1", text)
    return ELEMENT.sub(r"<small>&lt;\1&gt;</small>", text)


def _node(node: dict[str, Any]) -> str:
    """One node of a pattern: how it hangs on an earlier one, and its tests."""
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
