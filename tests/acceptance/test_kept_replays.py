"""Runs that any version has recorded are replayed to the last entry by this one."""

import asyncio
from pathlib import Path

from deputize.bundle.difference import compare
from deputize.bundle.file import SUFFIX
from deputize.bundle.reading import read_bundle
from deputize.bundle.replay import replay
from deputize_sandbox import Sandbox

KEPT = Path(__file__).parents[1] / "replays"
BUNDLES = {str(path.relative_to(KEPT)): path for path in sorted(KEPT.rglob(f"*{SUFFIX}"))}


def test_runs_that_were_kept_are_replayed_to_the_last_entry_for_ever():
    async def go():
        found = {}
        async with Sandbox() as sandbox:
            for name, path in BUNDLES.items():
                bundle = read_bundle(path)
                script = await sandbox.compile(
                    bundle.script.source, filename=bundle.script.path, shared=bundle.script.libraries
                )
                found[name] = compare(bundle, await replay(bundle, script, sandbox=sandbox)).differences
        return found

    found = asyncio.run(go())

    assert len(found) >= 30
    assert found == dict.fromkeys(BUNDLES, ())
