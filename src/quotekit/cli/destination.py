"""Where ``quotekit extract`` writes: standard output, a table in a file, or a long run into a file."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quotekit.cli.checks import check_not_input
from quotekit.cli.formats import Format, format_option
from quotekit.cli.options import LONG_RUNS, OUTPUT, Output, option
from quotekit.output.target import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from quotekit.batch.job import Start


@dataclass(frozen=True)
class OutputOptions:
    """What is written, and where."""

    output: Output = None
    format: Annotated[Format | None, format_option("a table or jsonl")] = None
    keep_text: Annotated[bool, option(OUTPUT, "Include the text of each article.", flag="--keep-text")] = False
    errors: Annotated[
        Path | None,
        option(
            OUTPUT,
            "Write unreadable inputs to this file, one JSON object per line.  \\[default: OUTPUT.errors.jsonl]",
            "FILE",
        ),
    ] = None
    resume: Annotated[
        bool, option(LONG_RUNS, "Continue an unfinished run into FILE, or start one.", flag="--resume")
    ] = False
    restart: Annotated[bool, option(LONG_RUNS, "Discard an unfinished run and start again.", flag="--restart")] = False

    @cached_property
    def file(self) -> Path | None:
        """The file of a run that can be resumed; ``None`` for tables, standard output and devices."""
        if self.output is None or self.format is Format.table:
            return None
        return None if self.output.exists() and not self.output.is_file() else self.output

    @cached_property
    def errors_file(self) -> Path | None:
        """The file that lists unreadable inputs, if a run can be resumed."""
        from quotekit.batch.beside import errors_of

        return None if self.file is None else self.errors or errors_of(self.file)

    @cached_property
    def articles_file(self) -> Path | None:
        """The table of articles beside the output."""
        from quotekit.batch.beside import articles_of

        return None if self.file is None else articles_of(self.file)

    @property
    def start(self) -> Start:
        """What happens to an unfinished run into the same file."""
        from quotekit.batch.job import Start

        return Start.resume if self.resume else Start.restart if self.restart else Start.refuse

    def check(self) -> None:
        """Refuse options that do not fit together, before anything is read."""
        given = {"--resume": self.resume, "--restart": self.restart, "--errors": self.errors is not None}
        for name in given:
            if given[name] and self.file is None:
                raise typer.BadParameter("only valid with -o FILE (not with --format table).", param_hint=name)
        if self.resume and self.restart:
            raise typer.BadParameter("not valid with --resume; give one of them.", param_hint="--restart")
        if self.file is not None:
            self._check_ending(self.file)

    def _check_ending(self, file: Path) -> None:
        from quotekit.batch.compression import endings
        from quotekit.batch.writing import check

        try:
            check(file)
        except OutputError as error:
            raise typer.BadParameter(str(error), param_hint="-o") from None
        if self.format is Format.jsonl and endings(file)[0] not in (".jsonl", ".ndjson"):
            raise typer.BadParameter(f"{str(file)!r} does not end in .jsonl, as --format jsonl needs.", param_hint="-o")

    def check_inputs(self, inputs: Iterable[str]) -> None:
        """Refuse files that would replace one of the inputs, or anything else that is not an earlier result."""
        inputs = list(inputs)
        check_not_input(inputs, self.output)
        check_not_input(inputs, self.articles_file)
        check_not_input(inputs, self.errors_file, "--errors")
        if self.errors_file is not None and self.errors_file.is_dir():
            raise typer.BadParameter(
                f"{str(self.errors_file)!r} is a folder; name a file in it.", param_hint="--errors"
            )
        if self.file is not None and self.errors is not None:
            self._check_errors(self.errors)

    def _check_errors(self, errors: Path) -> None:
        """Refuse a list of errors that would replace another file: it is deleted when there are no errors."""
        folder = Path(os.path.realpath(errors)).parent
        if not folder.is_dir():
            raise typer.BadParameter(f"there is no folder {str(folder)!r}; create it first.", param_hint="--errors")
        own = [path for path in (self.file, self.articles_file, *self._beside()) if path is not None]
        if os.path.realpath(errors) in map(os.path.realpath, own):
            raise typer.BadParameter(
                f"{str(errors)!r} is used by the run itself; name another file.", param_hint="--errors"
            )
        from quotekit.batch.beside import is_list_of_errors

        if errors.is_file() and not is_list_of_errors(errors):
            raise typer.BadParameter(
                f"{str(errors)!r} exists and is not a list of errors; name another file.", param_hint="--errors"
            )

    @property
    def written(self) -> list[Path]:
        """The files that the run writes."""
        return [path for path in (self.output, self.articles_file, self.errors_file) if path is not None]

    @property
    def own(self) -> list[Path]:
        """The run's own files, which are not read as articles even if the user names them, as ``*`` does."""
        from quotekit.batch.beside import is_list_of_errors

        errors = [self.errors_file] if self.errors_file is not None and is_list_of_errors(self.errors_file) else []
        return [*self._beside(), *errors]

    def _beside(self) -> list[Path]:
        """Return the journals beside the output."""
        from quotekit.batch.beside import kept_of, part_of

        return [] if self.file is None else [part_of(self.file), kept_of(self.file)]
