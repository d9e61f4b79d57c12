"""Loads a file of rules: reads it, checks every rule and cue, and tries the examples that have a stored parse."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from quotekit.article.stored_parses import StoredParses, beside
from quotekit.errors import RuleError, near
from quotekit.lexicon.cues import Cue, Cues
from quotekit.rules.checking import check_cue, check_rule
from quotekit.rules.files import Entry, built_in, first_twice, read_contents
from quotekit.rules.messages import located
from quotekit.rules.rule import Rule


@dataclass(frozen=True, slots=True)
class Loaded:
    """The checked contents of a file; ``labels`` are the rules in messages."""

    rules: tuple[Rule, ...]
    cues: tuple[Cue, ...]
    without: tuple[str, ...]
    labels: tuple[str, ...]


def load(
    path: str | os.PathLike[str], rules: Sequence[Rule], cues: Sequence[Cue] = (), *, examples: bool = True
) -> Loaded:
    """Return the checked contents of a file whose rules run beside ``rules`` and ``cues``.

    Raises:
        RuleError: the file is not valid; the message names the file, the rule, the field and the remedy.
    """
    path = Path(path)
    contents = read_contents(path)
    _check_names(contents.rules)
    _check_names(contents.cues)
    own_cues = tuple(entry.read(Cue) for entry in contents.cues)
    own_rules = tuple(entry.read(Rule) for entry in contents.rules)
    lexicon = Cues.default().adding([*cues, *own_cues])
    for entry, cue in zip(contents.cues, own_cues, strict=True):
        with located(entry.label):
            check_cue(cue)
    for entry, rule in zip(contents.rules, own_rules, strict=True):
        with located(entry.label):
            check_rule(rule, lexicon, _functions(rule))
    loaded = Loaded(own_rules, own_cues, contents.without or (), tuple(entry.label for entry in contents.rules))
    if examples and own_rules:
        _try_examples(path, loaded, rules, cues)
    return loaded


def load_beside(
    path: str | os.PathLike[str], rules: Sequence[Rule], cues: Sequence[Cue] = (), *, examples: bool = True
) -> Loaded:
    """Return the contents of a file that can be added to ``rules``: no id clashes, and ``without`` names known rules.

    Raises:
        RuleError: as for `load`, or the file cannot be added.
    """
    loaded = load(path, rules, cues, examples=examples)
    ids, default = [rule.id for rule in rules], [rule.id for rule in built_in()]
    for id in loaded.without:
        if id not in ids and id not in default:
            raise RuleError(f"{path}: field 'without': no rule has the id {id!r}; {near(id, ids)}")
    for label, rule in zip(loaded.labels, loaded.rules, strict=True):
        if rule.id in ids and rule.id not in loaded.without:
            whose = "a built-in rule" if rule.id in default else "another rule"
            raise RuleError(
                f"{label}: field 'id': {whose} has the id {rule.id!r}; choose another id, or switch the other rule off "
                f'with without = ["{rule.id}"] at the top of the file'
            )
    return loaded


def _functions(rule: Rule) -> list[str]:
    """Return the ids of the built-in rules, for speakers or for quotes as ``rule`` is, that are functions."""
    speaker = rule.kind == "speaker"
    return [one.id for one in built_in() if not one.pattern and (one.kind == "speaker") == speaker]


def _check_names(entries: Sequence[Entry]) -> None:
    twice = first_twice(entry.name for entry in entries)
    if twice is not None:
        first, second = (entries[place] for place in twice)
        field = "id" if second.kind == "rule" else "cue"
        raise RuleError(
            f"{second.label}: field {field!r}: {second.name!r} is also the {field} of {second.kind} {first.number}; "
            "give each its own"
        )


def _try_examples(path: Path, loaded: Loaded, rules: Sequence[Rule], cues: Sequence[Cue]) -> None:
    """Try the examples that have a stored parse beside the file, which need no model."""
    if not beside(path).is_file():
        return
    # The only import of a room below this one: that an example holds is known only to what reads whole texts.
    from quotekit.attribution.trial import failing_example

    try:
        parses = StoredParses.of(path)
    except (ValueError, OSError) as error:
        raise RuleError(f"{beside(path)}: {error}") from None
    replaced = {*loaded.without, *(rule.id for rule in loaded.rules)}
    others = [rule for rule in rules if rule.id not in replaced]
    words = {cue.cue: cue for cue in (*cues, *loaded.cues)}
    failure = failing_example([*others, *loaded.rules], list(words.values()), loaded.rules, parses)
    if failure is not None:
        raise RuleError(
            f"{loaded.labels[failure.rule]}: field {failure.field!r}: the example fails: {failure.reason}\n"
            f"  Correct the pattern or the example. If spaCy changed, run: quotekit rules freeze {path}"
        )
