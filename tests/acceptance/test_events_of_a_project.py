"""What the events of a script set off in turn, without a server: performed, as the same person."""

import asyncio

from deputize import Runtime

PROJECT = """
[users.dana]
roles = ["Company Supervisor"]
[users.rob]
roles = ["REST Web Service User"]
[plans.p.forms.alert]
senders = { roles = ["Company Supervisor"] }
[plans.p.integrations.start]
auth = "basic"
form = "alert"
script = "start.py"
[plans.p.integrations.follow]
on = "STATUS"
form = "alert"
script = "follow.py"
"""
START = "def main(form):\n    return form.post(properties={'Number': 'INC1'}).status_code\n"
FOLLOW = """
def main(callback, initiator, form):
    return [callback.status, callback.event_properties, initiator.id, form.post().status_code]
"""


def run_as(folder, user):
    (folder / "deputize.toml").write_text(PROJECT)
    (folder / "start.py").write_text(START)
    (folder / "follow.py").write_text(FOLLOW)

    async def run():
        async with Runtime.open(folder) as runtime:
            return await runtime.run("start", payload={}, initiator=user), await runtime.settled()

    return asyncio.run(run())


def test_an_event_sets_its_scripts_off_as_its_initiator_and_a_circle_is_refused(tmp_path):
    run, set_off = run_as(tmp_path, "dana")

    assert (run.state, run.result) == ("COMPLETED", 202)
    followed, stopped = set_off
    assert (followed.name, followed.state, followed.initiator.id) == ("follow", "COMPLETED", "dana")
    assert followed.result == ["active", {"Number": "INC1"}, "dana", 202]
    assert (stopped.name, stopped.state) == ("follow", "DENIED")


def test_without_the_right_to_send_nothing_is_set_off(tmp_path):
    run, set_off = run_as(tmp_path, "rob")

    assert (run.state, run.result) == ("COMPLETED", 403)
    assert [refusal.explain.needs for refusal in run.refusals] == [('sender permission on form "alert"',)]
    assert set_off == ()
