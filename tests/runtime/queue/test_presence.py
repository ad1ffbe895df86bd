"""Who is taken for gone: nobody whom the watcher could not have seen."""

import pytest

from deputize.queue.presence import Presence

pytestmark = pytest.mark.anyio


class Counts:
    """Stands for the database: what each worker has counted, whose lock is held."""

    def __init__(self, **counts):
        self.counts = counts

    async def read(self, _work):
        return dict(self.counts)

    async def write(self, _work):
        return None


class Watch:
    """A watcher, the clock that it goes by, and whom it has taken for gone."""

    def __init__(self, **counts):
        self.now = 0.0
        self.gone = []
        self.database = Counts(me=0, **counts)
        self.presence = Presence(self.database, None, name="me", clock=lambda: self.now)

    async def look(self, *, after=0.5):
        self.now += after

        async def recover(name):
            self.gone.append(name)

        await self.presence._watch(recover)


@pytest.fixture
def watch(monkeypatch):
    async def held(_self, _name):
        return False

    monkeypatch.setattr(Presence, "_is_free", held)
    return Watch(other=1)


async def test_who_has_not_counted_for_long_is_taken_for_dead(watch):
    for _ in range(20):
        await watch.look()
    assert watch.gone == []
    await watch.look()

    assert watch.gone == ["other"]


async def test_after_a_pause_in_which_nobody_could_count_nobody_is_taken_for_dead(watch):
    """A database that stands still, or the watcher itself, makes all counts old."""
    await watch.look()
    await watch.look(after=60)
    await watch.look()
    assert watch.gone == []

    for _ in range(20):
        watch.database.counts["other"] += 1
        await watch.look()
    assert watch.gone == []
