"""A real upstream: knows what came, answers each request with a receipt, and takes a moment for it."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Final

from tests.acceptance.chaos.record import Arrivals, Step

#: Seconds until an answer: so long a call is under way, and whoever is killed then leaves it so.
_MOMENT: Final = 0.03
#: Seconds between two lines of an answer that is held.
_LINE_SECONDS: Final = 2.0


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, arrivals: Arrivals, gates: Mapping[Step, Event]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.arrivals = arrivals
        self.gates = gates

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever called was killed meanwhile."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"] or 0))
        self._answer()

    def _answer(self) -> None:
        _, _, order, step = self.path.split("/", 3)
        arrival = self.server.arrivals.add(
            int(order), step, method=self.command, idempotency_key=self.headers["Idempotency-Key"]
        )
        time.sleep(_MOMENT)
        body = json.dumps({"receipt": arrival.receipt}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self._hold(step)
        self.end_headers()
        self.wfile.write(body)

    def _hold(self, step: Step) -> None:
        """Answer by and by until the gate is open, so that no limit of the client's ends the call."""
        gate = self.server.gates.get(step)
        while gate is not None and not gate.wait(_LINE_SECONDS):
            self.send_header("X-Held", "still")
            self.flush_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing: what came is noted."""


@contextmanager
def upstream(arrivals: Arrivals, gates: Mapping[Step, Event] | None = None) -> Iterator[str]:
    """Give the address of an upstream that notes what comes in *arrivals*.

    What has one of the *gates* is answered when it is open.
    """
    with _Server(arrivals, gates or {}) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/"
        finally:
            server.shutdown()
            thread.join()
