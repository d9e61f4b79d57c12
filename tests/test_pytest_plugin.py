"""The pytest plugin: rule files and golden cases are tests, and other files and runs are not touched."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from importlib.metadata import entry_points
from itertools import takewhile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import quotekit
from quotekit.article.stored_parses import beside, freeze, write
from quotekit.pytest_plugin import hooks as pytest_plugin
from quotekit.pytest_plugin.coverage import Coverage
from quotekit.testing.stored_parses import texts_of

# pytest finds an installed plugin itself, but not that of a checkout.
LOADED = [] if entry_points(group="pytest11", name="quotekit") else ["-p", "quotekit.pytest_plugin.hooks"]

PATTERN = """pattern = [
  {RIGHT_ID = "cue", RIGHT_ATTRS = {LEMMA = "%s"}},
  {LEFT_ID = "cue", REL_OP = ">", RIGHT_ID = "source", RIGHT_ATTRS = {DEP = "nsubj"}},
  {LEFT_ID = "cue", REL_OP = ">", RIGHT_ID = "content", RIGHT_ATTRS = {DEP = "ccomp"}},
]
"""
SIGH = f"""\
[[rule]]
id = "mine.sigh"
kind = "indirect"
why = "A sigh can carry a clause."
confidence = 0.9
{PATTERN % "sigh"}matches = [
  "<source>Ann Lee</source> <cue>sighed</cue> <content>that it was late</content>.",
  "<source>Bo Stone</source> <cue>sighed</cue> <content>that nobody had come</content>.",
]
rejects = ["Ann Lee said that it was late."]
"""
GROAN = f"""
[[rule]]
id = "mine.groan"
kind = "indirect"
why = "A groan can carry a clause."
{PATTERN % "groan"}rejects = ["Ann Lee groaned."]
"""
WRONG = SIGH.replace("<source>Bo Stone</source> <cue>", "Bo <source>Stone</source> <cue>")
CASES = """\
encoder: no

=== late
<source 1>Ann Lee</source> <cue 1>said</cue> <content 1>that it was late</content>.
---
1 speaker: Ann Lee

=== silence
Nobody came.
"""
RAIN = "<source 1>Ann Lee</source> <cue 1>said</cue> <content 1>that it was late</content>."


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return pytester.runpytest_inprocess(*LOADED, "-p", "no:cov", *arguments)


def lines_of(result: pytest.RunResult, start: str = "") -> list[str]:
    return [line for line in result.outlines if line.startswith(start)]


def failures(result: pytest.RunResult) -> str:
    """Return the section of failures."""
    return re.split(r"=+ (?:warnings|short test) summary", result.stdout.str().partition(" FAILURES ")[2])[0]


@pytest.fixture(scope="session")
def stores(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the stored parses of the files here, so that the runs need no model."""
    folder = tmp_path_factory.mktemp("stores")
    made = {}
    for name, source in {"my.rules.toml": SIGH + GROAN, "harbour.quotes.txt": CASES}.items():
        (folder / name).write_text(source, encoding="utf-8")
        write(beside(folder / name), freeze(texts_of(folder / name)))
        made[beside(name).name] = beside(folder / name).read_text(encoding="utf-8")
    return made


@pytest.fixture
def desk(pytester: pytest.Pytester, stores: dict[str, str]) -> Path:
    """Return a folder with rules and cases."""
    (pytester.path / "cases").mkdir()
    files = {
        "my.rules.toml": SIGH,
        "my.rules.parses.jsonl": stores["my.rules.parses.jsonl"],
        "cases/harbour.quotes.txt": CASES,
        "cases/harbour.quotes.parses.jsonl": stores["harbour.quotes.parses.jsonl"],
    }
    for name, source in files.items():
        (pytester.path / name).write_text(source, encoding="utf-8")
    return pytester.path


