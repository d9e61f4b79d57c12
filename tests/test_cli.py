"""The command line: what is read, what is written where, and what it says when something is wrong."""

from __future__ import annotations

import json
import os
import re
import runpy
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner, Result

import quotekit
from quotekit import cli
from quotekit.batch import job, writing
from quotekit.batch.records import Result as Article
from quotekit.batch.stored import read_stored
from quotekit.batch.writing.jsonl import json_line
from quotekit.cli import extract, run, speakers
from quotekit.cli.options import a_number
from quotekit.errors import EncoderError, ModelError, WorkerError
from quotekit.extractor import Extractor
from quotekit.known.roster import Row
from quotekit.models import Position, Quote, Speaker, TextSpan
from quotekit.output import target as outputs
from quotekit.processes.pool import Alone
from quotekit.processes.worker import Reader
from quotekit.terminal import progress, tables

BINARY = b"\0\xff\xfe\x01" * 8
STORIES = Path(__file__).parents[1] / "data" / "stories"

needs_links = pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and devices as on Unix")


def a_quote(text: str, **fields: Any) -> Quote:
    """A quote whose content is the whole of ``text``, said by Ann Lee."""
    content = TextSpan.of(text, (0, len(text)))
    given: dict[str, Any] = {
        "id": "q1",
        "kind": "indirect",
        "act": "statement",
        "text": text,
        "content": (content,),
        "speaker": Speaker(id="s1", name="Ann Lee", kind="person"),
        "source": TextSpan(start=0, end=3, text="she"),
        "verb": "say",
        "position": Position(start=0, end=len(text), paragraph=0, sentence=0),
        "confidence": 0.875,
        "rule": "en.clause",
    }
    return Quote(**(given | fields))


class StubExtractor(Extractor):
    """Says that the whole text is a quote; texts that begin with an exclamation mark do what it names."""

    settings: dict[str, Any]
    processes: int
    day: date | None

    def __init__(self, **settings: Any) -> None:
        StubExtractor.settings = dict(settings)
        vars(self).update(settings)

    def extract(self, text: str, *, date: date | str | None = None) -> list[Quote]:
        faults = {
            "!model": ModelError("no model; run this"),
            "!encoder": EncoderError("no weights; run that"),
            "!stop": KeyboardInterrupt(),
            "!lost": WorkerError("no workers; do that"),
        }
        if text in faults:
            raise faults[text]
        return [a_quote(text)] if text else []

    def without_known_speakers(self) -> Extractor:
        return self

    def identified(self, quotes: list[Quote], day: date | None) -> list[Quote]:
        StubExtractor.day = day
        return quotes


class StubPool(Alone):
    """Workers in this process."""

    def __init__(self, reader: Reader, processes: int, **more: Any) -> None:
        StubExtractor.processes = processes
        super().__init__(reader)


@pytest.fixture
def invoke(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Result]:
    """Runs the command in an empty folder, without the model and without processes."""
    monkeypatch.setattr("quotekit.extractor.Extractor", StubExtractor)
    monkeypatch.setattr(run, "Pool", StubPool)
    monkeypatch.setattr(job, "Pool", StubPool)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    runner = CliRunner()
    return lambda *args, **more: runner.invoke(cli.app, args, prog_name="quotekit", **more)


@pytest.fixture
def on_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard output and error are taken for a terminal."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")

    class Screen:
        def __getattr__(self, name: str) -> Any:
            return getattr(sys, name)

        @property
        def stdout(self) -> Any:
            sys.stdout.isatty = lambda: True  # type: ignore[method-assign]
            return sys.stdout

    for command in (extract, speakers):
        monkeypatch.setattr(command, "sys", Screen())


def write(path: str, content: str | bytes = "It rained.") -> Path:
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content if isinstance(content, bytes) else content.encode())
    return target


def ids(result: Result | str) -> list[str]:
    lines = result if isinstance(result, str) else result.stdout
    return [json.loads(line)["id"] for line in lines.splitlines()]


def timeless(summary: str) -> str:
    """A summary with what differs from run to run left out."""
    return re.sub(r"\d+:\d\d, [\d,]+ words per second", "TIME", summary)


def flat(text: str) -> str:
    """A message without the frame and the line breaks that the terminal's width brings."""
    return " ".join(text.replace("│", " ").split())


