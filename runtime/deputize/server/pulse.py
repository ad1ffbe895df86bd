"""Tells those who follow the activity stream that it may have gone on."""

import asyncio


class Pulse:
    """Beats; whoever has asked to be woken is woken. It carries nothing, and missing it costs a moment."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def beat(self) -> None:
        """Wake everybody who waits."""
        beaten, self._next = self._next, asyncio.Event()
        beaten.set()

    @property
    def next(self) -> asyncio.Event:
        """Return what the next beat sets. Take it before looking, so that no beat is missed in between."""
        return self._next


async def either(events: tuple[asyncio.Event, ...], *, seconds: float) -> None:
    """Wait until one of *events* is set, or for *seconds*."""
    waiting = [asyncio.ensure_future(each.wait()) for each in events]
    try:
        await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in waiting:
            each.cancel()
