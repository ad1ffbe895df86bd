"""Settings are read from the environment, and what means nothing there is named without its value."""

import pytest

from deputize.cli.serve import ServeCommand, serve_project
from deputize.runtime import Runtime
from deputize.settings import Settings, SettingsInvalid


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        (
            "CONCURRENCY",
            "many",
            "DEPUTIZE_CONCURRENCY: input should be a valid integer, unable to parse string as an integer.",
        ),
        (
            "DRAIN_SECONDS",
            "-1",
            "DEPUTIZE_DRAIN_SECONDS: input should be greater than or equal to 0.",
        ),
        (
            "TRUSTED_PROXIES",
            "10.0.0.1",
            'DEPUTIZE_TRUSTED_PROXIES: a list is written as JSON: ["10.0.0.1"].',
        ),
        (
            "METRICS_TOKEN",
            "too short",
            "DEPUTIZE_METRICS_TOKEN: value should have at least 16 items after validation, not 9.",
        ),
    ],
)
def test_a_value_that_means_nothing_is_named_by_its_variable(monkeypatch, name, value, message):
    monkeypatch.setenv(f"DEPUTIZE_{name}", value)

    with pytest.raises(SettingsInvalid) as refused:
        Settings.read()
    assert str(refused.value) == message


def test_whoever_reads_them_says_so_in_the_same_words(monkeypatch, tmp_path):
    monkeypatch.setenv("DEPUTIZE_CONCURRENCY", "many")
    (tmp_path / "deputize.toml").touch()
    serving = ServeCommand(
        project=tmp_path, data=tmp_path, port=0, concurrency=None, stand_ins=False, as_json=True, plain=True
    )

    with pytest.raises(SettingsInvalid):
        Runtime.open(tmp_path)
    with pytest.raises(SettingsInvalid):
        serve_project(serving)


def test_what_is_set_is_read(monkeypatch):
    monkeypatch.setenv("DEPUTIZE_TRUSTED_PROXIES", '["10.0.0.1"]')
    monkeypatch.setenv("DEPUTIZE_CONCURRENCY", "3")

    settings = Settings.read()
    assert (settings.trusted_proxies, settings.concurrency) == (("10.0.0.1",), 3)
