"""What the documents promise is there: files, tests, commands, and the periods of the database."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from sqlalchemy import Connection

import app
from geodata import commands
from geodata.keeping import retention

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [ROOT / "docs" / name for name in ("datenschutz.md", "security.md")]
PACKAGES = ("geodata/", "etl/", "layers/", "dashboard/", "tests/", "docs/", "benchmarks/")


def quoted(document: Path) -> list[str]:
    """What stands between backticks."""
    return re.findall(r"`([^`\n]+)`", document.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def known_commands() -> dict[str, set[str]]:
    """The commands of `qm` with those below them, as the composition root hands them over."""
    found: dict[str, set[str]] = {}

    def collect(single: Sequence[object], groups: Mapping[str, object]) -> None:
        found.update({getattr(one, "__name__", ""): set() for one in single})
        for name, group in groups.items():
            below = group.registered_commands  # type: ignore[attr-defined]
            found[name] = {one.name or one.callback.__name__.rstrip("_") for one in below}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(commands, "run", collect)
        app.cli()
    return found


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_files_and_tests_that_are_named_exist(document: Path) -> None:
    named = [text for text in quoted(document) if text.startswith(PACKAGES)]
    assert len(named) > 20
    missing = []
    for text in named:
        name, _, test = text.partition("::")
        path = ROOT / name
        if not path.exists() or (test and f"def {test}(" not in path.read_text(encoding="utf-8")):
            missing.append(text)
    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_commands_that_are_named_exist(document: Path, known_commands: dict[str, set[str]]) -> None:
    named = [text.split()[1:3] for text in quoted(document) if text.startswith("qm ")]
    assert len(named) > 2
    for command, *rest in named:
        assert command in known_commands, command
        below = known_commands[command]
        # What follows is a command below it, an option or an argument.
        if below and rest and re.fullmatch(r"[a-z]+", rest[0]):
            assert rest[0] in below, f"{command} {rest[0]}"


def test_the_periods_of_the_deletion_concept_are_those_of_the_database(loader: Connection) -> None:
    text = (ROOT / "docs" / "datenschutz.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \| (\w+) \|", text, re.MULTILINE)
    in_document = {name: (period.strip(), counted_from) for name, period, counted_from in rows}
    in_database = {
        name: ("none" if rule.kept is None else f"{rule.kept} {rule.unit}", rule.counted_from)
        for name, rule in retention.read_rules(loader).items()
    }
    assert in_document == in_database


def test_a_file_that_is_gone_would_be_found(tmp_path: Path) -> None:
    document = tmp_path / "x.md"
    document.write_text("`geodata/nowhere.py` " * 21 + "`tests/test_docs.py::test_nothing`", "utf-8")
    with pytest.raises(AssertionError, match="nowhere"):
        test_files_and_tests_that_are_named_exist(document)
