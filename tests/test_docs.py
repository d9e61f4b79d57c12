"""The examples of README.md and docs/ do what the pages say, and the pages are complete."""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from typer.main import get_command

from quotekit import Extractor, Quote, Rule, RuleSet, Speaker
from quotekit.cli.commands import app

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]
TARGET = re.compile(r"\[[^\]\n]*\]\(([^()\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def page_id(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def load(name: str) -> ModuleType:
    """Import a module of docs/, which is not a package."""
    spec = importlib.util.spec_from_file_location(f"docs_{name}", DOCS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


examples = load("examples")
all_rules = load("all_rules")


@pytest.mark.model
@pytest.mark.parametrize("path", PAGES, ids=page_id)
def test_examples_print_what_pages_show(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    page = path.read_text(encoding="utf-8")
    assert page == examples.refreshed(page), (
        "the page shows something else: run python docs/examples.py and read what changed"
    )


def test_runner_updates_an_output() -> None:
    page = "```python\n>>> 1 + 1\n3\n```\n"
    assert examples.refreshed(page) == "```python\n>>> 1 + 1\n2\n```\n"


def test_runner_shows_expected_errors_and_empty_lines() -> None:
    page = (
        '```python\n>>> print("a\\n\\nb")\n>>> [][0]\nTraceback (most recent call last):\n  ...\nIndexError: {}\n```\n'
    )
    shown = page.replace(">>> [][0]", "a\n<BLANKLINE>\nb\n>>> [][0]").format("list index out of range")
    assert examples.refreshed(page.format("out of range")) == shown


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ("python\n>>> [][0]\n", "shows no exception and raises IndexError"),
        ("python\n>>> check()\n", "shows no exception and raises NameError"),
        (
            "python\n>>> 1\nTraceback (most recent call last):\n  ...\nIndexError: …\n",
            "shows IndexError and raises none",
        ),
        (
            "python\n>>> [][0]\nTraceback (most recent call last):\n  ...\nKeyError: 0\n",
            "KeyError and raises IndexError",
        ),
        ("console\n$ quotekit extract no-such-file.txt\n", "exit code 2"),
    ],
)
def test_runner_refuses_to_update_an_example_that_fails(block: str, message: str) -> None:
    with pytest.raises(examples.ExampleError, match=message):
        examples.refreshed(f"```{block}```\n")


def test_runner_raises_what_a_program_raises() -> None:
    with pytest.raises(ZeroDivisionError):
        examples.refreshed("```python\n1 / 0\n```\n")
    with pytest.raises(ValueError, match="only quotekit is run"):
        examples.refreshed("```console\n$ ls\n```\n")


MOST_LINES = 160
"""Length of the README, in lines, at most."""


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= MOST_LINES


def test_every_page_has_an_example_that_runs() -> None:
    # The gallery has none, the tutorial is run by a test of its own, and runs and benchmarks take too long.
    exempt = {"gallery.md", "tutorial.md", "batch.md", "benchmarks.md"}
    without = {path.name for path in PAGES if not examples.BLOCK.search(path.read_text(encoding="utf-8"))}
    assert without == exempt


SHELL = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def shell_commands(path: Path) -> list[list[str]]:
    """The words of each ``quotekit`` command in the page's ``sh`` blocks, up to a pipe or ``&&``."""
    lines = [line for block in SHELL.findall(path.read_text(encoding="utf-8")) for line in block.splitlines()]
    ends = re.compile(r" (?:\||&&|>) ")
    parts = [part for line in lines for part in ends.split(line.partition("  #")[0].removeprefix("$ "))]
    return [shlex.split(part)[1:] for part in parts if part.startswith("quotekit ")]


@pytest.mark.parametrize("path", PAGES, ids=page_id)
def test_shell_commands_use_known_options(path: Path) -> None:
    for words in shell_commands(path):
        command: Any = get_command(app)
        while words and words[0] in getattr(command, "commands", {}):
            command = command.commands[words.pop(0)]
        known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
        used = {word for word in words if re.fullmatch(r"--?[a-z][\w-]*", word)}
        assert used <= known | {"--help"}, f"{command.name}: {sorted(used - known)}"


INSTALL_BY_NAME = re.compile(r"\b(?:pip|pipx|uv)\d?\b[^\n`&;|]*\binstall\b[^\n`&;|]*[ '\"]quotekit(?:-nlp)?(?![\w-])")


def test_nothing_says_to_install_quotekit_by_name() -> None:
    # On the package index the name quotekit belongs to another tool, and quotekit-nlp is not published.
    suffixes = {".py", ".md", ".toml", ".json", ".j2", ".html", ".jinja", ".yml"}
    files = [path for path in (ROOT / "src").rglob("*") if path.suffix in suffixes]
    files += [*DOCS.glob("*.md"), *DOCS.glob("*.py"), *ROOT.glob("*.md"), *ROOT.glob("*/README.md")]
    told = [page_id(path) for path in files if INSTALL_BY_NAME.search(path.read_text(encoding="utf-8"))]
    assert told == []
    assert INSTALL_BY_NAME.search("python -m pip install 'quotekit-nlp[parquet]'")
    assert INSTALL_BY_NAME.search("pip install --force-reinstall quotekit")
    assert not INSTALL_BY_NAME.search("python -m pip install . && quotekit extract data/stories")
    assert not INSTALL_BY_NAME.search("python -m pip install dist/quotekit_nlp-0.2.0-py3-none-any.whl")


def slug(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-")


@pytest.mark.parametrize("path", PAGES, ids=page_id)
def test_links_have_targets(path: Path) -> None:
    text = FENCED.sub("", path.read_text(encoding="utf-8"))
    for target in TARGET.findall(text):
        if re.match(r"https?://", target):
            continue
        name, _, anchor = target.partition("#")
        file = path.parent / name if name else path
        assert file.exists(), f"{page_id(path)} links to {target}"
        # Anchors of the reference are made by mkdocstrings: the build looks at them.
        if anchor and not anchor.startswith("quotekit."):
            headings = {slug(heading) for heading in HEADING.findall(file.read_text(encoding="utf-8"))}
            assert anchor in headings, f"{page_id(path)} links to {target}"


NAMED_FILE = re.compile(r"`((?:[\w-]+/)*[\w-]+\.(?:py|json|toml)|(?:[\w-]+/)+)`(?: \(`(\w+)`)?")


def test_files_and_names_in_way_exist() -> None:
    package = ROOT / "src" / "quotekit"
    found = NAMED_FILE.findall((DOCS / "way.md").read_text(encoding="utf-8"))
    assert len(found) > 100
    for name, inside in found:
        path = package / name
        assert path.exists(), name
        if inside:
            defined = rf"\b(?:def|class) {inside}\b|\bself\.{inside} ="
            assert re.search(defined, path.read_text(encoding="utf-8")), f"{name}: {inside}"


def test_every_page_is_in_the_navigation() -> None:
    navigation = re.findall(r": ([\w-]+\.md)$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(navigation) == sorted(path.name for path in DOCS.glob("*.md"))


@pytest.mark.parametrize("model", [Quote, Speaker])
def test_fields_are_on_the_page_of_types(model: type[Quote] | type[Speaker]) -> None:
    page = (DOCS / "types.md").read_text(encoding="utf-8")
    section = page.partition(f"| `{model.__name__}` field")[2].partition("\n\n")[0]
    assert re.findall(r"^\| `(\w+)`", section, re.MULTILINE) == list(model.model_fields)


def test_settings_are_in_getting_started() -> None:
    page = (DOCS / "getting-started.md").read_text(encoding="utf-8")
    section = page.partition("| setting |")[2].partition("\n\n")[0]
    assert set(re.findall(r"^\| `(\w+)`", section, re.MULTILINE)) == set(Extractor.__init__.__kwdefaults__)


def test_options_are_in_command_line() -> None:
    page = (DOCS / "command-line.md").read_text(encoding="utf-8")
    command = get_command(app).commands["extract"]  # type: ignore[attr-defined]
    options = {option for parameter in command.params for option in parameter.opts if option.startswith("-")}
    assert "--workers" in options
    missing = sorted(option for option in options if not re.search(rf"`{option}[` ]", page))
    assert missing == []


def test_exit_codes_are_in_command_line() -> None:
    from quotekit.batch.stopping import SIGNALS
    from quotekit.cli import exits

    page = (DOCS / "command-line.md").read_text(encoding="utf-8")
    shown = {int(code) for code in re.findall(r"^\| (\d+) \|", page, re.MULTILINE)}
    stopped = {exits.STOPPED + number for number in SIGNALS}
    assert shown == {0, exits.SOME_UNREAD, exits.USAGE, exits.FAILED, exits.READER_GONE, *stopped}


def test_frames_are_in_rules() -> None:
    page = (DOCS / "rules.md").read_text(encoding="utf-8")
    frames = {rule.frame for rule in RuleSet.default() if rule.frame}
    assert "clause" in frames
    assert sorted(frame for frame in frames if f"`{frame}`" not in page) == []


def test_every_rule_is_on_the_page_of_all_rules() -> None:
    page = all_rules.on_page_markdown((DOCS / "all-rules.md").read_text(encoding="utf-8"))
    shown = re.findall(r"^### `([\w.-]+)`", page, re.MULTILINE)
    assert sorted(shown) == sorted(RuleSet.default().ids)


def test_page_of_all_rules_shows_all_of_a_rule() -> None:
    rule = Rule(
        id="mine.sigh",
        kind="indirect",
        why="A sigh can carry a clause.",
        act="statement",
        pattern=(
            {"RIGHT_ID": "cue", "RIGHT_ATTRS": {"LEMMA": {"IN": ["sigh", "groan"]}}},
            {"LEFT_ID": "cue", "REL_OP": ">", "RIGHT_ID": "content", "RIGHT_ATTRS": {"DEP": {"NOT_IN": ["xcomp"]}}},
        ),
        matches=("<cue>Sighed</cue> <content>that [it] was so\n\nlate</content>.",),
        rejects=("A *sigh*.",),
    )
    shown = all_rules.rule_section(rule)
    assert "A sigh can carry a clause." in shown
    assert "cue  [LEMMA: sigh | groan]\ncue > content  [DEP: not xcomp]" in shown
    assert "- <small>&lt;cue&gt;</small>Sighed<small>&lt;/cue&gt;</small>" in shown
    assert "that \\[it\\] was so ¶ late" in shown
    assert "- A \\*sigh\\*." in shown


@pytest.mark.slow
def test_site_builds(tmp_path: Path) -> None:
    if not all(importlib.util.find_spec(name) for name in ("mkdocs", "material", "mkdocstrings")):
        pytest.skip('mkdocs is not installed: python -m pip install ".[docs]"')
    build = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(build, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "en.according-to" in (tmp_path / "site" / "all-rules" / "index.html").read_text(encoding="utf-8")
