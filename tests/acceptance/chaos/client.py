"""A client that places orders, each with a number that no other has, and keeps a ledger of what was said."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from queue import Queue
from threading import Thread
from typing import Final

import httpx
from tests.acceptance.chaos.house import House, until
from tests.acceptance.chaos.record import PATIENCE, Ledger

#: Connections at the same time.
_LANES: Final = 4


class Client:
    """Places orders at a house. One that is not answered, or refused, is not placed again, but another is."""

    def __init__(self, house: House, ledger: Ledger) -> None:
        self._house = house
        self._ledger = ledger
        self._waiting: Queue[int | None] = Queue()
        self._numbers = count(1)

    def place(self, number: int) -> None:
        """Have so many orders be placed, by and by, until they are acknowledged."""
        for _ in range(number):
            self._waiting.put(next(self._numbers))

    def wait(self) -> None:
        """Return when what was to be placed has been."""
        self._waiting.join()

    def keep_placing(self) -> None:
        """Place what is to be placed, until there is a None."""
        while (order := self._waiting.get()) is not None:
            try:
                while not self._place(order):
                    until(self._is_ready)
                    order = next(self._numbers)
            finally:
                self._waiting.task_done()

    def end(self) -> None:
        """Have every lane end after what was to be placed."""
        for _ in range(_LANES):
            self._waiting.put(None)

    def _is_ready(self) -> bool:
        """Whether it is time to try again."""
        self._house.serving.wait(PATIENCE)
        try:
            with self._house.server.client() as client:
                return client.get("/readyz").status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    def _place(self, order: int) -> bool:
        """Place an order; return whether it was acknowledged."""
        self._ledger.place(order)
        try:
            answer = self._house.request("order", {"order": order})
        except httpx.TransportError:
            self._ledger.answered(order, None)
            return False
        run = answer.json()["requestId"] if answer.status_code == httpx.codes.ACCEPTED else None
        self._ledger.answered(order, answer.status_code, run)
        return run is not None


@contextmanager
def client(house: House, ledger: Ledger) -> Iterator[Client]:
    """Have a client that places what it is told to while the context lasts."""
    placing = Client(house, ledger)
    lanes = [Thread(target=placing.keep_placing, daemon=True) for _ in range(_LANES)]
    for each in lanes:
        each.start()
    try:
        yield placing
    finally:
        placing.end()
        for each in lanes:
            each.join(PATIENCE)
