"""A process that is told to stop: what is under way has the time that is documented, and then goes on elsewhere."""

import signal
from contextlib import ExitStack, contextmanager
from threading import Event

import pytest
from tests.acceptance.chaos.client import client
from tests.acceptance.chaos.house import STEPS, house, until
from tests.acceptance.chaos.oracle import violations
from tests.acceptance.chaos.record import Arrivals, Ledger
from tests.acceptance.chaos.upstream import upstream

#: A busy machine takes several times what one that is at rest does.
pytestmark = pytest.mark.timeout(900)


class Held:
    """A run that waits for the answer to one of its calls until ``gate`` is set."""

    def __init__(self, built, gate, arrivals, ledger):
        self.built = built
        self.gate = gate
        self.arrivals = arrivals
        self.ledger = ledger

    def run(self):
        [run] = self.built.export().values()
        return run

    def kinds(self):
        return [each["kind"] for each in self.run().activity]

    def came(self, step):
        return sum(each.step == step for each in self.arrivals.seen)

    def violations(self):
        return violations(self.ledger, self.arrivals.seen, [self.built.export()], steps=STEPS)


@contextmanager
def held(folder, step, **options):
    """Have a deployment with one run, which is at *step*."""
    gate, arrivals, ledger = Event(), Arrivals(), Ledger()
    with ExitStack() as stack:
        address = stack.enter_context(upstream(arrivals, {step: gate}))
        built = stack.enter_context(house(folder, upstream=address, **options))
        with client(built, ledger) as orders:
            orders.place(1)
            orders.wait()
        until(lambda: any(each.step == step for each in arrivals.seen))
        yield Held(built, gate, arrivals, ledger)
        gate.set()


def test_a_run_under_way_comes_to_its_end_before_its_worker_does(tmp_path, postgresql_url):
    with held(tmp_path, "1/post", store=postgresql_url, workers=1, at_server=0) as deployed:
        [worker] = deployed.built.workers
        worker.signal(signal.SIGTERM)
        until(lambda: "Stopping: runs under way may finish." in (tmp_path / "stderr.txt").read_text())
        deployed.gate.set()

        assert worker.wait() == 0
        assert deployed.run().state == "COMPLETED"
        assert "run.resumed" not in deployed.kinds()
        assert deployed.violations() == []


def test_a_run_that_takes_longer_than_it_is_given_goes_on_after_the_next_start(tmp_path):
    with held(tmp_path, "0/get", DEPUTIZE_DRAIN_SECONDS="0.5") as deployed:
        server = deployed.built.server
        # Nobody answers the run, so that it is the time which ends it.
        assert server.stop() == 0
        deployed.gate.set()
        server.start()
        deployed.built.until_quiet()

        assert deployed.run().state == "COMPLETED"
        assert deployed.kinds().count("run.resumed") == 1
        assert deployed.came("0/get") == 2
        assert deployed.violations() == []


def test_a_call_that_may_not_be_sent_twice_and_is_cut_off_waits_for_an_operator(tmp_path, postgresql_url):
    more = {"store": postgresql_url, "workers": 1, "at_server": 0, "DEPUTIZE_DRAIN_SECONDS": "0.5"}
    with held(tmp_path, "1/post", **more) as deployed:
        [first] = deployed.built.workers
        deployed.built.workers.append(deployed.built.new_worker())
        deployed.built.workers[1].start()
        assert first.stop() == 0
        deployed.built.until_quiet()
        interrupted = deployed.run()
        assert interrupted.state == "INTERRUPTED"
        [call] = interrupted.activity[-1]["calls"]
        assert (call["call"], call["method"]) == (1, "POST")

        deployed.gate.set()
        deployed.built.resume(interrupted.id, {"1": "sent"})
        deployed.built.until_quiet()

        assert deployed.run().state == "COMPLETED"
        assert deployed.came("1/post") == 1
        assert deployed.violations() == []
