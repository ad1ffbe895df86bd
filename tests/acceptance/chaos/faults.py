"""What happens to a house: each fault begins at a moment of its own, and is over when it returns."""

import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from tests.acceptance.chaos.house import CONCURRENCY, House, end, guests_of, until, zygote_of


@dataclass(kw_only=True)
class Weather:
    """What faults are made of, and what they may have cost."""

    house: House
    random: Random
    #: The server of the database, where it can be ended, and the name of the database.
    postgresql: Any = None
    database: str = ""
    #: Runs that may have FAILED, since their guests were killed.
    may_fail: int = 0
    #: What was done, in order.
    done: list[str] = field(default_factory=list)


def kill_worker(weather: Weather) -> None:
    """A worker's process is killed."""
    weather.house.kill_worker(weather.random.randrange(len(weather.house.workers)))


def kill_server(weather: Weather) -> None:
    """The server's process is killed."""
    weather.house.kill_server()


def drain_worker(weather: Weather) -> None:
    """A worker is told to stop, and another one takes its place."""
    which = weather.random.randrange(len(weather.house.workers))
    assert weather.house.workers[which].stop() == 0
    weather.house.workers[which] = weather.house.new_worker()
    weather.house.workers[which].start()


def drain_server(weather: Weather) -> None:
    """The server is told to stop, and started anew."""
    weather.house.serving.clear()
    assert weather.house.server.stop() == 0
    weather.house.server.start()
    weather.house.serving.set()


def kill_zygote(weather: Weather) -> None:
    """A zygote is killed, and with it all guests of its process."""
    zygote = zygote_of(weather.random.choice(weather.house.processes))
    if zygote is not None:
        weather.may_fail += CONCURRENCY
        end(zygote)


def kill_guests(weather: Weather) -> None:
    """Guests of one process are killed, whatever they do at the moment."""
    guests = guests_of(weather.random.choice(weather.house.processes))
    for guest in weather.random.sample(guests, min(2, len(guests))):
        weather.may_fail += 1
        end(guest)


def freeze_worker(weather: Weather) -> None:
    """A worker stands still until it has been taken for dead, and comes back."""
    frozen = weather.random.choice(weather.house.workers)
    frozen.signal(signal.SIGSTOP)
    try:
        until(lambda: not _is_counted(weather, frozen.told["worker"]))
    finally:
        frozen.signal(signal.SIGCONT)
    until(lambda: _is_counted(weather, frozen.told["worker"]))


def cut_connections(weather: Weather) -> None:
    """Every connection to the database is cut."""
    weather.postgresql.end_connections(weather.database)


def restart_database(weather: Weather) -> None:
    """The database is killed, and comes back."""
    weather.postgresql.stop()
    weather.postgresql.start()


Fault = Callable[[Weather], None]
#: Of one process on a file of SQLite.
ALONE: Final[Mapping[str, Fault]] = {each.__name__: each for each in (kill_server, kill_zygote, kill_guests)}
#: Of a server and workers on PostgreSQL.
TOGETHER: Final[Mapping[str, Fault]] = ALONE | {
    each.__name__: each for each in (kill_worker, freeze_worker, cut_connections, restart_database)
}
#: What an operator does.
OPERATED: Final[Mapping[str, Fault]] = {drain_server.__name__: drain_server}
OPERATED_TOGETHER: Final[Mapping[str, Fault]] = OPERATED | {drain_worker.__name__: drain_worker}


def _is_counted(weather: Weather, worker: str) -> bool:
    """Whether the others count a worker among those who are there."""
    found = weather.postgresql.ask("SELECT 1 FROM workers WHERE name = %s", [worker], name=weather.database)
    return bool(found)
