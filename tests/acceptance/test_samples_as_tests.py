"""Every sample of the project, run as two users, recorded, and made a test that passes as it was written."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

from deputize import Runtime
from deputize.bundle.as_test import test_of as make_test

PROJECT = Path(__file__).parents[2] / "sample_scripts"
SAMPLES = sorted(path.stem for path in PROJECT.glob("samples/*.json"))
USERS = ("dana", "rob")


def write_all(folder):
    async def go():
        left_out = {}
        for user in USERS:
            async with Runtime.open(PROJECT, stand_ins=True) as runtime:
                for name in SAMPLES:
                    payload = json.loads((PROJECT / "samples" / f"{name}.json").read_text(encoding="utf-8"))
                    run = await runtime.run(name, payload=payload, initiator=user)
                    stem = f"test_{name}_{user}"
                    test = make_test(await runtime.bundle(run.id), stem=stem, project=None)
                    (folder / f"{stem}.py").write_text(test.text, encoding="utf-8")
                    if test.payload_file is not None:
                        (folder / test.payload_file[0]).write_text(test.payload_file[1], encoding="utf-8")
                    left_out[stem] = test.left_out
        return left_out

    return asyncio.run(go())


def python(*arguments, folder):
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
    )


def test_tests_made_of_every_sample_pass_unedited_and_need_no_formatter(tmp_path):
    left_out = write_all(tmp_path)

    (tmp_path / "pytest.ini").write_text(
        f"[pytest]\nasyncio_default_fixture_loop_scope = function\ndeputize_project = {PROJECT}\n",
        encoding="utf-8",
    )
    passed = python("pytest", "-q", "-p", "no:cacheprovider", "-p", "no:schemathesis", folder=tmp_path)
    assert f"{len(SAMPLES) * len(USERS)} passed" in passed.stdout, passed.stdout
    for width in ("88", "110"):
        told = python("ruff", "format", "--isolated", "--diff", "--line-length", width, ".", folder=tmp_path)
        assert told.returncode == 0, told.stdout
    found = python(
        "ruff", "check", "--isolated", "--select", "E,F,I,UP,SIM", "--ignore", "E501", ".", folder=tmp_path
    )
    assert found.returncode == 0, found.stdout
    assert set(left_out.values()) == {()}
