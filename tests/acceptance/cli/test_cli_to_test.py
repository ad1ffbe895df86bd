"""``deputize bundle to-test`` from the command line."""


def test_a_recorded_run_becomes_a_test_and_nothing_is_written_over(deputize):
    recorded = deputize(
        *("run", "list_people", "--as", "rob", "--payload", "samples/list_people.json", "--stand-ins"),
        *("--record", "rob.deputize"),
    )
    made = deputize("bundle", "to-test", "rob.deputize", "--plain")
    text = (deputize.folder / "tests" / "test_rob.py").read_text(encoding="utf-8")
    again = deputize("bundle", "to-test", "rob.deputize")

    assert recorded.code == 0, recorded.err
    assert (made.code, made.out) == (0, "wrote tests/test_rob.py\n")
    assert "def test_list_people_run_by_rob_completes(deputize_run, deputize_mock):" in text
    assert again.code == 2
    assert again.err == (
        "error[TEST_THERE]: tests/test_rob.py: there is a file already. Name another with --out, or remove it.\n"
    )
    assert (deputize.folder / "tests" / "test_rob.py").read_text(encoding="utf-8") == text


def test_what_is_no_bundle_makes_no_test(deputize):
    ended = deputize("bundle", "to-test", "deputize.toml")

    assert ended.code == 2
    assert ended.err.startswith("error[BUNDLE_INVALID]: deputize.toml: no bundle of schema 1")
    assert not (deputize.folder / "tests" / "test_deputize.py").exists()
