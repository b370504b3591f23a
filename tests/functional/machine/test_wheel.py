"""The wheel, as somebody gets it: installed in an empty environment without Node, it makes and serves an office."""

import os
import re
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.functional.machine.serving import Served, environment, free_port

PROJECT = Path(__file__).resolve().parents[3]
BUILT = PROJECT / "src" / "openxmo" / "office" / "ui" / "static" / "built"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not BUILT.is_dir():
        pytest.skip("the assets are not built: `make setup` builds them")
    folder = tmp_path_factory.mktemp("wheel")
    line = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(line, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(folder.glob("*.whl"))


@pytest.mark.long
def test_the_wheel_holds_what_it_needs_and_no_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert [name for name in names if "/tests/" in name] == []
    for wanted in (
        "office/config/settings.py",
        "office/ui/static/built/",
        "office/govern/default_office.toml",
        "samples/",
    ):
        assert [name for name in names if f"openxmo/{wanted}" in name], wanted
    assert [name for name in names if name.startswith("openxmo/office/") and name.endswith(".html")]


@pytest.mark.long
@pytest.mark.timeout(600)
def test_an_empty_environment_makes_and_serves_an_office_with_it(wheel: Path, tmp_path: Path) -> None:
    """The libraries are those of this environment, so nothing is fetched; OpenXMO itself is the wheel's alone."""
    venv.create(tmp_path / "env", with_pip=False)
    site = next((tmp_path / "env" / "lib").glob("python3*/site-packages"))
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(site)
    here = Path(next(path for path in sys.path if path.endswith("site-packages")))
    for path in here.iterdir():
        ours = path.name.startswith(("openxmo", "_openxmo", "__editable__")) or path.suffix == ".pth"
        if not ours and "nodejs" not in path.name and not (site / path.name).exists():
            (site / path.name).symlink_to(path)
    python = tmp_path / "env" / "bin" / "python"
    given = environment() | {"PATH": str(tmp_path / "env" / "bin") + os.pathsep + "/usr/bin:/bin"}
    given.pop("PYTHONPATH", None)
    home, port = tmp_path / "office", free_port()

    def xmo(*words: str) -> list[str]:
        return [str(python), "-m", "openxmo.cli", *words]

    told = subprocess.run(
        [str(python), "-c", "import openxmo; print(openxmo.__file__)"],
        env=given,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.startswith(str(site))
    made = subprocess.run(xmo("init", str(home)), env=given, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    served = Served(home, port, tmp_path / "log")
    with served.log.open("wb") as log:
        web = subprocess.Popen(
            xmo("web", "--port", str(port), "--home", str(home)), env=given, stdout=log, stderr=log, cwd=tmp_path
        )
    try:
        served.wait_for_web()
        status, page = served.call("GET", "/accounts/login/")
        assert status == 200, served.log.read_text()
        files = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.decode())
        assert files
        for file in files:
            assert served.call("GET", file)[0] == 200, file
    finally:
        web.terminate()
        web.wait(timeout=30)
