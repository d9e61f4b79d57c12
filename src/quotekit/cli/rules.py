"""The command `quotekit rules`: what rules there are, what one does, a new one, and fresh parses for its examples."""

from __future__ import annotations

import difflib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from quotekit.batch.reading.finding import STDIN
from quotekit.cli.options import Format, Output
from quotekit.cli.shared import FAILED, fail, told

# spaCy and rich are imported where they are used.
if TYPE_CHECKING:
    from rich.console import RenderableType

    from quotekit.rules import Rule, RuleSet

FEW = 5
"""So many ids are named where one is unknown."""

KINDS = ("direct", "indirect", "mixed", "block", "speaker")

_EXIT_CODES = """\
[bold]Exit codes[/bold]
\b
    0  It was done.
    2  The command was used wrongly: an unknown rule, a sentence from
       which no rule can be drawn.
    3  It could not be done: no fitting model, a file of rules that is
       not valid, an output that cannot be written.
"""

RULES_HELP = f"""\
List the rules by which quotes and speakers are found, or show one.

The list has how often a rule fired on 840 annotated articles and how often it was right. With an id you see one rule: \
why it is there, its pattern, its examples, and sentences of the sample stories where it fires.

[bold]Examples[/bold]
\b
  quotekit rules
  quotekit rules --kind block
  quotekit rules --like according
  quotekit rules en.according-to
  quotekit rules new "<source>Ann Lee</source> <cue>let it be known</cue>
      <content>that the pier would stay shut</content>." -o my_rules.toml
  quotekit rules freeze my_rules.toml

{_EXIT_CODES}"""

NEW_HELP = f"""\
Draw a rule from one annotated sentence, to start from.

Mark what is said, the words that report it, and who says it. You get a file with one commented rule whose pattern is \
what the parser sees between the three. The rule finds your sentence, or there is no file. Under "rejects" stands a \
line that fails until you replace it by a sentence of your own in which the rule must find nothing.

[bold]Examples[/bold]
\b
  quotekit rules new "<source>Ann Lee</source> <cue>let it be known</cue>
      <content>that the pier would stay shut</content>." -o my_rules.toml
  echo "<source>He</source> <cue>let slip</cue>
      <content>that it was over</content>." | quotekit rules new -

{_EXIT_CODES}"""

FREEZE_HELP = f"""\
Parse the examples of your rules anew, store the parses beside the file, and say what changed.

Tests use stored parses first, so that they need no model and do not change with it. For my_rules.toml they stand in \
my_rules.parses.jsonl, for harbour.quotes.txt in harbour.quotes.parses.jsonl. Run this after you added an example, and \
read what changed.

[bold]Examples[/bold]
\b
  quotekit rules freeze my_rules.toml
  quotekit rules freeze my_rules.toml cases/*.quotes.txt

{_EXIT_CODES}"""


class _Rules(TyperGroup):
    """A group whose argument is a rule's id unless it is a command."""

    # Typer has its own click, or once had the real one: the types differ.
    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] not in self.commands:
            return "show", self.commands["show"], args
        return super().resolve_command(ctx, args)


rules_app = typer.Typer(
    cls=_Rules,
    add_completion=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    subcommand_metavar="[RULE_ID | new | freeze] …",
)

OwnRules = Annotated[
    Path | None,
    typer.Option("--rules", metavar="FILE", help="Add the rules of this .toml or .jsonl file.", show_default=False),
]
Form = Annotated[
    Format | None,
    typer.Option("--format", help="Write a table or JSON Lines, wherever the output goes.", show_default=False),
]


@rules_app.callback(invoke_without_command=True, help=RULES_HELP)
def _list(
    context: typer.Context,
    kind: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KIND",
            help=f"List rules of this kind: {', '.join(KINDS)}; give it again for more.",
            show_default=False,
        ),
    ] = None,
    like: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="List rules with this text in their id or reason.", show_default=False),
    ] = None,
    rules: OwnRules = None,
    form: Form = None,
) -> None:
    context.obj = (rules, form)
    if context.invoked_subcommand is not None:
        return
    unknown = sorted(set(kind or ()) - set(KINDS))
    if unknown:
        raise typer.BadParameter(f"{unknown[0]!r} is none of {', '.join(KINDS)}.", param_hint="--kind")
    with told(None):
        from quotekit.rules.measured import measured

        shown = [
            rule
            for rule in _rules(rules)
            if (not kind or rule.kind in kind)
            and (like is None or like.lower() in rule.id.lower() or like.lower() in rule.why.lower())
        ]
        if not shown:
            typer.echo("quotekit: no rule is like that; quotekit rules lists all", err=True)
        if _form(form) is Format.jsonl:
            _write("".join(_line(summary(rule)) for rule in shown))
        elif shown:
            from quotekit.terminal.rules import rule_table

            _print(rule_table([(rule, measured(rule.id)) for rule in shown]))


