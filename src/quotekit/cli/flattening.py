"""Commands whose options come in groups, and help that names no Python types."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import Any, get_type_hints

from typer.core import TyperCommand, TyperGroup

from quotekit.cli.options import Debug


def flattened(command: Callable[..., None]) -> Callable[..., None]:
    """Return ``command`` as typer needs it: a parameter that is a dataclass becomes one option per field.

    Each command also gets ``--debug``.
    """
    # Not get_type_hints: in Python 3.10 it hides what is annotated where the default is None.
    given = signature(command, eval_str=True).parameters
    groups: dict[str, Any] = {
        name: parameter.annotation for name, parameter in given.items() if is_dataclass(parameter.annotation)
    }
    parameters: list[Parameter] = []
    for name, parameter in given.items():
        if name in groups:
            parameters += _options(groups[name])
        else:
            parameters.append(parameter.replace(kind=Parameter.KEYWORD_ONLY))
    parameters.append(Parameter("debug", Parameter.KEYWORD_ONLY, default=False, annotation=Debug))

    @wraps(command)
    def run(*, debug: bool, **values: Any) -> None:
        for name, group in groups.items():
            values[name] = group(**{field.name: values.pop(field.name) for field in fields(group)})
        command(**values)

    run.__signature__ = Signature(parameters)  # type: ignore[attr-defined]  # as `inspect` has it
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run


def _options(group: Any) -> list[Parameter]:
    hints = get_type_hints(group, include_extras=True)
    return [
        Parameter(field.name, Parameter.KEYWORD_ONLY, default=field.default, annotation=hints[field.name])
        for field in fields(group)
    ]


class Command(TyperCommand):
    """A command whose help says what an option takes, not which Python type it becomes."""

    def get_params(self, ctx: Any) -> list[Any]:
        return [_untyped(parameter) for parameter in super().get_params(ctx)]


class Group(TyperGroup):
    """The same for a command with subcommands."""

    def get_params(self, ctx: Any) -> list[Any]:
        return [_untyped(parameter) for parameter in super().get_params(ctx)]


def _untyped(parameter: Any) -> Any:
    if parameter.param_type_name == "argument" or parameter.is_flag:
        # Newer versions of typer print "<list[str]>" and "<bool>" here; older ones do not call this.
        parameter.display_type_rich = lambda ctx: None
    return parameter
