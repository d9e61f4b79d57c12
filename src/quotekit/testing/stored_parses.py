"""Updates the stored parses of a file of rules or of cases, and says what changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from quotekit.article.stored_parses import COLUMNS, Columns, Record, beside, freeze, read, write
from quotekit.rules import Rule, RuleSet
from quotekit.rules.markup import plain_text
from quotekit.testing.cases import SUFFIX, read_cases


def changes(old: Iterable[Record], new: Iterable[Record]) -> list[str]:
    """Return an entry for each text that is new, gone, or parsed differently, with the words that differ."""
    before = {record["text"]: record["parse"] for record in old}
    after = {record["text"]: record["parse"] for record in new}
    lines = [f"new:  {text!r}" for text in after if text not in before]
    lines += [f"gone: {text!r}" for text in before if text not in after]
    for text, columns in after.items():
        if text in before and before[text] != columns:
            lines.append(f"differs: {text!r}{''.join(_differences(text, before[text], columns))}")
    return lines


def _differences(text: str, old: Columns, new: Columns) -> Iterator[str]:
    if (old["starts"], old["ends"]) != (new["starts"], new["ends"]):
        yield "\n    other tokens"
        return
    for i, (start, end) in enumerate(zip(new["starts"], new["ends"], strict=True)):
        for name in COLUMNS:
            if old[name][i] != new[name][i]:
                yield f"\n    {text[start:end]!r}: {name} {old[name][i]!r} -> {new[name][i]!r}"


def texts_of(path: str | Path) -> list[str]:
    """Return the texts of a file of rules (its examples) or of cases, without markup, sorted.

    Raises:
        RuleError: the file of rules is not valid.
        ValueError: the file of cases is not valid.
    """
    path = Path(path)
    if path.name.endswith(SUFFIX):
        return sorted({case.text for case in read_cases(path)})
    return example_texts(RuleSet.from_file(path, examples=False))


def example_texts(rules: Iterable[Rule]) -> list[str]:
    """Return the texts of all examples of ``rules``, without markup, sorted."""
    return sorted({plain_text(markup) for rule in rules for markup in (*rule.matches, *rule.rejects)})


def refresh(path: str | Path) -> list[str]:
    """Parse every text of a file of rules or of cases, store the parses beside it, and return what changed.

    Raises:
        RuleError: the file of rules is not valid.
        ValueError: the file of cases, or the one of stored parses, is not valid.
        ModelError: the spaCy model is missing or does not fit.
    """
    store = beside(path)
    old, new = read(store), freeze(texts_of(path))
    if old != new:
        write(store, new)
    return changes(old, new)
