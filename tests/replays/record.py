"""Records every sample of the project as two users, into the folder of this version; what is there stays."""

import asyncio
import json
from importlib.metadata import version
from pathlib import Path

from deputize import Runtime
from deputize.bundle.file import SUFFIX, write_bundle

HERE = Path(__file__).parent
PROJECT = HERE.parents[1] / "sample_scripts"
USERS = ("dana", "rob")


async def record() -> list[Path]:
    """Write the bundles that are missing, and return where they are."""
    folder = HERE / version("deputize")
    written = []
    for user in USERS:
        async with Runtime.open(PROJECT, stand_ins=True) as runtime:
            for sample in sorted(PROJECT.glob("samples/*.json")):
                path = folder / f"{sample.stem}-{user}{SUFFIX}"
                if path.exists():
                    continue
                payload = json.loads(sample.read_text(encoding="utf-8"))
                run = await runtime.run(sample.stem, payload=payload, initiator=user)
                write_bundle(await runtime.bundle(run.id), path)
                written.append(path)
    return written


if __name__ == "__main__":
    for each in asyncio.run(record()):
        print(each.relative_to(HERE.parents[1]))
