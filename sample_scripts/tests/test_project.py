"""The project as a whole: its scripts can be compiled, its samples run, its README leaves none out."""

import asyncio
import re
from pathlib import Path

from deputize import Runtime

PROJECT = Path(__file__).parents[1]
SCRIPTS = {f"scripts/{path.name}" for path in PROJECT.glob("scripts/*.py")}
#: What one who may do everything runs; the payload of the strict twin is that of the other.
SAMPLES = sorted(path.stem for path in PROJECT.glob("samples/*.json"))


def integrations():
    return {each.name: each.section.script for each in Runtime.open(PROJECT).project.integrations()}


def test_nothing_is_wrong_with_any_script():
    async def check():
        async with Runtime.open(PROJECT) as runtime:
            return {
                name: [each for each in await runtime.check(name) if each.severity != "note"]
                for name in integrations()
            }

    assert asyncio.run(check()) == {name: [] for name in integrations()}


def test_every_script_belongs_to_an_integration():
    assert set(integrations().values()) == SCRIPTS


def test_every_integration_has_a_sample():
    assert set(integrations()) - set(SAMPLES) == {"acknowledge_strict"}


def test_every_sample_runs_on_a_laptop(run_with_stand_ins, deputize_sample):
    runs = run_with_stand_ins([(name, deputize_sample(name), "dana") for name in SAMPLES])

    assert {name: str(run.state) for name, run in zip(SAMPLES, runs, strict=True)} == dict.fromkeys(
        SAMPLES, "COMPLETED"
    )


def test_the_readme_lists_every_script_and_library():
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| \[`[\w/]+`\]\(([\w/.]+)\)", readme, re.MULTILINE)

    assert sorted(listed) == sorted(SCRIPTS | {f"shared/{path.name}" for path in PROJECT.glob("shared/*.py")})


def test_every_excerpt_in_the_cookbook_is_from_the_script_that_it_names():
    cookbook = (PROJECT.parent / "docs" / "cookbook.md").read_text(encoding="utf-8")
    link, excerpt = r"\(\.\./sample_scripts/([\w/.]+\.py)\)", r"```python notest\n(.*?)```"
    excerpts = re.findall(rf"{link}(?:(?!```).)*?{excerpt}", cookbook, re.DOTALL)

    assert len(excerpts) == cookbook.count("```python notest")
    for path, text in excerpts:
        assert text in (PROJECT / path).read_text(encoding="utf-8")
