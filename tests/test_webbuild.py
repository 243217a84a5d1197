"""Web builds: once per state of the sources, one at a time, with whichever Node there is."""

import subprocess
import sys
from pathlib import Path

import pytest

from tongshang.app import webbuild
from tongshang.app.terminal import Stop

BUILD = "mkdir -p dist && cp index.html dist/ && echo built >> ../../count"
LOCK = '{"name": "console", "lockfileVersion": 3, "requires": true, "packages": {"": {"name": "console"}}}'


@pytest.fixture
def web(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one small app that needs no packages."""
    app = tmp_path / "web" / "console"
    app.mkdir(parents=True)
    (app / "package.json").write_text(f'{{"name": "console", "scripts": {{"build": "{BUILD}"}}}}')
    (app / "package-lock.json").write_text(LOCK)
    (app / "index.html").write_text("<h1>1</h1>")
    monkeypatch.setattr(webbuild, "ROOT", tmp_path)
    monkeypatch.setattr(webbuild, "WEB", tmp_path / "web")
    return tmp_path


def builds(web: Path) -> int:
    return (web / "count").read_text().count("built")


def test_it_builds_once_per_state_of_the_sources(web: Path) -> None:
    assert not webbuild.built("console")
    webbuild.build(web / "var")
    webbuild.build(web / "var")
    assert webbuild.built("console")
    assert builds(web) == 1
    (web / "web" / "console" / "index.html").write_text("<h1>2</h1>")
    assert not webbuild.built("console")
    webbuild.build(web / "var")
    assert builds(web) == 2
    assert (webbuild.dist("console") / "index.html").read_text() == "<h1>2</h1>"


def test_what_is_shared_is_a_source_and_what_is_built_is_not(web: Path) -> None:
    webbuild.build(web / "var")
    (webbuild.dist("console") / "index.html").write_text("touched")
    assert webbuild.built("console")
    (web / "web" / "shared").mkdir()
    (web / "web" / "shared" / "money.ts").write_text("export {}")
    assert not webbuild.built("console")


def test_two_at_once_build_once(web: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from tongshang.app import webbuild as w\n"
        "root = Path(sys.argv[1]); w.ROOT, w.WEB = root, root / 'web'; w.build(root / 'var')"
    )
    racers = [subprocess.Popen([sys.executable, "-c", script, str(web)]) for _ in range(3)]
    assert [racer.wait(120) for racer in racers] == [0, 0, 0]
    assert builds(web) == 1


def test_a_build_that_fails_says_where_to_look_and_is_not_taken_for_built(
    web: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (web / "web" / "console" / "package.json").write_text(
        '{"name": "console", "scripts": {"build": "echo oh; exit 3"}}'
    )
    with pytest.raises(Stop, match="Building console failed"):
        webbuild.build(web / "var")
    assert not webbuild.built("console")
    assert "oh" in capsys.readouterr().out


def test_the_waiting_page_speaks_both_languages_and_looks_again() -> None:
    page = webbuild.building_page().decode()
    assert "正在构建前端" in page
    assert "Building the web app" in page
    assert 'http-equiv="refresh"' in page
