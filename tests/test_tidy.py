"""The style of the house as a test: sizes, banned calls, docstrings, statements that name their merchant."""

import ast
import re

import pytest

import tidy

FILE_LINES, FUNCTION_LINES, WEB_LINES = 300, 50, 250
# Wall clock, randomness, environment and terminal belong to the platform, and to the entry points named here.
BANNED = {
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
    "time.time",
    "time.time_ns",
    "os.environ",
    "os.getenv",
    "os.urandom",
    "uuid.uuid1",
    "uuid.uuid4",
    "print",
}
BANNED_MODULES = ("random", "secrets")
# random.Random is a type in signatures; making one is for those who make worlds.
ALLOWED_NAMES = {"random", "random.Random"}
MAY = {
    "src/tongshang/platform/": "wraps them",
    "src/tongshang/app/world.py": "makes the world's randomness",
    "src/wxsandbox/clock.py": "is the simulator's clock",
    "src/wxsandbox/dice.py": "is the simulator's randomness",
    "src/wxsandbox/__main__.py": "is an entry point",
    "src/wxsandbox/recorder/__main__.py": "is an entry point",
}
PYTHON = tidy.sources("src", ".py")
MACHINE_PATHS = re.compile(r"(?<![\w.}])/(?:work|farm|root|home/\w+)/|(?<![\w.}])/tmp/[a-z]")
# Written in pieces, so that this file does not name them.
HOSTS = (r"pypi\.(?:org|python)", "python" + "hosted", r"registry\." + "npm", "npm" + "mirror", "tuna" + r"\.tsing")
REGISTRIES = re.compile("|".join(HOSTS))


def test_files_are_small() -> None:
    limits = [(name, FILE_LINES) for name in (*PYTHON, *tidy.sources("tests", ".py"), *tidy.sources("bench", ".py"))]
    limits += [(name, WEB_LINES) for name in tidy.sources("web", ".vue", ".ts", ".js", ".mjs", ".css", ".scss")]
    assert [f"{name}: {lines}" for name, most in limits if (lines := tidy.text(name).count("\n")) > most] == []


def test_functions_are_small() -> None:
    found = [(name, function) for name in PYTHON for function in tidy.functions(name)]
    assert [f"{n}: {f.name} {tidy.length(f)}" for n, f in found if tidy.length(f) > FUNCTION_LINES] == []


def test_clock_randomness_environment_and_terminal_stay_in_the_platform() -> None:
    bad = []
    for name in PYTHON:
        if name.startswith(tuple(MAY)):
            continue
        for line, dotted in tidy.used(name):
            module = dotted.split(".")[0] in BANNED_MODULES and dotted not in ALLOWED_NAMES
            if dotted in BANNED or module:
                bad.append(f"{name}:{line} {dotted}")
    assert bad == []


def test_everything_public_says_what_it_is() -> None:
    bad = [f"{name}: module" for name in PYTHON if not ast.get_docstring(tidy.tree(name))]
    for name in PYTHON:
        for node in tidy.tree(name).body:
            named = isinstance(node, tidy.Function | ast.ClassDef) and not node.name.startswith("_")
            if named and not ast.get_docstring(node):
                bad.append(f"{name}: {node.name}")
    assert bad == []


def test_every_statement_on_a_merchants_table_names_the_merchant() -> None:
    tenants = tidy.tenant_tables()
    bad = []
    for name in tidy.sources("src/tongshang", ".py"):
        for statement in tidy.statements(name):
            tables = tidy.tables_of(statement.sql) & tenants
            if tables and "merchant_id" not in statement.sql:
                bad.append(f"{name}:{statement.line} {', '.join(sorted(tables))}")
    assert bad == []


def test_some_of_many_rows_are_chosen_once() -> None:
    """`in (select … limit … for update)` may be run again for every row, and then takes more than its limit."""
    bad = []
    for name in tidy.sources("src/tongshang", ".py"):
        for statement in tidy.statements(name):
            if tidy.CHOSEN_AGAIN.search(statement.sql):
                bad.append(f"{name}:{statement.line} use = any(array(select …))")
    assert bad == []
    assert tidy.CHOSEN_AGAIN.search(
        "update t set x = 1 where id in (select id from t where (a or b) limit 1 for update)"
    )


def test_the_statement_lint_sees_a_forgotten_merchant() -> None:
    assert tidy.tables_of("select 1 from a join b on true; update c set x = 1") == {"a", "b", "c"}
    assert tidy.tables_of("insert into charge (x) select 1 from refund") == {"charge", "refund"}


def test_the_rules_about_imports_have_no_exceptions() -> None:
    assert "ignore" + "_imports" not in tidy.text("pyproject.toml")


@pytest.mark.parametrize(("pattern", "what"), [(MACHINE_PATHS, "a machine's path"), (REGISTRIES, "a registry's host")])
def test_nothing_committed_names_one_machine(pattern: re.Pattern[str], what: str) -> None:
    bad = []
    for name in tidy.tracked():
        try:
            lines = tidy.text(name).splitlines()
        except UnicodeDecodeError:
            continue  # a picture
        bad += [f"{name}:{number} {what}" for number, line in enumerate(lines, 1) if pattern.search(line)]
    assert bad == []


def test_locks_name_versions_and_hashes_but_no_index() -> None:
    for name in ("requirements.lock", "requirements-dev.lock", "requirements-web.lock"):
        lock = tidy.text(name)
        assert "--hash=sha256:" in lock
        assert "index-url" not in lock
        assert "://" not in lock


def test_the_front_pages_exist_in_both_languages() -> None:
    for name in ("README.md", "README.zh-CN.md"):
        assert "make demo" in tidy.text(name), name
