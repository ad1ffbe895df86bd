"""Uses a bit of everything that scripts have."""

import random
import time
import uuid
from datetime import datetime

from deputize.script import Clock, Http, Initiator, Log, Request, Secrets
from shared import sums


def main(request: Request, initiator: Initiator, http: Http, secrets: Secrets, clock: Clock, log: Log):
    log.info("began", who=initiator.name, method=request.method)
    print("drawn", len(str(uuid.uuid4())), 0 <= random.random() < 1)  # noqa: S311 - any number will do
    began = clock.now()
    clock.sleep(90 / 60)
    answers = http.send_all([http.build_request("GET", f"/{each}", endpoint="Desk") for each in "ab"])
    told = http.get("/x", endpoint="Shared", headers={"Authorization": "Splunk " + secrets["splunk"]})
    return {
        "doubled": sums.double(21),
        "began": began.isoformat(),
        "now": datetime.now().isoformat(),  # noqa: DTZ005 - UTC, in scripts
        "time": time.time(),
        "passed": (clock.now() - began).total_seconds(),
        "answers": [each.status_code for each in answers],
        "told": told.json(),
        "secret": str(secrets["splunk"]),
    }
