"""Rules of the house that a review would forget."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from geodata.fairness import branding_words_in

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("geodata", "etl", "layers", "dashboard")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
MOST_MODULE_LINES = 400
MOST_FUNCTION_LINES = 60


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_there_is_something_to_hold_to_the_rules() -> None:
    assert len(SOURCES) > 60


def test_only_settings_reads_the_environment() -> None:
    allowed = {"geodata/settings.py", "geodata/gdal_env.py"}
    reading = {
        named(path)
        for path in SOURCES
        if re.search(r"os\.(environ(?!\[.HOME.\] =)|getenv)", path.read_text(encoding="utf-8"))
    }
    assert reading - allowed == set()


def test_nobody_imports_the_composition_root() -> None:
    importing = [
        named(path) for path in SOURCES if re.search(r"^\s*(from app |import app$)", path.read_text("utf-8"), re.M)
    ]
    assert importing == []


def test_the_composition_root_stays_small() -> None:
    assert len((ROOT / "app.py").read_text(encoding="utf-8").splitlines()) < 60


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_modules_and_functions_stay_readable(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_MODULE_LINES
    long = [one.name for one in functions(path) if (one.end_lineno or 0) - one.lineno >= MOST_FUNCTION_LINES]
    assert long == []


def test_every_module_and_public_function_says_what_it_is_for() -> None:
    silent = []
    for path in SOURCES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        is_empty = not tree.body
        if not is_empty and not ast.get_docstring(tree):
            silent.append(named(path))
        for node in tree.body:
            is_public = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
            if is_public and not ast.get_docstring(node):  # type: ignore[arg-type]
                silent.append(f"{named(path)}:{node.name}")  # type: ignore[attr-defined]
    assert silent == []


def test_pages_do_not_import_pages() -> None:
    crossing = []
    for path in (ROOT / "dashboard" / "pages").rglob("*.py"):
        page = path.relative_to(ROOT / "dashboard" / "pages").parts[0]
        imported = re.findall(r"dashboard\.pages\.(\w+)", path.read_text(encoding="utf-8"))
        crossing += [f"{named(path)} -> {other}" for other in imported if other != page]
    assert crossing == []


def test_callbacks_are_wired_in_one_way() -> None:
    """No global callback, no second writer of an output: `Wiring` is the one door, because it asks for a permission."""
    pattern = re.compile(r"allow_duplicate|from dash import[^\n]*\bcallback\b|@callback|\bapp\.callback\(")
    wired = {named(path) for path in SOURCES if pattern.search(path.read_text(encoding="utf-8"))}
    assert wired <= {"dashboard/wiring.py"}


def test_nothing_unfinished_is_left() -> None:
    pattern = re.compile(r"#.*\b(TODO|FIXME|XXX)\b|raise NotImplementedError")
    assert [named(path) for path in SOURCES if pattern.search(path.read_text(encoding="utf-8"))] == []


def test_words_that_stay_out_of_the_interface() -> None:
    """Also of comments and msgids of the catalogues; `tests/web/test_fairness.py` looks at what is shown."""
    texts = [*(ROOT / "dashboard" / "locale").rglob("*.po"), *(ROOT / "dashboard" / "templates").rglob("*.html")]
    assert texts
    lines = [(named(path), line) for path in texts for line in path.read_text(encoding="utf-8").splitlines()]
    # Codes are names for machines, and a reader meets their labels.
    shown = [(path, line) for path, line in lines if not re.match(r'msgid "[a-z_]+:', line)]
    assert [(path, line) for path, line in shown if branding_words_in(line)] == []


def test_no_path_of_a_machine_is_committed() -> None:
    pattern = re.compile(r"(^|[^\w])/(work|root|home)/\w", re.MULTILINE)
    checked = [ROOT / "pyproject.toml", ROOT / "Makefile", *SOURCES]
    assert [named(path) for path in checked if pattern.search(path.read_text(encoding="utf-8"))] == []
