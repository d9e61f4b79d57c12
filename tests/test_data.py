"""The sample stories: gold in step with its masters, spans that are what they should be, every construction there."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import pytest

from quotekit.models import Act, QuoteKind, SpeakerKind

DATA = Path(__file__).parents[1] / "data"
GOLD = [json.loads(line) for line in (DATA / "gold.jsonl").read_text(encoding="utf-8").splitlines()]
MASTERS = sorted((DATA / "markup").glob("*.txt"))

# Tags that the gold itself can prove or refute: a story has the tag if and only if one of its attributions does so.
SHOWN_BY_GOLD: dict[str, Callable[[str, dict[str, Any]], object]] = {
    "that": lambda text, one: starts(text, one, "that "),
    "whether": lambda text, one: starts(text, one, "whether "),
    "mixed": lambda text, one: one["type"] == "mixed",
    "nested": lambda text, one: one["parent"] is not None and one["type"] != "indirect",
    "nested-indirect": lambda text, one: one["parent"] is not None and one["type"] == "indirect",
    "attitude": lambda text, one: one["act"] == "attitude",
    "floating": lambda text, one: one["type"] == "direct" and not one["cue"] and not one["source"],
    "split": lambda text, one: len(one["content"]) > 1,
    "split-three": lambda text, one: len(one["content"]) > 2 and before(one, "cue"),
    "cue-before": lambda text, one: one["cue"] and one["cue"][0][0] < one["content"][0][0],
    "cue-after": lambda text, one: one["cue"] and one["cue"][0][0] > one["content"][-1][1],
    "cue-middle": lambda text, one: len(one["content"]) > 1 and one["type"] != "direct" and before(one, "cue"),
    "inverted": lambda text, one: inverted(one),
    "according-to": lambda text, one: cue(text, one).lower() == "according to",
    "quick-to": lambda text, one: cue(text, one).startswith("was quick to"),
    "document": lambda text, one: kind(one) == "document",
    "organization": lambda text, one: kind(one) == "organization",
    "government": lambda text, one: kind(one) == "government",
    "group": lambda text, one: kind(one) == "group",
    "unnamed": lambda text, one: kind(one) == "anonymous",
    "pronoun": lambda text, one: source(text, one).lower() in {"he", "she", "it", "they"},
}


def cue(text: str, one: dict[str, Any]) -> str:
    return " ".join(text[start:end] for start, end in one["cue"])


def source(text: str, one: dict[str, Any]) -> str:
    return " ".join(text[start:end] for start, end in one["source"])


def kind(one: dict[str, Any]) -> str | None:
    return one["speaker"] and str(one["speaker"]["kind"])


def starts(text: str, one: dict[str, Any], word: str) -> bool:
    return one["type"] != "direct" and text.startswith(word, one["content"][0][0])


def before(one: dict[str, Any], field: str) -> bool:
    """Return whether the field is after the first part of the content and before the last."""
    return bool(one[field]) and one["content"][0][1] <= one[field][0][0] < one["content"][-1][0]


def inverted(one: dict[str, Any]) -> bool:
    """The content, at least a part of it, then the cue, then the source: “…,” said Ann Lee."""
    return bool(one["type"] == "direct" and one["source"] and one["cue"]) and (
        one["content"][0][1] < one["cue"][0][0] < one["source"][0][0]
    )


@pytest.fixture(scope="module")
def build() -> Iterator[ModuleType]:
    spec = importlib.util.spec_from_file_location("quotekit_data_build", DATA / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


def tags(build: ModuleType, master: Path) -> set[str]:
    return set(build.split_master(master.read_text(encoding="utf-8"))[1]["tags"])


def test_stories_and_gold_are_up_to_date(build: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    status = build.main(["--check"])
    assert (status, capsys.readouterr().err) == (0, "")
    assert {path.name for path in (DATA / "stories").iterdir()} == {path.name for path in MASTERS}


def test_the_check_names_what_is_out_of_date(
    build: ModuleType, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "built", lambda: {DATA / "stories" / "nothing.txt": "Nothing.\n"})
    assert build.main(["--check"]) == 1
    assert "data/stories/nothing.txt; run: python data/build.py" in capsys.readouterr().err


@pytest.mark.parametrize("story", GOLD, ids=lambda story: story["id"])
class TestEveryStory:
    def test_is_a_story(self, story: dict[str, Any]) -> None:
        assert 250 <= len(story["text"].split()) <= 900
        assert story["text"] == (DATA / "stories" / f"{story['id']}.txt").read_text(encoding="utf-8")
        assert not re.search(r"</?(content|cue|source)\b", story["text"])

    def test_spans_are_in_order_and_bare(self, story: dict[str, Any]) -> None:
        text = story["text"]
        for one in story["attributions"]:
            for field in ("content", "cue", "source"):
                ends = [0, *(offset for span in one[field] for offset in span)]
                assert ends == sorted(ends)
                assert all(text[start:end] == text[start:end].strip() != "" for start, end in one[field])
            assert one["content"]
            assert len(one["source"]) <= 1

    def test_content_has_its_marks_outside_and_no_stop_that_is_not_its_own(self, story: dict[str, Any]) -> None:
        text = story["text"]
        for one in story["attributions"]:
            for start, end in one["content"]:
                content = text[start:end]
                if one["type"] == "direct":
                    assert text[:start].rstrip("\u00a0")[-1] in "“\"‘'`«»„‚", content
                elif one["type"] == "indirect" and one["cue"] and cue(text, one) != ":":
                    assert content[-1] not in ",;:.", content
                assert content.count("“") == content.count("”") or "„" in content, content
                assert not re.match("[.,]?[”»]", text[end:]) or one["type"] != "indirect" or one["parent"] is not None

    def test_cue_and_source_stand_outside_the_content(self, story: dict[str, Any]) -> None:
        for one in story["attributions"]:
            for field in ("cue", "source"):
                for start, end in one[field]:
                    assert all(end <= left or right <= start for left, right in one["content"]), story["text"][
                        start:end
                    ]

    def test_fields_are_of_the_types_of_the_library(self, story: dict[str, Any]) -> None:
        for one in story["attributions"]:
            assert one["type"] in get_args(QuoteKind)
            assert one["act"] in get_args(Act)
            assert one["verb"] is None or re.fullmatch("[a-z]+", one["verb"])
            assert one["verb"] is None or one["cue"]
            assert set(one) == {"type", "act", "verb", "content", "cue", "source", "speaker", "parent"}
            if one["speaker"]:
                assert set(one["speaker"]) == {"name", "kind", "role", "country"}
                assert one["speaker"]["kind"] in get_args(SpeakerKind)
                assert re.fullmatch("[A-Z]{2}", one["speaker"]["country"] or "XX")
            if one["parent"] is not None:
                held, holder = one, story["attributions"][one["parent"]]
                assert all(
                    any(left <= start and end <= right for left, right in holder["content"])
                    for start, end in held["content"]
                )

    def test_speakers_are_named_in_the_words_of_the_story(self, story: dict[str, Any]) -> None:
        text = " ".join(story["text"].split()).lower()
        for one in story["attributions"]:
            if one["speaker"] and one["speaker"]["kind"] != "government":
                assert one["speaker"]["name"].lower() in text


@pytest.mark.parametrize("master", MASTERS, ids=lambda path: path.stem)
def test_tags_say_what_the_gold_shows(master: Path, build: ModuleType) -> None:
    story = next(story for story in GOLD if story["id"] == master.stem)
    shown = {
        tag for tag, shows in SHOWN_BY_GOLD.items() if any(shows(story["text"], one) for one in story["attributions"])
    }
    assert tags(build, master) & set(SHOWN_BY_GOLD) == shown


def test_every_construction_has_its_story(build: ModuleType) -> None:
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `([a-z0-9-]+)` \|", readme, re.MULTILINE))
    assert listed == set().union(*(tags(build, master) for master in MASTERS))
    assert set(SHOWN_BY_GOLD) <= listed


def test_every_story_is_in_the_readme() -> None:
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| \[([a-z-]+)\]\(stories/\1\.txt\) \|", readme, re.MULTILINE))
    assert named == {path.stem for path in MASTERS}


def test_every_kind_of_everything_occurs() -> None:
    every = [one for story in GOLD for one in story["attributions"]]
    assert {one["type"] for one in every} == set(get_args(QuoteKind))
    assert {one["act"] for one in every} == set(get_args(Act))
    assert {one["speaker"]["kind"] for one in every if one["speaker"]} == set(get_args(SpeakerKind))
    assert any(one["speaker"] is None for one in every)


@pytest.mark.parametrize(
    ("text", "content", "expected"),
    [
        ("She said “no” twice.", "no", "direct"),
        ("She said it was “no” twice.", "it was “no”", "mixed"),
        ('She said it was a 6" pipe.', 'it was a 6" pipe', "indirect"),
        ("He said the ships' crews left.", "the ships' crews left", "indirect"),
        ("He said it was 'odd'.", "it was 'odd'", "mixed"),
        ("“We go on.\n\nThe end", "We go on.", "direct"),
    ],
)
def test_kind_follows_the_marks(text: str, content: str, expected: str, build: ModuleType) -> None:
    start = text.index(content)
    assert build.kind(text, ((start, start + len(content)),)) == expected


@pytest.mark.parametrize(
    ("master", "message"),
    [
        ("A story.", "no line ---"),
        ('A story.\n---\n{"style": ""}', "the footer must have"),
        ('<cue 1>Said</cue>.\n---\n{"style": "", "tags": [], "speakers": {}, "attributions": {}}', "ids in the text"),
        (
            '<cue 1>Said</cue>.\n---\n{"style": "", "tags": [], "speakers": {}, "attributions": {"1": "- say"}}',
            "attribution 1 has no content",
        ),
    ],
)
def test_a_broken_master_is_refused(master: str, message: str, build: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "story.txt"
    path.write_text(master, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        build.read_master(path)