@rules_app.command("show", hidden=True, help="Show one rule: why it is there, its pattern, its examples.")
def _show(
    context: typer.Context,
    id: Annotated[str, typer.Argument(metavar="RULE_ID")],
    rules: OwnRules = None,
    form: Form = None,
) -> None:
    above = context.obj or (None, None)
    with told(None):
        every = _rules(rules or above[0])
        if id not in every:
            raise typer.BadParameter(_unknown(id, every.ids), param_hint="RULE_ID")
        if _form(form or above[1]) is Format.jsonl:
            _write(_line(details(every[id])))
        else:
            from quotekit.terminal.rules import rule_shown

            _print(rule_shown(every[id]))


@rules_app.command("new", help=NEW_HELP)
def _new(
    sentence: Annotated[
        str, typer.Argument(metavar="SENTENCE", help="The annotated sentence; - is standard input.", show_default=False)
    ],
    output: Output = None,
    id: Annotated[
        str | None,
        typer.Option(
            "--id", metavar="RULE_ID", help="How the rule is called.  \\[default: after its cue]", show_default=False
        ),
    ] = None,
) -> None:
    if output is not None and output.exists():
        raise typer.BadParameter(f"{str(output)!r} is there already; name a new file.", param_hint="-o")
    if output is not None and output.suffix.lower() != ".toml":
        raise typer.BadParameter(f"{str(output)!r} will hold TOML; name a .toml file.", param_hint="-o")
    with told(None):
        from quotekit.output.target import Target
        from quotekit.testing.drafting import DraftError, draft

        text = sys.stdin.buffer.read().decode("utf-8", "replace") if sentence == STDIN else sentence
        try:
            file = draft(text.strip(), id)
        except DraftError as error:
            raise typer.BadParameter(str(error), param_hint="SENTENCE") from None
        except ValueError as error:
            raise typer.BadParameter(f"{error}.", param_hint="SENTENCE") from None
        with Target(output) as target:
            target.write(file.encode("utf-8", "replace"))
    if output is not None:
        typer.echo(f"quotekit: {output}: one rule; replace the line under 'rejects' before you use it", err=True)


@rules_app.command("freeze", help=FREEZE_HELP)
def _freeze(
    paths: Annotated[
        list[Path], typer.Argument(metavar="FILE", help="Files of rules (.toml, .jsonl) or of cases (.quotes.txt).")
    ],
) -> None:
    for path in paths:
        if not path.is_file():
            raise typer.BadParameter(f"there is no file {str(path)!r}. Check the spelling and the folder you are in.")
    with told(None):
        from quotekit.article.stored_parses import beside
        from quotekit.testing.stored_parses import refresh

        for path in paths:
            try:
                changes = refresh(path)
            except (ValueError, OSError) as error:
                fail(str(error), FAILED)
            typer.echo(f"{beside(path)}: {len(changes) or 'no'} change{'' if len(changes) == 1 else 's'}")
            for change in changes:
                typer.echo(f"  {change}")


def summary(rule: Rule) -> dict[str, Any]:
    """A rule as a line of the list; figures are ``None`` where nothing was measured."""
    from quotekit.rules.measured import measured

    figures = measured(rule.id)
    precision = figures.precision
    return {
        "id": rule.id,
        "kind": rule.kind,
        "precision": None if precision is None else round(precision, 3),
        "fired": figures.fired,
        "why": rule.why,
    }


def details(rule: Rule) -> dict[str, Any]:
    """A rule with all its fields, its figures and its sentences."""
    from quotekit.rules.measured import measured

    figures = measured(rule.id)
    counts = {"default": figures.default, "alone": figures.alone, "speakers": figures.speakers}
    return {
        **rule.model_dump(mode="json"),
        "precision": summary(rule)["precision"],
        "fired": figures.fired,
        "counts": {name: {"fired": one.fired, "right": one.right} for name, one in counts.items() if one},
        "sentences": [
            {"story": one.story, "markup": one.markup} | ({"speaker": one.speaker} if one.speaker else {})
            for one in figures.sentences
        ],
    }


def _rules(path: Path | None) -> RuleSet:
    from quotekit.rules import RuleSet

    if path is None:
        return RuleSet.default()
    if not path.is_file():
        raise typer.BadParameter(
            f"there is no file {str(path)!r}. Check the spelling and the folder you are in.", param_hint="--rules"
        )
    return RuleSet.default().with_file(path)


def _unknown(id: str, ids: Sequence[str]) -> str:
    """What to say of an unknown id: a few near ones, or how to see all."""
    near = [one for one in ids if id and id.lower() in one][:FEW]
    near += [one for one in difflib.get_close_matches(id, ids, n=FEW) if one not in near]
    hint = f"Near it are {', '.join(near[:FEW])}" if near else "quotekit rules lists all"
    return f"no rule has the id {id!r}. {hint}."


def _form(form: Format | None) -> Format:
    return form or (Format.table if sys.stdout.isatty() else Format.jsonl)


def _line(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False) + "\n"


def _print(shape: RenderableType) -> None:
    from rich.console import Console

    from quotekit.terminal.layout import file_console, rendered

    if sys.stdout.isatty():
        Console().print(shape)
        return
    text = rendered(shape, file_console()).decode("utf-8")
    _write("".join(f"{line.rstrip()}\n" for line in text.splitlines()))


def _write(text: str) -> None:
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()