@pytest.fixture
def no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail if the model is loaded."""

    def load_model(name: str | None = None) -> None:
        raise AssertionError("the model was loaded")

    monkeypatch.setattr("quotekit.article.parser.load_model", load_model)


IDS = [
    "my.rules.toml::mine.sigh::matches[0]",
    "my.rules.toml::mine.sigh::matches[1]",
    "my.rules.toml::mine.sigh::rejects[0]",
    "cases/harbour.quotes.txt::late",
    "cases/harbour.quotes.txt::silence",
]


@pytest.mark.usefixtures("desk", "no_model")
def test_every_example_and_every_case_is_a_test(pytester: pytest.Pytester) -> None:
    result = run(pytester, "my.rules.toml", "cases/", "-v")
    result.assert_outcomes(passed=5)
    assert [line.partition(" ")[0] for line in lines_of(result) if " PASSED" in line] == IDS


@pytest.mark.usefixtures("desk", "no_model")
@pytest.mark.parametrize(
    ("arguments", "passed"),
    [
        (["my.rules.toml::mine.sigh::matches[0]"], IDS[:1]),
        (["my.rules.toml::mine.sigh"], IDS[:3]),
        (["cases/harbour.quotes.txt::silence"], IDS[4:]),
        (["my.rules.toml", "cases", "-k", "sigh and rejects"], IDS[2:3]),
        (["my.rules.toml", "cases", "-k", "late"], IDS[3:4]),
        ([], [*IDS[3:], *IDS[:3]]),
    ],
    ids=str,
)
def test_tests_are_selected_as_usual(arguments: list[str], passed: list[str], pytester: pytest.Pytester) -> None:
    result = run(pytester, "-v", *arguments)
    result.assert_outcomes(passed=len(passed), deselected=5 - len(passed) if "-k" in arguments else 0)
    assert [line.partition(" ")[0] for line in lines_of(result) if " PASSED" in line] == passed


@pytest.mark.model
def test_a_failure_is_a_message_without_a_traceback(desk: Path, pytester: pytest.Pytester) -> None:
    (desk / "my.rules.toml").write_text(WRONG, encoding="utf-8")
    cases = CASES.replace("Ann Lee\n\n", "Bo Stone\n\n").replace("<content 1>that ", "that <content 1>")
    (desk / "cases" / "harbour.quotes.txt").write_text(cases, encoding="utf-8")
    result = run(pytester, "my.rules.toml", "cases")
    result.assert_outcomes(passed=3, failed=2)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        [
            "*_ mine.sigh: matches[[]1[]] _*",
            "rule 'mine.sigh' in 'Bo Stone sighed that nobody had come.'",
            "  wanted: content='that nobody had come'  cue='sighed'  source='Stone'",
            "  found:  content='that nobody had come'  cue='sighed'  source='Bo Stone'",
            "*_ harbour.quotes.txt: late _*",
            "not the quotes expected in 'Ann Lee said that it was late.'",
            "  quote 1, 'that it was late', by en.clause (0.??)",
            "    content: longer by 'that' at its beginning: found 'that it was late', wanted 'it was late'",
            "    speaker: found 'Ann Lee' by 'Ann Lee' (speaker.name.full), wanted 'Bo Stone'",
            "FAILED my.rules.toml::mine.sigh::matches[[]1[]] - rule 'mine.sigh' in *",
            "FAILED cases/harbour.quotes.txt::late - not the quotes expected in *",
        ]
    )
    assert "Traceback" not in result.stdout.str()
    assert ".py" not in failures(result)
    again = run(pytester, "my.rules.toml", "cases", "--lf", "-v")
    again.assert_outcomes(failed=2)
    (desk / "my.rules.toml").write_text(SIGH, encoding="utf-8")
    run(pytester, "my.rules.toml", "cases", "--lf").assert_outcomes(passed=1, failed=1)


@pytest.mark.usefixtures("no_model")
@pytest.mark.parametrize(
    ("name", "source", "message"),
    [
        ("my.rules.toml", SIGH.replace('kind = "indirect"', 'kind = "indirekt"'), "*my.rules.toml*mine.sigh*kind*"),
        ("my.rules.toml", SIGH + "\n[[rule", "*my.rules.toml*TOML*"),
        ("my.rules.toml", SIGH + SIGH, "*mine.sigh*"),
        ("my.rules.toml", SIGH.replace("mine.sigh", "en.clause"), "*en.clause*"),
        ("my.rules.toml", SIGH.replace("LEMMA", "LEMA"), "*mine.sigh*LEMA*"),
        ("my.rules.toml", SIGH.replace("[[rule]]", "[[rules]]"), "*my.rules.toml*rules*"),
        ("x.quotes.txt", CASES.replace("1 speaker", "1 speakr"), "x.quotes.txt: line 6: unknown field 'speakr'; *"),
        ("x.quotes.txt", CASES.replace("<cue 1>", "<cue>"), "x.quotes.txt: line 4, column *: the tag <cue> has no id*"),
    ],
)
def test_an_invalid_file_is_one_failing_test(name: str, source: str, message: str, pytester: pytest.Pytester) -> None:
    (pytester.path / name).write_text(source, encoding="utf-8")
    result = run(pytester, name)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([message, f"FAILED {name}::loads - *"])
    assert "Traceback" not in result.stdout.str()


def test_invalid_stored_parses_are_reported(desk: Path, pytester: pytest.Pytester) -> None:
    (desk / "my.rules.parses.jsonl").write_text("{}\n", encoding="utf-8")
    result = run(pytester, "my.rules.toml")
    result.assert_outcomes(failed=3)
    result.stdout.fnmatch_lines(["my.rules.parses.jsonl: line 1: not a stored parse (*); delete the file and *"])


@pytest.mark.usefixtures("no_model")
def test_a_rule_without_examples_is_a_test_that_loads_it(pytester: pytest.Pytester) -> None:
    bare = SIGH.partition("matches")[0]
    (pytester.path / "my.rules.toml").write_text(bare, encoding="utf-8")
    result = run(pytester, "-v")
    result.assert_outcomes(passed=1)
    assert lines_of(result, "my.rules.toml::loads PASSED")


@pytest.mark.parametrize("fault", [ZeroDivisionError, ValueError, OSError])
def test_a_bug_of_quotekit_has_its_traceback(
    fault: type[Exception], desk: Path, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: object) -> None:
        raise fault

    monkeypatch.setattr("quotekit.pytest_plugin.nodes.check_and_note", broken)
    result = run(pytester, "my.rules.toml", "-k", "rejects")
    result.assert_outcomes(failed=1, deselected=2)
    result.stdout.fnmatch_lines(["*nodes.py:*:*", f"*test_pytest_plugin.py:*: {fault.__name__}"])
    assert "pluggy" not in failures(result)
    assert desk.is_dir()


def test_a_case_file_can_name_rules(desk: Path, pytester: pytest.Pytester) -> None:
    case = f"rules: ../my.rules.toml\n{CASES}\n=== sigh\n{RAIN.replace('said', 'sighed')}\n---\n1 rule: mine.sigh\n"
    path = desk / "cases" / "harbour.quotes.txt"
    path.write_text(case, encoding="utf-8")
    write(beside(path), freeze(texts_of(path)))
    result = run(pytester, "cases", "my.rules.toml", "--quotekit-coverage", "-k", "sigh and not mine")
    result.assert_outcomes(passed=1, deselected=5)
    # The path in the case is normalised.
    assert report_of(result) == ["my.rules.toml: 0 of 1"]
    path.write_text(case.replace("../my.rules", "no.rules"), encoding="utf-8")
    result = run(pytester, "cases")
    result.assert_outcomes(failed=3)
    assert "no.rules.toml" in result.stdout.str()
    assert "Traceback" not in result.stdout.str()


def test_rules_in_json_lines(pytester: pytest.Pytester) -> None:
    from quotekit.rules.files import parse_rules

    (rule,) = parse_rules(SIGH, "x")
    row = {"rule": rule.model_dump(exclude_defaults=True)}
    (pytester.path / "my.rules.jsonl").write_text(f"{json.dumps(row)}\n", encoding="utf-8")
    run(pytester, "-k", "rejects or matches").assert_outcomes(passed=3)


@pytest.mark.usefixtures("no_model")
def test_the_ini_option_names_further_rule_files(desk: Path, pytester: pytest.Pytester) -> None:
    (desk / "rules").mkdir()
    (desk / "my.rules.toml").rename(desk / "rules" / "ours.toml")
    (desk / "my.rules.parses.jsonl").rename(desk / "rules" / "ours.parses.jsonl")
    run(pytester).assert_outcomes(passed=2)
    pytester.makeini("[pytest]\nquotekit_rules = rules/ours.toml\n")
    run(pytester).assert_outcomes(passed=5)


# --- files of others

OTHERS = {
    "lint.toml": '[[rule]]\nid = "no-tabs"\nkind = "style"\nwhy = "Tabs."\npattern = "\\t"\nmatches = ["\\t"]\n',
    "rules.toml": '[[rule]]\nname = "r"\n[[cue]]\ncue = "red"\nframes = {start = 1}\n',
    "pool/cue.toml": '[[cue]]\ncue = "oak"\nframes.one = 10\n',
    "matcher.toml": f"[[rule]]\n{PATTERN % 'say'}",
    "data.jsonl": '{"rule": {"id": 1}}\n',
    "famous.quotes.txt": "To be, or not to be.\n===\nThe end.\n",
    "pages.quotes.txt": "<content>It rained.</content>\n",
}


def test_a_project_without_quotekit_does_not_notice_the_plugin(pytester: pytest.Pytester) -> None:
    for name, source in OTHERS.items():
        path = pytester.path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(source, encoding="utf-8")
    pytester.makepyfile("def test_one():\n    pass\n")
    result = run(pytester, "-q")
    result.assert_outcomes(passed=1)
    assert "quotekit" not in result.stdout.str()
    assert run(pytester, "lint.toml").ret == pytest.ExitCode.USAGE_ERROR


def test_the_built_in_rules_are_not_tests(pytester: pytest.Pytester) -> None:
    folder = Path(quotekit.__file__).parent / "data" / "en" / "rules"
    assert run(pytester, str(folder)).ret == pytest.ExitCode.NO_TESTS_COLLECTED


@pytest.mark.parametrize("head", ["", "\ufeff", "\n \n", "# Rain.\n", "rules: x.rules.toml\nencoder : no\n\n"])
def test_a_file_of_cases_begins_with_settings_or_a_case(head: str, pytester: pytest.Pytester) -> None:
    (pytester.path / "x.quotes.txt").write_text(f"{head}=== rain\nIt rained.\n", encoding="utf-8")
    assert lines_of(run(pytester, "--collect-only", "-q"), "x.quotes.txt::")


def test_a_named_file_of_cases_without_a_case_fails(pytester: pytest.Pytester) -> None:
    (pytester.path / "x.quotes.txt").write_text("It rained.\n", encoding="utf-8")
    assert run(pytester).ret == pytest.ExitCode.NO_TESTS_COLLECTED
    run(pytester, "x.quotes.txt").assert_outcomes(failed=1)


def test_a_file_that_cannot_be_read_is_ignored(tmp_path: Path) -> None:
    (tmp_path / "x.quotes.txt").mkdir()
    assert not pytest_plugin._has_case(tmp_path / "x.quotes.txt")


MODULES = {"quotekit", "quotekit.views", "quotekit.pytest_plugin", "quotekit.pytest_plugin.hooks"}
HEAVY = ("spacy", "pydantic", "numpy", "onnxruntime", "thinc", "tokenizers")


def test_the_plugin_imports_almost_nothing() -> None:
    code = (
        "import pytest, sys; before = set(sys.modules); import quotekit.pytest_plugin.hooks; "
        "print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == MODULES


def test_a_run_without_quotekit_files_imports_nothing_more(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        f"""
        import sys

        def test_modules(request):
            ours = sorted(name for name in sys.modules if name.startswith("quotekit"))
            assert set(ours) <= {MODULES}
            assert not [name for name in {HEAVY} if name in sys.modules]
        """
    )
    (pytester.path / "settings.toml").write_text("[tool]\nx = 1\n", encoding="utf-8")
    # Other plugins of this environment may import more.
    result = pytester.runpytest_subprocess(*LOADED, "-p", "no:hypothesispytest", "-p", "no:anyio")
    result.assert_outcomes(passed=1)


def test_rules_with_stored_parses_need_no_spacy(desk: Path, pytester: pytest.Pytester) -> None:
    (desk / "conftest.py").write_text(
        "import sys\n\n"
        "def pytest_terminal_summary(terminalreporter):\n"
        "    terminalreporter.line(f\"spacy: {'spacy' in sys.modules}\")\n",
        encoding="utf-8",
    )
    result = pytester.runpytest_subprocess(*LOADED, "my.rules.toml", "cases")
    result.assert_outcomes(passed=5)
    result.stdout.fnmatch_lines(["spacy: False"])


def test_the_entry_point_is_declared() -> None:
    pyproject = Path(__file__).parents[1] / "pyproject.toml"
    assert '[project.entry-points.pytest11]\nquotekit = "quotekit.pytest_plugin.hooks"\n' in pyproject.read_text(
        encoding="utf-8"
    )


@pytest.mark.parametrize("module", [quotekit, pytest_plugin], ids=lambda module: module.__name__)
def test_modules_that_pytest_imports_first_are_covered(module: Any) -> None:
    # pytest imports both before coverage is measured.
    spec = importlib.util.spec_from_file_location(module.__name__, module.__file__)
    assert spec is not None
    assert spec.loader is not None
    again = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(again)
    assert [name for name in vars(again) if name.startswith("pytest_")] == [
        name for name in vars(module) if name.startswith("pytest_") and name != "pytest_plugin"
    ]
    assert getattr(module, "__all__", None) == getattr(again, "__all__", None)


@pytest.mark.model
def test_the_page_on_testing_is_true(desk: Path, pytester: pytest.Pytester) -> None:
    page = (Path(__file__).parents[1] / "docs" / "testing.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```text\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    cases, ids, *_ = blocks
    path = desk / "cases" / "harbour.quotes.txt"
    path.write_text(cases, encoding="utf-8")
    result = run(pytester, "my.rules.toml", "cases", "-v")
    result.assert_outcomes(passed=5)
    shown = [line.split(" PASSED")[0] for line in result.outlines]
    assert [line for line in ids.splitlines() if line.removesuffix(" PASSED") not in shown] == []


# --- the fixture


@pytest.mark.model
def test_the_fixture_extracts_and_checks(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        MARKUP = "<source 1>Ann Lee</source> <cue 1>said</cue> <content 1>that it was late</content>."

        def test_extracts(quotekit):
            (quote,) = quotekit.extract("Ann Lee said that it was late.")
            assert quote.speaker.name == "Ann Lee"

        def test_checks(quotekit):
            quotekit.check("<source>Ann Lee</source> <cue>said</cue> <content>it was late</content>.", "en.clause")
            quotekit.assert_quotes("Ann Lee said that it was late.", MARKUP)

        def test_fails(quotekit):
            quotekit.assert_quotes("Ann Lee said that it was late.", [])

        def test_is_one(quotekit, request):
            assert quotekit is request.getfixturevalue("quotekit")
        """
    )
    result = run(pytester)
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(
        [
            ">*quotekit.assert_quotes(*, [[][]])",
            "E * AssertionError: not the quotes expected in 'Ann Lee said that it was late.'",
            "E *extra: 'that it was late', source 'Ann Lee', by en.clause (0.??)",
            "*test_the_fixture_extracts_and_checks.py:*: AssertionError",
        ]
    )
    # The traceback has no line of quotekit.
    assert "quotes.py" not in result.stdout.str()


