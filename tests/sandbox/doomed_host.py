"""A host with guests that never end, for a test that kills it. Prints the number of its zygote."""

import asyncio

from raw_sandbox import RawSandbox, Recorder, raw_script

from deputize_sandbox import Answer, GuestCall, SandboxLimits

GUESTS = 3


class Counting(Recorder):
    """Never answers; knows how many guests wait for it."""

    def __init__(self) -> None:
        super().__init__()
        self.all_there = asyncio.Event()

    async def ask(self, call: GuestCall) -> Answer:
        self.calls.append(call)
        if len(self.calls) == GUESTS:
            self.all_there.set()
        await asyncio.Event().wait()
        raise AssertionError("nobody sets that")


CALL = "{'kind': 'call', 'id': 1, 'capability': 'x', 'method': 'x', 'arguments': {}, 'line': 1}"
#: One that computes, one that sleeps, one that reads; each when the host has heard of it.
SOURCES = ["while True: pass", "import time; time.sleep(1000)", "os.read(fd, 1)"]


async def main() -> None:
    handler = Counting()
    async with RawSandbox() as sandbox:
        runs = [
            asyncio.create_task(
                sandbox.run(
                    raw_script(sandbox, f"os.write(fd, wire.encode({CALL}))\n{source}"),
                    provide={},
                    handler=handler,
                    limits=SandboxLimits(),
                )
            )
            for source in SOURCES
        ]
        await handler.all_there.wait()
        print(sandbox._pool._jail.zygote.pid, flush=True)
        await asyncio.gather(*runs)


asyncio.run(main())
