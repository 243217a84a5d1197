"""What the documents name is there: files, links, commands, database functions; and both READMEs say the same."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
READ = [ROOT / name for name in ("README.md", "README.zh-CN.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "STYLE.md")]
GUIDES = [*(ROOT / "docs").glob("*.md"), *(ROOT / "docs" / "guide").glob("*.md"), ROOT / "src/wxsandbox/README.md"]
PATH = re.compile(r"`((?:[\w.-]+/)+[\w.*-]*)`")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
FUNCTION = re.compile(r"`app\.(\w+)` (?:\(|in )`(migrations/\w+\.sql)`")
# Where a document's paths begin; what `make demo` and tests write is not in a clone.
BASES = ("", "src/", "src/tongshang/", "src/wxsandbox/", "web/", "tests/", "docs/")
MADE = ("var/", "tests/storm/found")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("document", [*READ, ROOT / "docs" / "glossary.md"], ids=name)
def test_files_that_are_named_are_there(document: Path) -> None:
    named = {found for found in PATH.findall(document.read_text()) if not found.startswith(MADE)}
    assert [path for path in sorted(named) if not any(list(ROOT.glob(base + path)) for base in BASES)] == []


@pytest.mark.parametrize("document", [*READ, *GUIDES], ids=name)
def test_links_lead_somewhere(document: Path) -> None:
    links = [link for link in LINK.findall(document.read_text()) if "://" not in link]
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_commands_that_are_named_are_there() -> None:
    targets = set(re.findall(r"^([a-z][a-z0-9-]*)(?: [a-z0-9-]+)*:(?!=)", (ROOT / "Makefile").read_text(), re.M))
    targets |= {one for line in re.findall(r"^([a-z0-9 -]+):(?!=)", (ROOT / "Makefile").read_text(), re.M)
                for one in line.split()}  # fmt: skip
    code = re.compile(r"`make ([a-z][a-z0-9-]+)|^make ([a-z][a-z0-9-]+)(?= *(?:#|$|[A-Z]+=))", re.M)
    named = {one or other for document in [*READ, *GUIDES] for one, other in code.findall(document.read_text())}
    assert named
    assert named <= targets


def test_functions_of_the_database_are_where_they_are_said_to_be() -> None:
    said = FUNCTION.findall((ROOT / "ARCHITECTURE.md").read_text())
    assert len(said) == 2
    for function, migration in said:
        made = [str(file.relative_to(ROOT)) for file in sorted((ROOT / "migrations").glob("*.sql"))
                if re.search(rf"create (or replace )?function app\.{function}\(", file.read_text())]  # fmt: skip
        assert made[-1] == migration, (function, made)


def test_every_decision_is_in_the_list() -> None:
    listed = (ROOT / "docs" / "adr" / "README.md").read_text()
    assert [file.name for file in (ROOT / "docs" / "adr").glob("0*.md") if file.name not in listed] == []


def test_both_readmes_say_the_same() -> None:
    english, chinese = ((ROOT / file).read_text() for file in ("README.md", "README.zh-CN.md"))
    for what in (r"`([^`\n]+)`", r"https?://[^\s>)]+", r"\]\(((?!README)[^)]+)\)"):
        assert set(re.findall(what, english)) == set(re.findall(what, chinese)), what
    for mark in ("## ", "| ", "1. ", "- "):
        lines = [sum(line.startswith(mark) for line in text.splitlines()) for text in (english, chinese)]
        assert lines[0] == lines[1], mark
    sections = [re.split(r"^## ", text, flags=re.M) for text in (english, chinese)]
    steps = [[len(re.findall(r"^\d\. ", part, re.M)) for part in parts] for parts in sections]
    assert steps[0] == steps[1]