@pytest.mark.model
def test_the_fixture_can_be_overridden(desk: Path, pytester: pytest.Pytester) -> None:
    pytester.makeconftest(
        """
        import pytest
        from quotekit import RuleSet
        from quotekit.testing import Checker

        @pytest.fixture(scope="session")
        def quotekit():
            return Checker(rules=RuleSet.default().only("en.as"), encoder=False)
        """
    )
    pytester.makepyfile(
        """
        def test_mine(quotekit):
            quotekit.assert_quotes("Ann Lee said that it was late.", [])
        """
    )
    run(pytester, "test_the_fixture_can_be_overridden.py").assert_outcomes(passed=1)
    assert desk.is_dir()


# --- coverage of rules


def report_of(result: pytest.RunResult) -> list[str]:
    lines = result.outlines
    start = next(i for i, line in enumerate(lines) if "quotekit: rules that no test exercised" in line)
    # After a line of "=" comes the summary of pytest, which has whole messages under CI=true.
    return [line for line in takewhile(lambda line: not line.startswith("="), lines[start + 1 :]) if line]


@pytest.mark.usefixtures("no_model")
def test_coverage_names_the_rules_that_no_test_exercised(desk: Path, pytester: pytest.Pytester) -> None:
    (desk / "my.rules.toml").write_text(SIGH + GROAN, encoding="utf-8")
    # A rejected text does not exercise the rule.
    result = run(pytester, "--quotekit-coverage", "my.rules.toml", "cases")
    result.assert_outcomes(passed=6)
    assert result.ret == pytest.ExitCode.OK
    assert report_of(result) == ["my.rules.toml: 1 of 2", "  mine.groan"]
    result = run(pytester, "my.rules.toml", "--quotekit-coverage", "-k", "groan")
    assert report_of(result) == ["my.rules.toml: 2 of 2", "  mine.sigh", "  mine.groan"]


