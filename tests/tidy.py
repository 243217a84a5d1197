"""What the tidy test knows about our sources: which files, which functions, which statements."""

import ast
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GENERATED = re.compile(r"(^|/)(generated|vendor)/|\.gen\.|(^|/)schema\.d\.ts$|package-lock\.json$|\.lock$")
SQL = re.compile(r"\s*(select|insert\s+into|update|delete\s+from|with|merge)\b", re.IGNORECASE)
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def tracked() -> tuple[str, ...]:
    """List what is committed and still here, without what is generated."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    names = [name for name in listed.stdout.split("\0") if name and not GENERATED.search(name)]
    return tuple(name for name in names if (ROOT / name).is_file())


def sources(folder: str, *endings: str) -> list[str]:
    """List the tracked files of a folder by ending."""
    return [name for name in tracked() if name.startswith(f"{folder}/") and name.endswith(endings)]


def text(name: str) -> str:
    """Read a tracked file."""
    return (ROOT / name).read_text()


@cache
def tree(name: str) -> ast.Module:
    """Parse a Python file."""
    return ast.parse(text(name), name)


def functions(name: str) -> Iterator[Function]:
    """Give every function of a file, methods and inner ones included."""
    for node in ast.walk(tree(name)):
        if isinstance(node, Function):
            yield node


def length(function: Function) -> int:
    """Count a function's lines, its docstring and decorators left out."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None:
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def imported_as(name: str) -> dict[str, str]:
    """Map the names of a file to what they were imported from, as dotted paths."""
    names: dict[str, str] = {}
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                names[alias.asname or alias.name.split(".")[0]] = alias.name
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names


def used(name: str) -> Iterator[tuple[int, str]]:
    """Give every dotted name that a file uses, resolved by its imports, with the line."""
    known = imported_as(name)
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Attribute | ast.Name):
            dotted = ast.unparse(node)
            head, _, rest = dotted.partition(".")
            if re.fullmatch(r"[\w.]+", dotted):
                yield node.lineno, ".".join(filter(None, (known.get(head, head), rest)))


@dataclass(frozen=True)
class Statement:
    """An SQL text in a Python file, with the constants it is joined from."""

    file: str
    line: int
    sql: str


CHOSEN_AGAIN = re.compile(r"\bin\s*\(\s*select\b(?:(?!\bin\s*\().)*?\blimit\b[^()]*\bfor\s+update", re.DOTALL)
"""Rows that a statement picks in a subquery which the planner may run once for each row."""


def statements(name: str) -> Iterator[Statement]:
    """Give every SQL text of a file, joined with the module's constants that it names."""
    module = tree(name)
    constants: dict[str, str] = {}
    for node in module.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            constants[node.targets[0].id] = _joined(node.value, constants)
    inner: set[int] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.BinOp | ast.JoinedStr):
            inner |= {id(child) for child in ast.walk(node) if child is not node}
    # A constant that is only ever a part of others is judged in those.
    loaded = [n for n in ast.walk(module) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)]
    parts = {n.id for n in loaded if id(n) in inner} - {n.id for n in loaded if id(n) not in inner}
    for node in module.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in parts:
            inner |= {id(child) for child in ast.walk(node.value)}
    docstrings = {id(node.value) for node in ast.walk(module) if isinstance(node, ast.Expr)}
    for node in ast.walk(module):
        if id(node) in inner or id(node) in docstrings:
            continue
        if isinstance(node, ast.Constant | ast.BinOp | ast.JoinedStr):
            joined = _joined(node, constants)
            if SQL.match(joined):
                yield Statement(name, node.lineno, joined)


def _joined(node: ast.expr, constants: dict[str, str]) -> str:
    """Join the parts of a string as far as they are known here."""
    match node:
        case ast.Constant(value=str(value)):
            return value
        case ast.BinOp(left=left, right=right):
            return _joined(left, constants) + _joined(right, constants)
        case ast.JoinedStr(values=values):
            return "".join(_joined(value, constants) for value in values)
        case ast.FormattedValue(value=value):
            return _joined(value, constants)
        case ast.Name(id=name):
            return constants.get(name, "")
        case ast.Call(func=ast.Attribute(value=value)):
            return _joined(value, constants)
    return ""


@cache
def tenant_tables() -> frozenset[str]:
    """Read the migrations: the tables keyed by merchant; directories, keyed by themselves, are not among them."""
    create = re.compile(r"create\s+table\s+(?:if\s+not\s+exists\s+)?(\w+)\s*\((.*?)\n\)", re.DOTALL | re.IGNORECASE)
    keyed = re.compile(r"primary\s+key\s*\(\s*merchant_id\b", re.IGNORECASE)
    made = [match for name in sources("migrations", ".sql") for match in create.finditer(text(name))]
    return frozenset(match[1].lower() for match in made if keyed.search(match[2]))


def tables_of(sql: str) -> set[str]:
    """Name the tables that a statement reads or writes."""
    named = re.findall(r"\b(?:from|join|into|update(?:\s+only)?|using)\s+(\w+)", sql, re.IGNORECASE)
    return {table.lower() for table in named}
