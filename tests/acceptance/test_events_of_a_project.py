"""What the events of a script set off in turn, without a server: performed, as the same person."""

import pytest

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


@pytest.fixture
def deputize_project(tmp_path):
    for name, text in (("deputize.toml", PROJECT), ("start.py", START), ("follow.py", FOLLOW)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_an_event_sets_its_scripts_off_as_its_initiator_and_a_circle_is_refused(deputize_run):
    run = deputize_run("start", payload={}, as_user="dana")
    followed, stopped = deputize_run.settled()

    assert (run.state, run.result) == ("COMPLETED", 202)
    assert (followed.name, followed.state, followed.initiator.id) == ("follow", "COMPLETED", "dana")
    assert followed.result == ["active", {"Number": "INC1"}, "dana", 202]
    assert (stopped.name, stopped.state) == ("follow", "DENIED")


def test_without_the_right_to_send_nothing_is_set_off(deputize_run):
    run = deputize_run("start", payload={}, as_user="rob")

    assert (run.state, run.result) == ("COMPLETED", 403)
    assert [refusal.explain.needs for refusal in run.refusals] == [('sender permission on form "alert"',)]
    assert deputize_run.settled() == ()
