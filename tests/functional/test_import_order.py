"""What reaches the disk before what: the order that makes an acknowledged signal survive a power cut."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from openxmo.core.signals.door.importing import drain_inbox, put_batch
from openxmo.core.signals.store.lake import Lake
from tests.functional.importer import SOURCES, make_rows
from tests.functional.test_import_faults import PROJECT
from tests.spec.signals.door import AT, make_lake

Steps = list[tuple[str, str]]  # fsync of a path, or rename to a path


def record(monkeypatch: pytest.MonkeyPatch) -> Steps:
    steps: Steps = []
    fsync, replace = os.fsync, os.replace

    def recorded_fsync(handle: int) -> None:
        fsync(handle)
        steps.append(("fsync", os.readlink(f"/proc/self/fd/{handle}")))

    def recorded_replace(old: str | Path, new: str | Path) -> None:
        replace(old, new)
        steps.append(("rename", str(new)))

    monkeypatch.setattr(os, "fsync", recorded_fsync)
    monkeypatch.setattr(os, "replace", recorded_replace)
    return steps


def place(steps: Steps, kind: str, pattern: str, *, last: bool = False) -> int:
    found = [number for number, (what, path) in enumerate(steps) if what == kind and re.search(pattern, path)]
    assert found, f"no {kind} of {pattern}"
    return found[-1] if last else found[0]


def check_order(steps: Steps, lake: Lake) -> None:
    """Bytes before names, names before the log, the log before the batch leaves the inbox."""
    batch = r"inbox/\.new-[^/]*"
    assert place(steps, "fsync", rf"{batch}/signals\.ndjson$") < place(steps, "fsync", rf"{batch}$")
    assert place(steps, "fsync", rf"{batch}$") < place(steps, "rename", r"inbox/\d[^/]*$")
    acknowledged = place(steps, "rename", r"inbox/\d[^/]*$")
    assert steps[acknowledged + 1] == ("fsync", str(lake.home.inbox))
    rows = place(steps, "fsync", r"lake/signals/month=[^/]*/part-[^/]*\.parquet$", last=True)
    months = place(steps, "fsync", r"lake/signals/month=[^/]*$", last=True)
    rejects = place(steps, "rename", r"rejects/[^/]*\.ndjson$")
    entry = place(steps, "fsync", r"lake/signals/_delta_log/0*1\.json$")
    log = place(steps, "fsync", r"lake/signals/_delta_log$", last=True)
    receipt = place(steps, "fsync", r"lake/receipts/_delta_log$", last=True)
    kept = place(steps, "rename", r"raw/\d[^/]*$")
    assert acknowledged < rows < months < entry < log < receipt < kept
    assert rejects < entry


def test_bytes_reach_the_disk_before_names_and_names_before_the_batch_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = make_lake(tmp_path)
    steps = record(monkeypatch)
    put_batch(lake.home, [make_rows(1)], source=None, by="api", at=AT)
    drain_inbox(lake, sources=SOURCES, by="worker", at=AT)
    check_order(steps, lake)


def read_trace(text: str) -> Steps:
    """`strace -y` names the file of each handle; delta-rs gives its log entry a name by rename or link."""
    steps: Steps = []
    for line in text.splitlines():
        if found := re.search(r"f(?:data)?sync\(\d+<([^>]*)>\) += 0", line):
            steps.append(("fsync", found[1]))
        elif found := re.search(r'(?:rename|link)(?:at2?)?\(.*"([^"]*)"(?:, \w+)?\) += 0', line):
            steps.append(("rename", found[1]))
    return steps


@pytest.mark.skipif(
    shutil.which("strace") is None, reason="strace is not here; the order within Python is tested above"
)
def test_the_kernel_sees_the_same_order_and_no_log_entry_before_its_rows(tmp_path: Path) -> None:
    lake = make_lake(tmp_path)
    trace = tmp_path / "trace"
    calls = "trace=fsync,fdatasync,rename,renameat,renameat2,link,linkat"
    command = ["strace", "-f", "-y", "-s", "400", "-e", calls, "-o", str(trace), sys.executable]
    command += ["-m", "tests.functional.importer", str(lake.home.path), "0", "1", "1"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    if "done" not in done.stdout:
        pytest.skip("this machine lets nothing be traced")
    steps = read_trace(trace.read_text())
    check_order(steps, lake)
    named = place(steps, "rename", r"lake/signals/_delta_log/0*1\.json$")
    assert place(steps, "fsync", r"lake/signals/month=[^/]*$", last=True) < named
    assert named < place(steps, "fsync", r"lake/signals/_delta_log/0*1\.json$")