class TestHelp:
    def test_the_bare_command_shows_help_with_an_example(self, invoke: Callable[..., Result]) -> None:
        result = invoke()
        assert result.exit_code == 0
        assert "quotekit extract story.txt" in result.stdout

    def test_the_package_runs_as_a_program(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(sys, "argv", ["anything", "extract", "no such file"])
        with pytest.raises(SystemExit) as end:
            # Not by its name: what pytest imports plugins with cannot give a module's code.
            runpy.run_path(str(Path(quotekit.__file__).with_name("__main__.py")), run_name="__main__")
        assert end.value.code == 2
        assert "Usage: quotekit extract" in capsys.readouterr().err

    def test_the_help_of_report_names_the_extra_whole(self, invoke: Callable[..., Result]) -> None:
        assert 'python -m pip install ".[report]"' in flat(invoke("report", "-h").stdout)

    @pytest.mark.parametrize("flag", ["--help", "-h"])
    def test_help_names_every_exit_code(self, invoke: Callable[..., Result], flag: str) -> None:
        result = invoke("extract", flag)
        assert result.exit_code == 0
        for code in ("0  All", "1  Some", "2  Usage", "3  The run", "130  Stopped", "143  Stopped"):
            assert code in result.stdout

    def test_an_error_names_the_file_beside_an_id_of_its_own(self, invoke: Callable[..., Result]) -> None:
        Path("news.jsonl").write_text('{"id": "pier", "body": "It rained."}\n', "utf-8")
        for output in ([], ["-o", "out.jsonl"]):
            assert (
                "news.jsonl: pier: line 1: no column"
                in invoke("extract", "news.jsonl", "--id-field", "id", *output).stderr
            )

    @pytest.mark.parametrize("flag", ["--version", "-V"])
    def test_version(self, invoke: Callable[..., Result], flag: str) -> None:
        assert invoke(flag).stdout == f"quotekit {quotekit.__version__}\n"

    @pytest.mark.parametrize(
        "command",
        [
            [],
            ["extract"],
            ["report"],
            ["group"],
            ["speakers"],
            ["explain"],
            ["rules"],
            ["rules", "new"],
            ["rules", "freeze"],
        ],
        ids=" ".join,
    )
    def test_help_names_no_python_types(self, invoke: Callable[..., Result], command: list[str]) -> None:
        result = invoke(*command, "--help", env={"COLUMNS": "200"})
        assert result.exit_code == 0
        assert re.findall(r"<\w+[^ /]*>", re.sub(r"</?(source|cue|content)>", "", result.stdout)) == []


class TestUnexpectedErrors:
    @pytest.fixture
    def fails(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        def fail(*args: Any, **more: Any) -> Any:
            raise RuntimeError("the\nunforeseen")

        monkeypatch.setattr("quotekit.cli.extract.check_articles", fail)
        monkeypatch.chdir(tmp_path)
        write("a.txt")

    @pytest.mark.usefixtures("fails")
    @pytest.mark.parametrize("debug", [False, True])
    def test_only_debug_shows_a_traceback(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], debug: bool
    ) -> None:
        monkeypatch.setattr(sys, "argv", ["quotekit", "extract", "a.txt", *["--debug"] * debug])
        with pytest.raises(SystemExit) as end:
            cli.main()
        assert end.value.code == 3
        *before, line = capsys.readouterr().err.splitlines()
        assert line.startswith("quotekit: internal error: RuntimeError: the unforeseen.")
        assert ("--debug" in line) != debug
        assert bool(before) == debug

    def test_debug_shows_the_traceback_of_an_error_with_a_message(
        self, invoke: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write("a.txt", "!model")
        result = invoke("extract", "a.txt", "--debug")
        assert result.exit_code == 3
        assert "Traceback" in result.stderr
        assert result.stderr.endswith("quotekit: no model; run this\n")


class TestWhatIsRead:
    def test_a_folder_is_read_in_order_without_what_is_hidden(self, invoke: Callable[..., Result]) -> None:
        for name in ("b.txt", "a.MD", "z/c.txt", "m/d.md", ".hidden.txt", ".git/e.txt", "page.pdf"):
            write(f"news/{name}")
        result = invoke("extract", "news")
        assert result.exit_code == 0
        assert ids(result) == [
            os.path.join("news", *name.split("/")) for name in ("a.MD", "b.txt", "m/d.md", "z/c.txt")
        ]

    def test_a_file_that_is_named_may_have_any_ending(self, invoke: Callable[..., Result]) -> None:
        write("story.article")
        write(".hidden")
        assert ids(invoke("extract", "story.article", ".hidden")) == ["story.article", ".hidden"]

    def test_each_article_is_read_once(self, invoke: Callable[..., Result]) -> None:
        write("news/a.txt")
        write("news/b.txt")
        result = invoke("extract", "news/b.txt", "news", "./news/a.txt")
        assert ids(result) == ["news/b.txt", os.path.join("news", "a.txt")]

    @needs_links
    def test_links_in_a_folder_are_not_followed(self, invoke: Callable[..., Result]) -> None:
        write("news/a.txt")
        write("other/b.txt")
        os.symlink(Path("other/b.txt").resolve(), "news/b.txt")
        os.symlink(Path("other").resolve(), "news/other")
        os.symlink(Path("news").resolve(), "news/again")
        assert ids(invoke("extract", "news")) == [os.path.join("news", "a.txt")]
        assert ids(invoke("extract", "news/b.txt")) == ["news/b.txt"]

    def test_standard_input(self, invoke: Callable[..., Result]) -> None:
        write("a.txt")
        result = invoke("extract", "-", "a.txt", "-", input="Snow fell.")
        assert ids(result) == ["-", "a.txt"]
        assert json.loads(result.stdout.splitlines()[0])["quotes"][0]["text"] == "Snow fell."

    def test_offsets_count_characters_after_the_byte_order_mark_with_line_ends_as_they_are(
        self, invoke: Callable[..., Result]
    ) -> None:
        write("a.txt", b"\xef\xbb\xbfOne.\r\nTw\xc3\xb6.")
        quote = json.loads(invoke("extract", "a.txt").stdout)["quotes"][0]
        with open("a.txt", encoding="utf-8-sig", newline="") as file:
            text = file.read()
        assert text == "One.\r\nTwö."
        assert [(part["start"], part["end"], part["text"]) for part in quote["content"]] == [(0, len(text), text)]


class TestWhatCannotBeRead:
    def test_the_others_go_on(self, invoke: Callable[..., Result]) -> None:
        write("bad.txt", BINARY)
        write("good.txt")
        result = invoke("extract", "bad.txt", "missing.txt", "good.txt", "-o", "out.jsonl")
        assert result.exit_code == 1
        missing, bad, summary = result.stderr.splitlines()
        assert bad == "quotekit: bad.txt: not a text file. Name text files only."
        assert missing.startswith("quotekit: missing.txt: no such file or folder. Check the spelling")
        assert timeless(summary) == "1 article · 1 quote (1 indirect) · TIME · 2 not read: out.errors.jsonl → out.jsonl"
        assert ids(Path("out.jsonl").read_text("utf-8")) == ["good.txt"]
        told = [json.loads(line) for line in Path("out.errors.jsonl").read_text("utf-8").splitlines()]
        assert [error["path"] for error in told] == ["missing.txt", "bad.txt"]
        assert [bad, missing] == [f"quotekit: {error['path']}: {error['reason']}" for error in reversed(told)]

    def test_it_says_so_when_quiet_too(self, invoke: Callable[..., Result]) -> None:
        write("bad.txt", BINARY)
        result = invoke("extract", "bad.txt", "-q", "-o", "out.jsonl")
        assert result.exit_code == 1
        assert len(result.stderr.splitlines()) == 1
        assert Path("out.jsonl").read_bytes() == b""

    def test_an_empty_folder(self, invoke: Callable[..., Result]) -> None:
        write("pages/a.pdf")
        result = invoke("extract", "pages")
        assert (result.exit_code, result.stdout) == (1, "")
        assert (
            "pages: no .txt, .md, .html, .htm, .json, .jsonl, .ndjson, .csv, .tsv or .parquet file in this folder"
            in result.stderr
        )

    @pytest.mark.parametrize(
        ("error", "reason"),
        [
            (PermissionError(13, "Permission denied"), "no permission to read it"),
            (OSError(5, "Input/output error"), "input/output error"),
        ],
    )
    def test_a_file_that_does_not_open(
        self, invoke: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, error: OSError, reason: str
    ) -> None:
        write("a.txt")

        def fail(*args: Any, **more: Any) -> Any:
            raise error

        monkeypatch.setattr("quotekit.batch.reading.opening.open", fail, raising=False)
        result = invoke("extract", "a.txt")
        assert result.exit_code == 1
        assert result.stderr.startswith(f"quotekit: a.txt: {reason}. Check ")

    def test_a_folder_that_cannot_be_listed(
        self, invoke: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        Path("news").mkdir()

        def fail(folder: str) -> Any:
            raise PermissionError(13, "Permission denied", folder)

        monkeypatch.setattr("quotekit.batch.reading.finding.os.scandir", fail)
        result = invoke("extract", "news")
        assert result.exit_code == 1
        assert result.stderr.splitlines() == [
            "quotekit: news: no permission to read it. Check its permissions, for example with ls -l."
        ]

    @needs_posix
    def test_names_that_are_not_text(self, invoke: Callable[..., Result]) -> None:
        Path("news").mkdir()
        Path("news", os.fsdecode(b"caf\xe9\x1b[2J.txt")).write_text("It rained.", "utf-8")
        result = invoke("extract", "news")
        assert result.exit_code == 0
        result.stdout_bytes.decode("utf-8", "strict")
        assert ids(result) == ["news/caf\udce9\x1b[2J.txt"]
        table = invoke("extract", "news", "--format", "table")
        assert table.exit_code == 0
        assert "\x1b" not in table.stdout


class TestUsage:
    @pytest.mark.parametrize(
        ("args", "message"),
        [
            (["nowhere"], "'nowhere' does not exist. Check the spelling"),
            (["nowhere", "neither"], "none of these 2 paths exist"),
            (["a.txt", "-o", "folder"], "'folder' is a folder; name a file in it."),
            (["a.txt", "-o", "quotes.xlsx"], "the ending of its name must be .jsonl"),
            (["a.txt", "-o", "quotes.csv", "--format", "jsonl"], "as --format jsonl needs"),
            (["a.txt", "-o", "quotes.jsonl.csv", "--format", "jsonl"], "as --format jsonl needs"),
            (["a.txt", "-o", "a.txt", "--format", "table"], "'a.txt' is one of the inputs"),
            (["a.jsonl", "-o", "a.jsonl"], "'a.jsonl' is one of the inputs"),
            (["a.jsonl", "-o", "b.jsonl", "--errors", "a.jsonl"], "'a.jsonl' is one of the inputs"),
            (["a.txt", "-o", "b.jsonl", "--errors", "b.jsonl"], "'b.jsonl' is used by the run itself"),
            (["a.txt", "-o", "b.jsonl", "--errors", "b.jsonl.part"], "'b.jsonl.part' is used by the run itself"),
            (["a.txt", "-o", "b.jsonl", "--errors", "a.jsonl"], "exists and is not a list of errors"),
            (["a.txt", "-o", "b.jsonl", "--errors", "."], "'.' is a folder; name a file in it"),
            (["a.txt", "-o", "b.jsonl", "--errors", "no/e.jsonl"], "there is no folder"),
            (["a.txt", "-o", "a.jsonl", "--resume", "--restart"], "not valid with --resume"),
            (["a.txt", "--resume"], "only valid with -o FILE (not with --format table)"),
            (
                ["a.txt", "--restart", "-o", "a.txt", "--format", "table"],
                "only valid with -o FILE (not with --format table)",
            ),
            (["a.txt", "--errors", "errors.jsonl"], "only valid with -o FILE (not with --format table)"),
            (["a.txt", "--without", "en.clauze"], "did you mean 'en.clause'?"),
            (["a.txt", "--min-confidence", "2"], "--min-confidence"),
            (["a.txt", "--min-confidence", "nan"], "'--min-confidence': "),
            (["a.txt", "--time-limit", "nan"], "'--time-limit': "),
            (["a.txt", "--workers", "0"], "--workers"),
            (["a.txt", "--format", "xml"], "--format"),
            ([], "PATH"),
        ],
    )
    def test_wrong_use_is_told_and_changes_nothing(
        self, invoke: Callable[..., Result], args: list[str], message: str
    ) -> None:
        article, other = write("a.txt"), write("a.jsonl")
        Path("folder").mkdir()
        result = invoke("extract", *args)
        assert result.exit_code == 2
        assert message in flat(result.stderr)
        assert article.read_text("utf-8") == other.read_text("utf-8") == "It rained."
        assert sorted(os.listdir()) == ["a.jsonl", "a.txt", "folder"]

    @pytest.mark.parametrize("command", ["extract", "speakers"])
    @pytest.mark.parametrize("ending", ["csv", "parquet"])
    def test_a_table_of_quotes_is_not_read_as_articles(
        self, invoke: Callable[..., Result], command: str, ending: str
    ) -> None:
        writing.write(lambda: [Article("a.txt", [a_quote("It rained.")])], Path(f"quotes.{ending}"))
        result = invoke(command, f"quotes.{ending}")
        assert result.exit_code == 2
        assert f"'quotes.{ending}' is an output of quotekit extract" in flat(result.stderr)

    def test_nan_is_within_no_bounds(self) -> None:
        # Some versions of what reads the options refuse it by themselves.
        assert (a_number(None), a_number(0.5)) == (None, 0.5)
        with pytest.raises(typer.BadParameter, match="must be a number, not nan"):
            a_number(float("nan"))

    @pytest.mark.parametrize("output", ["Q.JSONL", "q.Jsonl.GZ"])
    def test_endings_in_capitals_say_the_same(self, invoke: Callable[..., Result], output: str) -> None:
        write("a.txt")
        assert invoke("extract", "a.txt", "-o", output, "--format", "jsonl").exit_code == 0
        assert len(list(read_stored(output))) == 1

    def test_a_run_s_own_files_are_no_inputs_even_if_they_are_named(
        self, invoke: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write("a.txt"), write("b.txt", "")
        run = ("extract", "a.txt", "b.txt", "gone.txt", "-o", "q.jsonl")

        def full(*args: Any, **more: Any) -> None:
            raise outputs.OutputError("cannot write: no room.")

        with monkeypatch.context() as patch:
            patch.setattr(job, "write", full)
            assert invoke(*run).exit_code == 3
        Path("q.jsonl.lock").touch()
        own = ("q.errors.jsonl", "q.jsonl.lock", "q.jsonl.part")
        assert set(own) <= set(os.listdir())
        # As a shell has it with *.
        assert invoke(*run, *own, "--resume").exit_code == 1
        assert len(list(read_stored("q.jsonl"))) == 2
        assert invoke(*run, "q.errors.jsonl").exit_code == 1
        assert "'q.jsonl' is one of the inputs" in flat(invoke(*run, "q.jsonl").stderr)

    def test_a_list_of_errors_replaces_the_one_before(self, invoke: Callable[..., Result]) -> None:
        write("a.txt")
        run = ("extract", "a.txt", "b.txt", "-o", "out.jsonl", "--errors", "errors.jsonl")
        assert [invoke(*run).exit_code, invoke(*run).exit_code] == [1, 1]
        assert len(Path("errors.jsonl").read_text("utf-8").splitlines()) == 1
        write("b.txt")
        assert invoke(*run).exit_code == 0
        assert not Path("errors.jsonl").exists()

    def test_a_setting_that_the_extractor_refuses(
        self, invoke: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(**settings: Any) -> None:
            raise ValueError("min_confidence must be between 0 and 1, not that")

        monkeypatch.setattr("quotekit.extractor.Extractor", refuse)
        write("a.txt")
        result = invoke("extract", "a.txt", "--min-confidence", "0.5")
        assert result.exit_code == 2
        assert "between 0 and 1" in flat(result.stderr)

    def test_options_reach_the_extractor(self, invoke: Callable[..., Result]) -> None:
        write("a.txt")
        options = ["--attitudes", "--min-confidence", "0.5", "--no-encoder", "--no-resolve", "--model", "mine"]
        options += ["--workers", "3"]
        result = invoke("extract", "a.txt", *options, "--without", "en.clause", "--without", "en.according-to")
        assert result.exit_code == 0
        rules = StubExtractor.settings.pop("rules")
        assert StubExtractor.settings == {
            "encoder": False,
            "resolve": False,
            "attitudes": True,
            "min_confidence": 0.5,
            "model": "mine",
            "known_speakers": None,
        }
        assert StubExtractor.processes == 3
        assert not {"en.clause", "en.according-to"} & {rule.id for rule in rules}

    def test_defaults_are_those_of_the_extractor(self, invoke: Callable[..., Result]) -> None:
        write("a.txt")
        invoke("extract", "a.txt")
        assert StubExtractor.settings.pop("rules") is not None
        assert StubExtractor.settings == {
            "encoder": True,
            "resolve": True,
            "attitudes": False,
            "min_confidence": 0.0,
            "model": None,
            "known_speakers": None,
        }
        assert StubExtractor.day is None


class TestWhatIsWritten:
    def test_json_lines_hold_whole_quotes(self, invoke: Callable[..., Result]) -> None:
        write("a.txt", "It rained.")
        write("b.txt", "")
        result = invoke("extract", "a.txt", "b.txt")
        first, second = map(json.loads, result.stdout.splitlines())
        assert Quote.model_validate(first["quotes"][0]) == a_quote("It rained.")
        assert second == {"id": "b.txt", "quotes": []}
        assert result.stderr == ""

    def test_lone_surrogates_come_back_from_json(self) -> None:
        line = json_line(Article("a\ud800b\udcff", [a_quote("x\udfffy")]))
        assert json.loads(line.decode("utf-8", "strict"))["id"] == "a\ud800b\udcff"
        assert json.loads(line)["quotes"][0]["text"] == "x\udfffy"

    def test_a_file_is_replaced_whole_and_keeps_its_mode(self, invoke: Callable[..., Result]) -> None:
        write("a.txt")
        out = write("out.jsonl", "old")
        out.chmod(0o640)
        result = invoke("extract", "a.txt", "-o", "out.jsonl")
        assert result.exit_code == 0
        assert result.stdout == ""
        assert timeless(result.stderr) == "1 article · 1 quote (1 indirect) · TIME → out.jsonl\n"
        assert ids(out.read_text("utf-8")) == ["a.txt"]
        assert sorted(os.listdir()) == ["a.txt", "out.jsonl"]
        if sys.platform != "win32":
            assert stat.S_IMODE(out.stat().st_mode) == 0o640

    @needs_links
    def test_a_link_stays_one(self, invoke: Callable[..., Result]) -> None:
        write("a.txt")
        write("there/out.jsonl", "old")
        os.symlink("there/out.jsonl", "out.jsonl")
        assert invoke("extract", "a.txt", "-o", "out.jsonl").exit_code == 0
        assert Path("out.jsonl").is_symlink()
        assert ids(Path("there/out.jsonl").read_text("utf-8")) == ["a.txt"]
        assert os.listdir("there") == ["out.jsonl"]

    @needs_posix
    def test_a_device_is_written_to(self, invoke: Callable[..., Result]) -> None:
        write("a.txt")
        assert invoke("extract", "a.txt", "-o", os.devnull).exit_code == 0
        assert not Path(os.devnull).is_file()

    @pytest.mark.parametrize(
        ("text", "code", "told"),
        [
            ("!model", 3, "quotekit: no model; run this\n"),
            ("!encoder", 3, "quotekit: no weights; run that\n"),
            (
                "!stop",
                130,
                "quotekit: stopped: out.jsonl was not written; finished articles are kept in out.jsonl.part; ",
            ),
        ],
    )
    def test_a_run_that_breaks_off_leaves_the_old_file(
        self, invoke: Callable[..., Result], text: str, code: int, told: str
    ) -> None:
        write("a.txt")
        write("b.txt", text)
        out = write("out.jsonl", "old")
        result = invoke("extract", "a.txt", "b.txt", "-o", "out.jsonl")
        assert result.exit_code == code
        assert result.stderr.replace(f"{os.getcwd()}{os.sep}", "").startswith(told)
        assert out.read_text("utf-8") == "old"
        assert sorted(os.listdir()) == ["a.txt", "b.txt", "out.jsonl", "out.jsonl.part"]
        write("b.txt")
        assert invoke("extract", "a.txt", "b.txt", "-o", "out.jsonl", "--resume").exit_code == 0
        assert ids(out.read_text("utf-8")) == ["a.txt", "b.txt"]
        assert sorted(os.listdir()) == ["a.txt", "b.txt", "out.jsonl"]

    @pytest.mark.parametrize("text", ["!model", "!stop"])
    def test_a_run_that_has_done_nothing_leaves_nothing(self, invoke: Callable[..., Result], text: str) -> None:
        write("a.txt", text)
        assert invoke("extract", "a.txt", "-o", "out.jsonl").exit_code != 0
        assert os.listdir() == ["a.txt"]

    def test_an_article_that_costs_a_worker_its_life_is_an_error(self, invoke: Callable[..., Result]) -> None:
        write("a.txt")
        write("b.txt", "!lost")
        result = invoke("extract", "a.txt", "b.txt")
        assert (result.exit_code, ids(result)) == (1, ["a.txt"])
        assert result.stderr == "quotekit: b.txt: no workers; do that\n"

    def test_a_target_that_cannot_be_made(self, invoke: Callable[..., Result]) -> None:
        write("a.txt")
        result = invoke("extract", "a.txt", "-o", "nowhere/out.jsonl")
        assert result.exit_code == 3
        assert result.stderr.startswith("quotekit: cannot write nowhere")
        assert len(result.stderr.splitlines()) == 1

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
    def test_a_full_disk(self, invoke: Callable[..., Result]) -> None:
        write("a.txt")
        result = invoke("extract", "a.txt", "-o", "/dev/full")
        assert result.exit_code == 3
        assert result.stderr.startswith("quotekit: cannot write /dev/full: no space left on device.")

    def test_a_file_that_cannot_be_moved_into_place(
        self, invoke: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write("a.txt")

        def fail(path: Path, target: Path) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "replace", fail)
        result = invoke("extract", "a.txt", "-o", "out.jsonl")
        assert result.exit_code == 3
        assert "cannot write out.jsonl: permission denied" in result.stderr
        assert "with --resume goes on" in result.stderr
        assert sorted(os.listdir()) == ["a.txt", "out.jsonl.part"]

    def test_what_went_wrong_first_is_what_is_told(
        self, invoke: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class Full(outputs.Target):
            def write(self, data: bytes) -> None:
                self._stream.close()
                monkeypatch.setattr(self, "_stream", Unclosable())
                raise ModelError("first")

        class Unclosable:
            def close(self) -> None:
                raise OSError(28, "second")

        monkeypatch.setattr(extract, "Target", Full)
        write("a.txt")
        assert invoke("extract", "a.txt", "-o", "out.txt", "--format", "table").stderr == "quotekit: first\n"
        assert os.listdir() == ["a.txt"]


class TestTables:
    def test_a_table_on_a_terminal(self, invoke: Callable[..., Result], on_terminal: None) -> None:
        write("a.txt")
        result = invoke("extract", "a.txt")
        assert result.exit_code == 0
        assert "\x1b[1ma.txt" in result.stdout
        assert "It rained." in result.stdout
        assert "1 article · 1 quote (1 indirect)" in result.stderr

    def test_json_lines_on_a_terminal_when_asked_for(self, invoke: Callable[..., Result], on_terminal: None) -> None:
        write("a.txt")
        assert ids(invoke("extract", "a.txt", "--format", "jsonl")) == ["a.txt"]

    def test_a_table_in_a_file(self, invoke: Callable[..., Result], on_terminal: None) -> None:
        write("a.txt")
        write("b.txt", "")
        assert invoke("extract", "a.txt", "b.txt", "--format", "table", "-o", "out.txt").exit_code == 0
        lines = Path("out.txt").read_text("utf-8").splitlines()
        assert [lines[0], lines[-2]] == ["a.txt  1 quote", "b.txt  no quotes"]
        assert lines[2].split() == ["kind", "speaker", "verb", "quote", "conf."]
        assert lines[4].split() == ["indirect", "Ann", "Lee", "say", "It", "rained.", "0.88"]
        assert lines[5].strip() == "she"

    @staticmethod
    def rendered(quote: Quote, width: int) -> list[str]:
        console = Console(file=StringIO(), width=width)
        lines = tables.article_table("a.txt", [quote], console).decode().splitlines()
        assert max(map(len, lines)) <= width
        return [line.rstrip() for line in lines[2:] if line.strip()]

    def test_a_wide_one_has_a_column_for_the_source(self) -> None:
        header, _, row = self.rendered(a_quote("It rained."), tables.WIDE)
        assert header.split() == ["kind", "speaker", "source", "verb", "quote", "conf."]
        assert row.split() == ["indirect", "Ann", "Lee", "she", "say", "It", "rained.", "0.88"]

    @pytest.mark.parametrize("width", [80, tables.WIDE])
    def test_a_source_that_holds_the_name_is_not_repeated(self, width: int) -> None:
        source = TextSpan.of("Ann Lee, a baker,", (0, 17))
        assert "baker" not in "\n".join(self.rendered(a_quote("It rained.", source=source), width))

    @pytest.mark.parametrize("width", [80, tables.WIDE])
    def test_without_a_speaker_the_source_stands_for_it(self, width: int) -> None:
        assert "she" in self.rendered(a_quote("It rained.", speaker=None), width)[2].split()
        nobody = self.rendered(a_quote("It rained.", speaker=None, source=None, verb=None), width)
        assert nobody[2].split() == ["indirect", "unknown", "It", "rained.", "0.88"]

    @pytest.mark.parametrize("width", [20, 40, 80, 140])
    def test_all_words_are_shown_at_any_width(self, width: int) -> None:
        words = [f"word{i}" for i in range(60)]
        shown = tables.article_table(
            "a.txt", [a_quote(" ".join(words))], Console(file=StringIO(), width=width)
        ).decode()
        if width >= 80:
            assert [word for word in shown.split() if word.startswith("word")] == words
        assert max(map(len, shown.splitlines())) <= width

    @pytest.mark.parametrize("width", [40, 50, 60, 70])
    def test_the_confidence_is_whole_on_a_narrow_terminal(self, width: int) -> None:
        speaker = Speaker(id="s1", name="Njeri Wambugu-Stone of the Harbor Board", kind="person")
        header, _, row, *_ = self.rendered(a_quote("It rained on the pier for days. " * 9, speaker=speaker), width)
        assert header.split()[-1] == "conf."
        assert row.split()[-1] == "0.88"

    def test_a_known_speaker_has_the_id_behind_the_name(self) -> None:
        known = Speaker(id="s1", name="Ann Lee", kind="person", known_id="Q1")
        assert "Ann Lee Q1" in self.rendered(a_quote("It rained.", speaker=known), 140)[2]

    def test_attitudes_and_inner_quotes_are_marked(self) -> None:
        lines = self.rendered(a_quote("It rained.", act="attitude", parent="q0"), 80)
        assert "↳ It rained." in lines[2]
        assert lines[3].split()[0] == "attitude"

    def test_nothing_in_a_text_commands_the_terminal_or_is_read_as_markup(self) -> None:
        text = "[bold]red[/bold] \x1b[31mpaint\x9b2J\x07"
        line = self.rendered(a_quote(text), 140)[2]
        assert "[bold]red[/bold] �[31mpaint�2J�" in line

    def test_a_terminal_that_cannot_show_a_character(self) -> None:
        class Latin(StringIO):
            encoding = "latin-1"

        rendered = tables.article_table("a.txt", [a_quote("“Café”")], Console(file=Latin(), width=80))
        assert "?Café?" in rendered.decode("latin-1")


class TestProgress:
    @pytest.fixture
    def screen(self, monkeypatch: pytest.MonkeyPatch) -> StringIO:
        file = StringIO()
        monkeypatch.setattr(progress, "Console", lambda **more: Console(file=file, force_terminal=True, width=80))
        return file

    def test_more_than_one_article_shows_how_far_it_is(self, invoke: Callable[..., Result], screen: StringIO) -> None:
        write("a.txt")
        write("b.txt")
        result = invoke("extract", "a.txt", "b.txt")
        assert ids(result) == ["a.txt", "b.txt"]
        assert "2/2" in screen.getvalue()

    @pytest.mark.parametrize("args", [["a.txt"], ["a.txt", "b.txt", "-q"]])
    def test_one_article_or_quiet_shows_none(
        self, invoke: Callable[..., Result], screen: StringIO, args: list[str]
    ) -> None:
        write("a.txt")
        write("b.txt")
        assert invoke("extract", *args).exit_code == 0
        assert screen.getvalue() == ""

    def test_one_who_is_to_type_is_told(
        self, invoke: Callable[..., Result], screen: StringIO, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class Keyboard:
            stdin = type("Terminal", (), {"isatty": lambda self: True})()

        monkeypatch.setattr(run, "sys", Keyboard)
        assert invoke("extract", "-", input="It rained.").exit_code == 0
        assert "Ctrl-D" in screen.getvalue()


class TestKnownSpeakers:
    KNOWN = '{"id": "Q1", "names": ["Ann Lee"]}\n'

    def test_the_list_and_the_day_reach_the_extractor(self, invoke: Callable[..., Result]) -> None:
        write("a.txt")
        write("known.jsonl", self.KNOWN)
        result = invoke("extract", "a.txt", "--known-speakers", "known.jsonl", "--date", "2015-09-18")
        assert (result.exit_code, result.stderr) == (0, "")
        assert [known.id for known in StubExtractor.settings["known_speakers"]] == ["Q1"]
        assert StubExtractor.day == date(2015, 9, 18)

    @pytest.mark.parametrize("command", ["extract", "speakers"])
    def test_a_list_that_is_not_valid_is_one_line(self, invoke: Callable[..., Result], command: str) -> None:
        write("a.txt")
        write("known.csv", "id,names\nQ1,\n")
        result = invoke(command, "a.txt", "--known-speakers", "known.csv", "-o", "out.jsonl")
        assert result.exit_code == 3
        assert result.stderr.startswith("quotekit: known.csv, line 2, field 'names': must be one name or more")
        assert len(result.stderr.splitlines()) == 1
        assert not Path("out.jsonl").exists()

    def test_a_list_without_ids_is_told(self, invoke: Callable[..., Result]) -> None:
        write("a.txt")
        write("known.csv", "id,names\n,Ann Lee\n")
        result = invoke("extract", "a.txt", "--known-speakers", "known.csv")
        assert result.exit_code == 0
        assert result.stderr.startswith("quotekit: known.csv: no line has an id, so nobody is known.")
        assert invoke("extract", "a.txt", "--known-speakers", "known.csv", "-q").stderr == ""

    @pytest.mark.parametrize(
        ("args", "message"),
        [
            (["--date", "2015-09-18"], "only valid with --known-speakers"),
            (["--known-speakers", "known.jsonl", "--date", "18.9.2015"], "YYYY-MM-DD"),
            (["--known-speakers", "known.jsonl", "--no-resolve"], "not valid with --no-resolve"),
            (["--known-speakers", "known.jsonl", "-o", "known.jsonl"], "'known.jsonl' is one of the inputs"),
        ],
    )
    def test_wrong_use(self, invoke: Callable[..., Result], args: list[str], message: str) -> None:
        write("a.txt")
        known = write("known.jsonl", self.KNOWN)
        result = invoke("extract", "a.txt", *args)
        assert result.exit_code == 2
        assert message in flat(result.stderr)
        assert known.read_text("utf-8") == self.KNOWN


class TestSpeakers:
    def test_they_are_counted_across_articles(self, invoke: Callable[..., Result]) -> None:
        for name in ("a", "b", "c"):
            write(f"news/{name}.txt")
        write("news/d.txt", "")
        result = invoke("speakers", "news")
        assert (result.exit_code, result.stderr) == (0, "")
        (record,) = map(json.loads, result.stdout.splitlines())
        assert record == {
            "id": "",
            "names": ["Ann Lee"],
            "roles": [],
            "country": None,
            "from": None,
            "until": None,
            "quotes": 3,
            "articles": 3,
            "kind": "person",
        }

    @pytest.mark.parametrize("name", ["speakers.csv", "speakers.CSV", "speakers.jsonl", "speakers.ndjson"])
    def test_the_file_becomes_a_list_once_it_has_ids(self, invoke: Callable[..., Result], name: str) -> None:
        write("a.txt")
        result = invoke("speakers", "a.txt", "-o", name)
        assert result.stderr == f"1 article · 1 quote (1 indirect) · 1 speaker → {name}\n"
        text = Path(name).read_text("utf-8")
        edited = text.replace('"id": ""', '"id": "Q1"') if "json" in name else text.replace("\n,", "\nQ1,")
        Path(name).write_text(edited, "utf-8")
        assert invoke("extract", "a.txt", "--known-speakers", name).exit_code == 0
        assert [(known.id, known.names) for known in StubExtractor.settings["known_speakers"]] == [("Q1", ("Ann Lee",))]

    def test_a_table_on_a_terminal(self, invoke: Callable[..., Result], on_terminal: None) -> None:
        write("a.txt")
        result = invoke("speakers", "a.txt")
        assert "\x1b[1mAnn Lee" in result.stdout
        assert "1 article · 1 quote (1 indirect) · 1 speaker" in result.stderr

    def test_a_table_elsewhere_when_asked_for(self, invoke: Callable[..., Result]) -> None:
        write("a.txt")
        invoke("speakers", "a.txt", "--format", "table", "-o", "out.txt", "-q")
        header, _, row = Path("out.txt").read_text("utf-8").splitlines()
        assert header.split() == ["speaker", "kind", "role", "country", "quotes", "articles"]
        assert row.split() == ["Ann", "Lee", "person", "1", "1"]

    def test_a_table_of_nobody_is_empty(self, invoke: Callable[..., Result]) -> None:
        write("a.txt")
        result = invoke("speakers", "a.txt", "--format", "table", "--kind", "group")
        assert (result.exit_code, result.stdout) == (0, "")
        assert result.stderr == "1 article · 1 quote (1 indirect) · no speakers\n"

    def test_a_table_with_ids_and_all_that_is_known(self) -> None:
        row = Row("Q1", ("Ann\nLee",), ("Mayor",), "EE", 1200, 3, "person")
        table = tables.speaker_table([row], Console(file=StringIO(), width=80)).decode()
        header, _, line = table.splitlines()
        assert header.split()[0] == "id"
        assert line.split() == ["Q1", "Ann", "Lee", "person", "Mayor", "EE", "1,200", "3"]

    @pytest.mark.parametrize("width", [54, 60, tables.NARROW, 80])
    def test_the_counts_of_a_roster_are_whole_on_a_narrow_terminal(self, width: int) -> None:
        row = Row(None, ("Njeri Wambugu-Stone",), ("Minister of Harbors and Piers",), "KE", 1200, 3, "organization")
        header, _, line, *_ = tables.speaker_table([row], Console(file=StringIO(), width=width)).decode().splitlines()
        assert header.split()[-2:] == ["quotes", "articles"]
        assert line.split()[-2:] == ["1,200", "3"]

    def test_kinds_and_counts_are_chosen(self, invoke: Callable[..., Result]) -> None:
        write("a.txt")
        assert invoke("speakers", "a.txt", "--min-quotes", "2").stdout == ""
        assert invoke("speakers", "a.txt", "--kind", "group", "--kind", "document").stdout == ""
        assert invoke("speakers", "a.txt", "--kind", "group", "--kind", "person").stdout != ""

    def test_the_others_go_on(self, invoke: Callable[..., Result]) -> None:
        write("bad.txt", BINARY)
        write("good.txt")
        result = invoke("speakers", "bad.txt", "good.txt")
        assert result.exit_code == 1
        assert result.stderr.startswith("quotekit: bad.txt: not a text file.")
        assert json.loads(result.stdout)["articles"] == 1

    @pytest.mark.parametrize(("text", "code"), [("!model", 3), ("!stop", 130)])
    def test_a_run_that_breaks_off_leaves_the_old_file(
        self, invoke: Callable[..., Result], text: str, code: int
    ) -> None:
        write("a.txt", text)
        out = write("out.csv", "old")
        assert invoke("speakers", "a.txt", "-o", "out.csv").exit_code == code
        assert out.read_text("utf-8") == "old"

    @pytest.mark.parametrize(
        ("args", "message"),
        [
            (["-o", "speakers.xlsx"], "a .xlsx file cannot hold JSON Lines"),
            (["-o", "speakers.csv", "--format", "jsonl"], "a .csv file cannot hold JSON Lines"),
            (["-o", "speakers.jsonl", "--format", "csv"], "a .jsonl file cannot hold CSV"),
            (["-o", "speakers.csv", "--format", "table"], "a .csv file cannot hold a table"),
            (["--kind", "bird"], "--kind"),
            (["--min-quotes", "0"], "--min-quotes"),
            (["--without", "en.clauze"], "did you mean 'en.clause'?"),
            (["-o", "a.txt", "--format", "table"], "'a.txt' is one of the inputs"),
        ],
    )
    def test_wrong_use(self, invoke: Callable[..., Result], args: list[str], message: str) -> None:
        article = write("a.txt")
        result = invoke("speakers", "a.txt", *args)
        assert result.exit_code == 2
        assert message in flat(result.stderr)
        assert article.read_text("utf-8") == "It rained."
        assert os.listdir() == ["a.txt"]

    def test_options_reach_the_extractor(self, invoke: Callable[..., Result]) -> None:
        write("a.txt")
        options = ["--attitudes", "--min-confidence", "0.5", "--no-encoder", "--model", "mine", "--workers", "3"]
        assert invoke("speakers", "a.txt", *options, "--without", "en.clause").exit_code == 0
        assert "en.clause" not in {rule.id for rule in StubExtractor.settings.pop("rules")}
        assert StubExtractor.settings == {
            "encoder": False,
            "resolve": True,
            "attitudes": True,
            "min_confidence": 0.5,
            "model": "mine",
            "known_speakers": None,
        }
        assert StubExtractor.processes == 3


class TestReaderGone:
    def test_it_ends_without_a_word(self, invoke: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
        class Stream:
            def write(self, data: bytes) -> None:
                raise BrokenPipeError

        class Broken(outputs.Target):
            def __init__(self, path: Path | None) -> None:
                super().__init__(path)
                self._stream = Stream()  # type: ignore[assignment]

        monkeypatch.setattr(extract, "Target", Broken)
        write("a.txt")
        result = invoke("extract", "a.txt")
        assert (result.exit_code, result.output) == (141, "")


@pytest.mark.model
class TestForReal:
    @staticmethod
    def command(*args: str, **more: Any) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-m", "quotekit", *args], stderr=subprocess.PIPE, **more)

    @pytest.mark.slow
    def test_stories_with_one_worker_and_two(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(STORIES.parent)
        runner = CliRunner()
        stories = sorted(str(path.relative_to(STORIES.parent)) for path in STORIES.glob("*.txt"))[:3]
        one, two = str(tmp_path / "1.jsonl"), str(tmp_path / "2.jsonl")
        assert runner.invoke(cli.app, ["extract", *stories, "-o", one]).exit_code == 0
        assert runner.invoke(cli.app, ["extract", *stories, "-o", two, "--workers", "2"]).exit_code == 0
        assert Path(one).read_bytes() == Path(two).read_bytes()
        for line in Path(one).read_text("utf-8").splitlines():
            record = json.loads(line)
            text = Path(record["id"]).read_bytes().decode("utf-8")
            quotes = [Quote.model_validate(quote) for quote in record["quotes"]]
            assert quotes
            assert all(text[s.start : s.end] == s.text for quote in quotes for s in quote.content)

    def test_a_missing_model_is_one_line(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text("It rained.", "utf-8")
        result = CliRunner().invoke(cli.app, ["extract", str(tmp_path), "--model", "no_such_model"])
        assert result.exit_code == 3
        assert len(result.stderr.splitlines()) == 1
        assert "python -m pip install" in result.stderr

    @needs_posix
    def test_a_reader_who_leaves_sees_no_traceback(self) -> None:
        process = self.command("extract", str(STORIES), stdout=subprocess.PIPE)
        assert process.stdout is not None
        assert process.stdout.readline().startswith(b'{"id": ')
        process.stdout.close()
        assert process.stderr is not None
        errors = process.stderr.read()
        process.stderr.close()
        assert (process.wait(60), errors) == (141, b"")

    @needs_posix
    def test_a_list_that_is_told_to_stop_leaves_no_file(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text("It rained, Ann Lee said. " * 20_000, "utf-8")
        out = tmp_path / "speakers.csv"
        process = self.command("speakers", str(tmp_path), "-o", str(out), "--no-encoder")
        deadline = time.monotonic() + 60
        while len(os.listdir(tmp_path)) < 2:
            assert time.monotonic() < deadline, "the run has not begun within a minute"
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=60)
        assert (process.returncode, errors.decode()) == (143, f"quotekit: stopped: {out} was not written\n")
        assert os.listdir(tmp_path) == ["a.txt"]

    @needs_posix
    @pytest.mark.slow
    def test_ctrl_c_leaves_no_file_and_no_traceback_and_one_can_go_on(self, tmp_path: Path) -> None:
        texts = {f"{i:03}.txt": f"It rained for {i} days, Ann Lee said. " * 10 for i in range(60)}
        for name, text in texts.items():
            (tmp_path / name).write_text(text, "utf-8")
        out, part = tmp_path / "out.csv", tmp_path / "out.csv.part"
        options = ["extract", str(tmp_path), "-o", str(out), "--no-encoder", "--workers", "2"]
        process = self.command(*options)
        deadline = time.monotonic() + 60
        while not part.exists() or part.read_bytes().count(b"\n") < 2:
            assert time.monotonic() < deadline, "the run has not begun within a minute"
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 130
        kept = part.read_bytes().count(b"\n") - 1
        assert errors.decode() == (
            "\nquotekit: finishing the articles in hand; once more, and it stops at once\n"
            f"quotekit: stopped: {kept} done, kept in {part}. The same command with --resume goes on.\n"
        )
        assert sorted(os.listdir(tmp_path)) == [*texts, "out.csv.part"]
        again = CliRunner().invoke(cli.app, options)
        assert (again.exit_code, "--restart begins anew" in flat(again.stderr)) == (2, True)
        assert CliRunner().invoke(cli.app, [*options, "--resume"]).exit_code == 0
        assert sorted(os.listdir(tmp_path)) == [*texts, "out.csv"]
        assert [result.id for result in read_stored(out)] == [str(tmp_path / name) for name in texts]
