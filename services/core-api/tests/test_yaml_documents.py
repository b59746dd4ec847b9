"""YAML of definitions: lines of everything, the core schema of YAML 1.2, and nothing that a document does not need."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from core_api.yaml_documents import MAX_BYTES, UnreadableYaml, dotted, read, write

TEXT = """\
version: 1
routines:
  - name: download
    trigger: {type: times, times: [20:45, "07:30"]}
    on: yes
  - name: load
    description: |
      two
      lines
    priority: 12
    factor: 1.5
    paused: true
    pool: ~
"""


def test_scalars_follow_the_core_schema_not_yaml_1_1() -> None:
    value = read(TEXT).value
    assert value["routines"][0] == {
        "name": "download",
        "trigger": {"type": "times", "times": ["20:45", "07:30"]},
        "on": "yes",
    }
    assert value["routines"][1] == {
        "name": "load",
        "description": "two\nlines\n",
        "priority": 12,
        "factor": 1.5,
        "paused": True,
        "pool": None,
    }


def test_every_part_knows_its_line() -> None:
    document = read(TEXT)
    assert document.line_of(("version",)) == 1
    assert document.line_of(("routines",)) == 2
    assert document.line_of(("routines", 0)) == 3
    assert document.line_of(("routines", 0, "trigger", "times", 1)) == 4
    assert document.line_of(("routines", 1, "priority")) == 10
    assert document.line_of(("routines", 1, "missing", "deep")) == 6, "what is missing is where it should stand"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\nb: [1, 2\nc: 3\n", 3, "flow sequence"),
        ("a: 1\nb: 2\na: 3\n", 3, "stands twice"),
        ("a: &x [1]\nb: *x\n", 1, "aliases"),
        ("a: !!python/object/apply:os.system ['true']\n", 1, ""),
        ("a: !!int '3'\n", 1, "tag"),
        ("? [1, 2]\n: 3\n", 1, "key"),
        ("a: 1\n--- \nb: 2\n", 2, "document"),
        ("a: \x00\n", None, ""),
        ("[" * 40 + "]" * 40, 1, "nesting"),
    ],
)
def test_what_a_document_does_not_need_is_refused_with_its_line(text: str, line: int | None, words: str) -> None:
    with pytest.raises(UnreadableYaml) as caught:
        read(text)
    assert words in caught.value.problem.message
    if line is not None:
        assert caught.value.problem.line == line


def test_a_bomb_of_aliases_and_a_huge_document_are_refused_at_once() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{name}: &{name} [{','.join(['*' + before] * 9)}]\n"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    with pytest.raises(UnreadableYaml, match="aliases"):
        read(bomb)
    with pytest.raises(UnreadableYaml, match="larger"):
        read("a: " + "x" * MAX_BYTES)


_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abcdefgon:-", min_size=1), inner, max_size=3),
    max_leaves=12,
)


@given(_VALUES)
def test_what_is_written_is_read_again_by_us_and_by_any_reader_of_yaml_1_1(value: object) -> None:
    text = write({"document": value})
    assert read(text).value == {"document": value}
    assert yaml.safe_load(text) == {"document": value}


def test_paths_are_written_as_people_write_them() -> None:
    assert dotted(("routines", 3, "trigger", "times", 0)) == "routines[3].trigger.times[0]"
