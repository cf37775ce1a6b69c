"""No SQL is built from input: a manager's areas stand in a setting, which injected SQL could forge (lock 3).

Every text that becomes SQL is a literal, put together from literals of ours, or a file of ours. What is built otherwise
stands in `BUILT` with the function that builds it and why no input reaches it; values always go in as parameters.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("geodata", "etl", "layers", "dashboard")
# Functions and methods whose first argument is taken for SQL as it is.
SINKS = {"text", "exec_driver_sql", "literal_column", "SQL", "op", "prefix_with", "suffix_with", "copy"}
# `cursor.copy(...)` takes SQL; a function of ours with that name does not.
METHODS_ONLY = {"copy"}
# They read a file below the package by a name; the name has to be a literal of ours, too.
FILES = {"read_sql", "_read", "_sql", "read_text"}

# "file::function" -> why no input reaches the text.
_STAGE = "names of staging tables and of columns in geodata/tables; values of the file are rows of these"
_ROLES = "role names, checked by bootstrap.role_names, and names of our functions and schemas"
_ERASED = (
    "names of tables and columns listed in geodata/keeping/erasing.py and erasure.py; what is not listed is refused"
)
_SWEEP = "statements of geodata/keeping/retention_sweeps.py, which name our tables; the day is bound"
_SCRIPT = "a script of our migrations, with role names checked by bootstrap.role_names"
BUILT: dict[str, str] = {
    "etl/apply.py::counts": _STAGE,
    "etl/apply.py::execute": _STAGE,
    "etl/apply.py::judge": _STAGE,
    "etl/apply.py::reject_repeated": _STAGE,
    "etl/apply.py::repaired_lines": _STAGE,
    "etl/apply.py::touched_properties": _STAGE,
    "etl/deliveries.py::insert_delivery": "keys of a dict that the function itself writes",
    "etl/deliveries.py::update_delivery": "names of counts, a constant of the module",
    "etl/first_load.py::suits": _STAGE,
    "etl/implied.py::_newest": _STAGE,
    "etl/implied.py::count_new": _STAGE,
    "etl/implied.py::take_over_ids": _STAGE,
    "etl/pipeline.py::_transaction": "names and values of a constant of the module",
    "etl/staging.py::copying": _STAGE,
    "etl/staging.py::create_stage": _STAGE,
    "etl/withdraw.py::_count": _STAGE,
    "geodata/access.py::_apply_transaction_settings": "numbered places of parameters; names and values are bound",
    "geodata/jobs.py::_set": "assignments that the module itself writes; their values are bound",
    "geodata/keeping/backup_catalogue.py::_read": "files of ours with the names of our schemas",
    "geodata/bootstrap.py::_run": _ROLES,
    "geodata/bootstrap.py::_with_passwords": _ROLES + "; passwords go in as quoted literals",
    "geodata/bootstrap.py::drop": _ROLES,
    "geodata/demolition_figures.py::read": "a file of ours",
    "geodata/keeping/erasing.py::_edits_of": _ERASED,
    "geodata/keeping/erasing.py::delete_properties": _ERASED,
    "geodata/keeping/erasing.py::delete_unused_edits": _ERASED,
    "geodata/keeping/erasing.py::delete_versions": _ERASED,
    "geodata/keeping/erasure.py::_find_by_hash": _ERASED,
    "geodata/keeping/erasure.py::find_fact": _ERASED,
    "geodata/keeping/erasure.py::insert_proof": _ERASED,
    "geodata/migrate.py::_install_derive": _ROLES,
    "geodata/migrate.py::_install_functions": _ROLES,
    "geodata/migrate.py::_show_version_to": _ROLES,
    "geodata/migrations/scripts.py::_set_force": "statements that PostgreSQL writes of our own tables",
    "geodata/migrations/scripts.py::run_sql": _SCRIPT,
    "geodata/assessment/computing.py::_facts": "a file of ours, with codes of our own constants in it",
    "geodata/records.py::_execute": "files of ours",
    "geodata/rules/preview.py::_execute": "files of ours, one in the other; the rules of a preview are bound",
    "geodata/keeping/retention.py::_due": _SWEEP,
    "geodata/keeping/retention.py::_sweep": _SWEEP,
}


def modules() -> list[Path]:
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def module_of(dotted: str) -> Path | None:
    stem = ROOT.joinpath(*dotted.split("."))
    return next((path for path in (stem.with_suffix(".py"), stem / "__init__.py") if path.exists()), None)


class Module:
    """What the names of a module mean, as far as literals go."""

    def __init__(self, path: Path) -> None:
        self.path, self.tree = path, parsed(path)
        self.imported: dict[str, tuple[str, str]] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
                self.imported |= {name.asname or name.name: (node.module, name.name) for name in node.names}

    def is_ours(self, node: ast.expr, function: ast.AST | None) -> bool:
        """Whether the text consists of literals of ours alone, or is a file of ours."""
        ours = self.is_ours
        match node:
            case ast.Constant():
                return True
            case ast.JoinedStr(values=values):
                parts = [part.value for part in values if isinstance(part, ast.FormattedValue)]
                return all(ours(part, function) for part in parts)
            case ast.Call(func=ast.Name(id="str"), args=[number]):
                return ours(number, function)
            # psycopg's own composition quotes what it puts in.
            case ast.Call(
                func=ast.Attribute(attr="format", value=ast.Call(func=ast.Attribute(attr="SQL"), args=[said]))
            ):
                return ours(said, function)
            case ast.BinOp(left=left, right=right):
                return ours(left, function) and ours(right, function)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                return all(ours(part, function) for part in parts)
            case ast.IfExp(body=one, orelse=other):
                return ours(one, function) and ours(other, function)
            case ast.Name(id=name):
                return self._named(name, function)
            case ast.Attribute(value=ast.Name(id=module), attr=name) if module in self.imported:
                return _constant(".".join(self.imported[module]), name)
            case ast.Call(func=ast.Name(id=name), args=arguments) if name in FILES:
                return all(ours(argument, function) for argument in arguments)
            case ast.Call(func=ast.Attribute(attr="read_text", value=source)):
                return _is_file(source, function, self)
            case ast.Call(
                func=ast.Attribute(attr="join" | "replace" | "format", value=said), args=args, keywords=named
            ):
                return all(ours(part, function) for part in (said, *args, *(keyword.value for keyword in named)))
        return False

    def _named(self, name: str, function: ast.AST | None) -> bool:
        if function is not None and (found := list(_assigned(function, name))):
            return all(self.is_ours(value, function) for value in found)
        if function is not None and name in _arguments(function):
            return False
        if found := list(_assigned_at_top(self.tree, name)):
            return all(self.is_ours(value, None) for value in found)
        return name in self.imported and _constant(*self.imported[name])


def _is_file(source: ast.expr, function: ast.AST | None, module: Module) -> bool:
    """`files("geodata").joinpath("sql/x.sql")`, or a division of a folder of ours."""
    match source:
        case ast.Call(func=ast.Attribute(attr="joinpath", value=folder), args=arguments):
            return _is_file(folder, function, module) and all(module.is_ours(one, function) for one in arguments)
        case ast.Call(func=ast.Name(id="files"), args=arguments):
            return all(module.is_ours(one, function) for one in arguments)
        case ast.BinOp(left=folder, right=name):
            return _is_file(folder, function, module) and module.is_ours(name, function)
        case ast.Name(id=name):
            found = list(_assigned_at_top(module.tree, name))
            return bool(found) and all(_is_file(value, None, module) for value in found)
    return False


@cache
def _constant(dotted: str, name: str) -> bool:
    path = module_of(dotted)
    return path is not None and Module(path)._named(name, None)


def _assigned(function: ast.AST, name: str) -> Iterator[ast.expr]:
    for node in ast.walk(function):
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            assert isinstance(node, ast.Assign | ast.AnnAssign)
            if node.value is not None:
                yield node.value
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name) and node.target.id == name:
            yield node.value


def _assigned_at_top(tree: ast.Module, name: str) -> Iterator[ast.expr]:
    for node in tree.body:
        yield from _assigned(node, name) if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign) else ()


def _arguments(function: ast.AST) -> set[str]:
    found = [node.args for node in ast.walk(function) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return {one.arg for given in found for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)}


def built_sql(path: Path) -> Iterator[tuple[str, str]]:
    """(place, source) of each text that becomes SQL and is not ours alone."""
    module = Module(path)
    outermost = [node for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    within = {id(part): function for function in reversed(outermost) for part in ast.walk(function)}
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        function, argument = within.get(id(node)), node.args[0]
        is_raw = called == "execute" and isinstance(argument, ast.JoinedStr | ast.BinOp)
        is_method = isinstance(node.func, ast.Attribute)
        is_sink = called in SINKS and not (called == "text" if is_method else called in METHODS_ONLY)
        if (is_sink or is_raw) and not module.is_ours(argument, function):
            place = f"{path.relative_to(ROOT)}::{getattr(function, 'name', '')}"
            yield place, ast.unparse(node)


def test_no_sql_is_built_from_input() -> None:
    found = {place: source for path in modules() for place, source in built_sql(path)}
    new = {place: source for place, source in found.items() if place not in BUILT}
    assert new == {}, (
        "Bind values as parameters; a text that only our own names build is named in BUILT with its reason."
    )
    assert set(BUILT) - set(found) == set(), "These build no SQL any more: take them out of BUILT."


@pytest.mark.parametrize(
    "source",
    [
        "def f(c, name):\n    c.execute(text(f'SELECT {name}'))",
        "def f(c, name):\n    query = 'SELECT ' + name\n    c.execute(text(query))",
        "def f(c, name):\n    c.exec_driver_sql('SELECT %s' % name)",
        "def f(c, name):\n    c.execute(f'SELECT {name}')",
        "def f(c, given):\n    query = 'SELECT'\n    query += given\n    c.execute(text(query))",
        "def f(c, names):\n    c.execute(text('SELECT {}'.format(', '.join(names))))",
        "def f(cursor, name):\n    cursor.copy(f'COPY {name} FROM STDIN')",
    ],
)
def test_the_test_would_see_it(source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    path = tmp_path / "injected.py"
    path.write_text(source, encoding="utf-8")
    assert len(list(built_sql(path))) == 1
