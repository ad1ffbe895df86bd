"""What a script that goes too far gets: CANCELED, with the limit's name and how to raise it."""

import pytest

from deputize import RunState


@pytest.mark.parametrize(
    ("limit", "setting", "script"),
    [
        ("wall_seconds", "wall_seconds = 1", "def main(clock):\n    print('before')\n    clock.sleep(30)\n"),
        (
            "cpu_seconds",
            "cpu_seconds = 1",
            "def main():\n    print('before')\n    while True:\n        pass\n",
        ),
        (
            "memory_mb",
            "memory_mb = 32",
            "def main():\n    print('before')\n    kept = []\n    while True:\n        kept.append('x' * 1000000)\n",
        ),
        (
            "log_bytes",
            "log_bytes = 10000",
            "def main():\n    print('before')\n    while True:\n        print('x' * 100)\n",
        ),
        (
            "log_bytes",
            "log_bytes = 1048576",
            "def main():\n    print('before')\n    while True:\n        print('x' * 8000)\n",
        ),
        (
            "result_bytes",
            "result_bytes = 1000",
            "def main():\n    print('before')\n    return 'x' * 5000\n",
        ),
        (
            "calls",
            "calls = 5",
            "def main(http):\n    print('before')\n    while True:\n        http.get('/api/xm/1/people/rob')\n",
        ),
    ],
)
def test_a_limit_ends_the_run_names_itself_and_keeps_what_was_logged(bench, limit, setting, script):
    bench.configure(f"[limits]\n{setting}\n")

    run = bench.run(script)

    assert run.state is RunState.CANCELED
    [hit] = [entry for entry in run.activity if entry.kind == "limit.hit"]
    assert (hit.limit, hit.setting) == (limit, f"limits.{limit}")
    assert hit.value == float(setting.rpartition(" ")[2])
    assert hit.message == (f"Stopped at {setting}. To allow more, raise limits.{limit} in deputize.toml.")
    assert "before" in [entry.message for entry in run.activity if entry.kind == "log"]
    assert run.activity[-1].kind == "run.finished"


def test_calls_made_before_the_limit_stay_made(bench):
    bench.configure("[limits]\ncalls = 2\n")

    run = bench.run(
        "def main(http):\n    for n in range(9):\n        http.put(f'tickets/{n}', endpoint='Tickets', json={})\n"
    )

    assert run.state is RunState.CANCELED
    assert [request.path for request in bench.received["Tickets"]] == ["/base/tickets/0", "/base/tickets/1"]


def test_an_integration_has_bounds_of_its_own(bench):
    script = "def main(clock):\n    for n in range(4):\n        clock.sleep(0)\n    return n\n"
    bench.configure(
        '[limits]\ncalls = 3\n[plans.p.integrations.patient]\nauth = "basic"\nscript = "script.py"\n'
        "limits = { calls = 4 }\n"
    )

    # The path of an integration's script stands for the integration.
    assert bench.run(script).result == 3


def test_a_recursion_without_an_end_is_the_scripts_own_error(bench):
    run = bench.run("def main():\n    return main()\n")

    assert (run.state, run.error.type) == (RunState.FAILED, "RecursionError")


def test_a_long_line_is_cut_and_the_cut_is_recorded(bench):
    run = bench.run("def main(log):\n    log.info('x' * 9000, note='y' * 9000)\n")

    [entry] = [entry for entry in run.activity if entry.kind == "log"]
    assert len(entry.message) == 8192
    assert [(cut.path, cut.bytes, cut.kept) for cut in entry.truncated] == [
        ("/message", 9000, 8192),
        ("/fields/note", 9000, 8192),
    ]


def test_a_script_that_raises_has_failed_with_a_traceback_of_its_own_lines(bench):
    run = bench.run(
        "def inner(data):\n    return data['titel']\n\ndef main():\n    return inner({'title': 1})\n"
    )

    assert run.state is RunState.FAILED
    assert (run.error.code, run.error.type, run.error.message) == ("SCRIPT_RAISED", "KeyError", "'titel'")
    assert [(line.line, line.function, line.text) for line in run.error.traceback] == [
        (5, "main", "return inner({'title': 1})"),
        (2, "inner", "return data['titel']"),
    ]


def test_a_result_that_is_not_json_fails_the_run(bench):
    run = bench.run("def main():\n    return {'when': {1, 2}}\n")

    assert run.state is RunState.FAILED
    assert run.error.type == "TypeError"
