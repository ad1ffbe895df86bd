"""Every sample of the project, run as two users, recorded, and run again to the last entry."""

import asyncio
import json
from pathlib import Path

import pytest

from deputize import Runtime
from deputize.bundle.difference import compare
from deputize.bundle.reading import parse_bundle
from deputize.bundle.replay import replay
from deputize_sandbox import Sandbox

PROJECT = Path(__file__).parents[2] / "sample_scripts"
SAMPLES = sorted(path.stem for path in PROJECT.glob("samples/*.json"))


@pytest.mark.parametrize("user", ["dana", "rob"])
def test_every_sample_is_replayed_to_the_last_entry(user):
    async def go():
        bundles = {}
        async with Runtime.open(PROJECT, stand_ins=True) as runtime:
            for name in SAMPLES:
                payload = json.loads((PROJECT / "samples" / f"{name}.json").read_text(encoding="utf-8"))
                run = await runtime.run(name, payload=payload, initiator=user)
                bundle = await runtime.bundle(run.id)
                bundles[name] = parse_bundle(bundle.text().encode(), where=name)
        found = {}
        async with Sandbox() as sandbox:
            for name, bundle in bundles.items():
                script = await sandbox.compile(
                    bundle.script.source, filename=bundle.script.path, shared=bundle.script.libraries
                )
                found[name] = compare(bundle, await replay(bundle, script, sandbox=sandbox)).differences
        return found

    assert asyncio.run(go()) == dict.fromkeys(SAMPLES, ())