@pytest.mark.usefixtures("no_model")
def test_coverage_of_all_has_the_built_in_rules_too(desk: Path, pytester: pytest.Pytester) -> None:
    count = len(quotekit.RuleSet.default())
    report = report_of(run(pytester, "cases", "--quotekit-coverage=all"))
    assert report[0] == f"built-in rules: {count - 2} of {count}"
    assert not {"  en.clause", "  speaker.name.full"} & set(report)
    assert "  en.as" in report
    assert report_of(run(pytester, "cases", "--quotekit-coverage")) == ["no rule file was collected"]
    assert desk.is_dir()


def test_a_failing_test_exercises_nothing(desk: Path, pytester: pytest.Pytester) -> None:
    (desk / "my.rules.toml").write_text(SIGH.replace("<source>", "").replace("</source>", ""), encoding="utf-8")
    result = run(pytester, "my.rules.toml", "--quotekit-coverage")
    result.assert_outcomes(failed=2, passed=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert report_of(result) == ["my.rules.toml: 1 of 1", "  mine.sigh"]


@pytest.mark.usefixtures("no_model")
def test_coverage_counts_checks_in_python_and_names_invalid_files(desk: Path, pytester: pytest.Pytester) -> None:
    (desk / "broken.rules.toml").write_text(SIGH.replace("why", "wy"), encoding="utf-8")
    pytester.makepyfile(
        """
        from pathlib import Path
        from quotekit.article.stored_parses import StoredParses
        from quotekit.rules.files import parse_rules
        from quotekit.testing import check

        def test_mine():
            path = Path("my.rules.toml")
            (rule,) = parse_rules(path.read_text(), path.name)
            check(rule.matches[0], rule, parse=StoredParses.of(path)["Ann Lee sighed that it was late."])
        """
    )
    result = run(pytester, "--quotekit-coverage", "-k", "test_mine")
    assert report_of(result) == ["broken.rules.toml: not valid", "my.rules.toml: 0 of 1"]


@pytest.mark.usefixtures("no_model")
def test_loading_rules_exercises_none(desk: Path, pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        from quotekit import Extractor

        def test_mine():
            Extractor(rules="my.rules.toml")
        """
    )
    result = run(pytester, "--quotekit-coverage", "-k", "test_mine")
    result.assert_outcomes(passed=1, deselected=5)
    assert report_of(result) == ["my.rules.toml: 1 of 1", "  mine.sigh"]
    # The examples were tried all the same.
    (desk / "my.rules.toml").write_text(SIGH.replace("<source>", "").replace("</source>", ""), encoding="utf-8")
    run(pytester, "-k", "test_mine").assert_outcomes(failed=1, deselected=5)


def test_exercised_rules_are_part_of_the_report() -> None:
    coverage = Coverage(SimpleNamespace(option=SimpleNamespace(quotekit_coverage="files")))  # type: ignore[arg-type]
    report: Any = pytest.TestReport("x::y", ("x", 0, "y"), {}, "passed", None, "call")
    report.quotekit_rules, report.quotekit_files = ["mine.sigh"], ["/desk/my.rules.toml"]
    # pytest-xdist sends reports from its workers in this form.
    sent = json.loads(json.dumps(report._to_json()))
    coverage.pytest_runtest_logreport(pytest.TestReport._from_json(sent))
    coverage.pytest_runtest_logreport(pytest.TestReport("z", ("z", 0, "z"), {}, "passed", None, "setup"))
    assert coverage._exercised == {"mine.sigh"}
    assert list(coverage._files) == [Path("/desk/my.rules.toml")]
