"""The command ``quotekit rules``: list rules, show one, draft one, and store the parses of its examples."""

from __future__ import annotations

import difflib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from quotekit.batch.reading.finding import STDIN
from quotekit.cli.exits import FAILED, fail, failures_reported, report_line
from quotekit.cli.flattening import Command, Group, flattened
from quotekit.cli.formats import Format, format_option
from quotekit.cli.options import Output

# spaCy and rich are imported where they are used; help does not need them.
if TYPE_CHECKING:
    from rich.console import RenderableType

    from quotekit.rules import Rule, RuleSet

FEW = 5
"""Number of ids suggested for an unknown one."""

KINDS = ("direct", "indirect", "mixed", "block", "speaker")

_EXIT_CODES = """\
[bold]Exit codes[/bold]
\b
    0  Done.
    2  Usage error: an unknown rule, or a sentence from which no rule can
       be drafted.
    3  The command failed: model missing, invalid file of rules, output
       not writable.
"""

RULES_HELP = f"""\
List the rules that find quotes and speakers, or show one.

The list shows how often each rule fired on 840 annotated articles and how often it was right. With an id, shows why \
the rule exists, its pattern, its examples, and sentences of the sample stories where it fires.

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
Draft a rule from one annotated sentence.

Mark the content, the cue and the source. The result is a commented file with one rule, whose pattern is the parse \
between the three. The file is only written if the rule finds the sentence. The line under "rejects" fails until you \
replace it with a sentence in which the rule must find nothing.

[bold]Examples[/bold]
\b
  quotekit rules new "<source>Ann Lee</source> <cue>let it be known</cue>
      <content>that the pier would stay shut</content>." -o my_rules.toml
  echo "<source>He</source> <cue>let slip</cue>
      <content>that it was over</content>." | quotekit rules new -

{_EXIT_CODES}"""

FREEZE_HELP = f"""\
Parse the examples of your rules, store the parses beside the file, and print what changed.

Tests use stored parses, so they do not need the model or change with it. The parses of my_rules.toml are stored in \
my_rules.parses.jsonl, those of harbour.quotes.txt in harbour.quotes.parses.jsonl. Run this after adding an example.

[bold]Examples[/bold]
\b
  quotekit rules freeze my_rules.toml
  quotekit rules freeze my_rules.toml cases/*.quotes.txt

{_EXIT_CODES}"""


class _Rules(Group):
    """A group whose argument is the id of a rule, unless it is a command."""

    # The types are typer's own or click's, depending on the version of typer.
    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] not in self.commands:
            return "show", self.commands["show"], args
        return super().resolve_command(ctx, args)


rules_app = typer.Typer(
    cls=_Rules,
    add_completion=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    subcommand_metavar="[RULE_ID | new | freeze | learn] …",
)

OwnRules = Annotated[
    Path | None, typer.Option("--rules", metavar="FILE", help="Add the rules in this file, .toml or .jsonl.")
]
Form = Annotated[Format | None, format_option("a table or jsonl", panel=None)]


OfKind = Annotated[
    list[str] | None, typer.Option(metavar="KIND", help=f"List rules of this kind: {', '.join(KINDS)}; repeatable.")
]
Like = Annotated[str | None, typer.Option(metavar="TEXT", help="List rules with this text in their id or reason.")]


@rules_app.callback(invoke_without_command=True, help=RULES_HELP)
@flattened
def _list(
    context: typer.Context, kind: OfKind = None, like: Like = None, rules: OwnRules = None, form: Form = None
) -> None:
    context.obj = (rules, form)
    if context.invoked_subcommand is not None:
        return
    unknown = sorted(set(kind or ()) - set(KINDS))
    if unknown:
        raise typer.BadParameter(f"{unknown[0]!r} is not one of {', '.join(KINDS)}.", param_hint="--kind")
    with failures_reported():
        _print_rules(
            [
                rule
                for rule in _rules(rules)
                if (not kind or rule.kind in kind)
                and (like is None or like.lower() in rule.id.lower() or like.lower() in rule.why.lower())
            ],
            _form(form),
        )


def _print_rules(shown: list[Rule], form: Format) -> None:
    if not shown:
        report_line("no rule matches; quotekit rules lists all")
    if form is Format.jsonl:
        _write("".join(_line(summary(rule)) for rule in shown))
    elif shown:
        from quotekit.rules.measured import measured
        from quotekit.terminal.rules import rule_table

        _print(rule_table([(rule, measured(rule.id)) for rule in shown]))


@rules_app.command("show", cls=Command, hidden=True, help="Show one rule.")
@flattened
def _show(
    context: typer.Context,
    id: Annotated[str, typer.Argument(metavar="RULE_ID")],
    rules: OwnRules = None,
    form: Form = None,
) -> None:
    above = context.obj or (None, None)
    with failures_reported():
        every = _rules(rules or above[0])
        if id not in every:
            raise typer.BadParameter(_unknown(id, every.ids), param_hint="RULE_ID")
        if _form(form or above[1]) is Format.jsonl:
            _write(_line(details(every[id])))
        else:
            from quotekit.terminal.rules import rule_shown

            _print(rule_shown(every[id]))


@rules_app.command("new", cls=Command, help=NEW_HELP)
@flattened
def _new(
    sentence: Annotated[str, typer.Argument(metavar="SENTENCE", help="Annotated sentence; - is standard input.")],
    output: Output = None,
    id: Annotated[
        str | None, typer.Option("--id", metavar="RULE_ID", help="Id of the rule.  \\[default: after its cue]")
    ] = None,
) -> None:
    if output is not None and output.exists():
        raise typer.BadParameter(f"{str(output)!r} exists; name a new file.", param_hint="-o")
    if output is not None and output.suffix.lower() != ".toml":
        raise typer.BadParameter(f"the file will hold TOML; name a .toml file, not {str(output)!r}.", param_hint="-o")
    with failures_reported():
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
        report_line(f"{output}: one rule; replace the line under 'rejects' before you use it")


@rules_app.command("freeze", cls=Command, help=FREEZE_HELP)
@flattened
def _freeze(
    paths: Annotated[
        list[Path], typer.Argument(metavar="FILE", help="Files of rules (.toml, .jsonl) or of cases (.quotes.txt).")
    ],
) -> None:
    for path in paths:
        if not path.is_file():
            raise typer.BadParameter(f"there is no file {str(path)!r}. Check the spelling and the current folder.")
    with failures_reported():
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
    """Return a rule as a line of the list; figures are ``None`` if nothing was measured."""
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
    """Return a rule with all its fields, figures and sentences."""
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
            f"there is no file {str(path)!r}. Check the spelling and the current folder.", param_hint="--rules"
        )
    return RuleSet.default().with_file(path)


def _unknown(id: str, ids: Sequence[str]) -> str:
    """Return the message for an unknown id, with similar ids or how to list all."""
    near = [one for one in ids if id and id.lower() in one][:FEW]
    near += [one for one in difflib.get_close_matches(id, ids, n=FEW) if one not in near]
    hint = f"Similar ids: {', '.join(near[:FEW])}" if near else "quotekit rules lists all"
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
