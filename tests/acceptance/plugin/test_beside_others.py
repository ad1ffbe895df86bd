"""The plugin beside those that are installed with it, in one session, in any order and on several workers."""

TESTS = """
import httpx
import pytest


@pytest.fixture
def desk(deputize_mock):
    return deputize_mock.endpoint("Desk").post("/notes").respond(201)


@pytest.mark.anyio
async def test_with_anyio(deputize_run, desk, anyio_backend):
    assert deputize_run("tell", as_user="dana").result == ["dana", 201]


@pytest.mark.asyncio
async def test_with_asyncio(deputize_run, desk):
    assert deputize_run("tell", as_user="dana").result == ["dana", 201]


def test_with_respx(deputize_run, deputize_mock, desk, respx_mock):
    own = respx_mock.get("https://own.example/").respond(418)
    deputize_mock.endpoint("platform").get("/api/xm/1/people/dana").respond(404)

    assert deputize_run("tell", as_user="dana").result == ["somebody", 201]
    assert httpx.get("https://own.example/").status_code == 418
    assert (own.call_count, desk.call_count) == (1, 1)


@pytest.mark.vcr
@pytest.mark.block_network
def test_with_recording(deputize_run, deputize_mock, desk):
    deputize_mock.endpoint("platform").get("/api/xm/1/people/dana").respond(404)

    assert deputize_run("tell", as_user="dana").result == ["somebody", 201]


@pytest.mark.parametrize("user", ["dana", "rob"])
def test_with_parametrize(deputize_run, desk, user):
    assert deputize_run("tell", as_user=user).sent_as == {user, "service"}


@pytest.fixture
def anyio_backend():
    return "asyncio"
"""


def test_it_works_beside_asyncio_anyio_respx_recording_randomly_and_xdist(session):
    ended = session(TESTS, "-n", "2", "-W", "error")

    assert (ended.code, ended.counted("passed")) == (0, 6), ended.out


def test_a_setting_names_the_project(session, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for name in ("deputize.toml", "tell.py"):
        (tmp_path / name).rename(elsewhere / name)
    ended = session(
        "def test_it(deputize_run, deputize_mock):\n"
        '    deputize_mock.endpoint("Desk").post("/notes").respond(201)\n'
        '    assert deputize_run("tell", as_user="dana").ok\n',
        "-o",
        "deputize_project=elsewhere",
    )

    assert ended.code == 0, ended.out


def test_without_a_project_it_says_where_one_was_looked_for(session, tmp_path):
    (tmp_path / "deputize.toml").unlink()
    ended = session("def test_it(deputize_run): pass\n")

    assert ended.counted("error") == 1
    assert f"{tmp_path}: no deputize.toml here or in a folder above." in ended.out


def test_a_test_that_names_its_users_itself_counts_once(session):
    ended = session(
        """
import pytest

@pytest.fixture
def desk(deputize_mock):
    deputize_mock.endpoint("Desk").post("/notes").respond(201)

def test_named(deputize_run, desk):
    assert deputize_run("tell", as_user="rob").ok

def test_open(deputize_run, desk):
    assert deputize_run("tell").ok
""",
        "--deputize-as=dana,rob",
        "-rs",
    )

    assert (ended.counted("passed"), ended.counted("skipped")) == (3, 1), ended.out
    assert "it names itself who runs its scripts" in ended.out


def test_what_an_event_sets_off_is_held_to_its_routes_and_shown(session, tmp_path):
    with (tmp_path / "deputize.toml").open("a") as project:
        project.write(
            '[plans.p.forms.alert]\nsenders = "all"\n'
            '[plans.p.integrations.alert]\nauth = "basic"\naction = "CREATE_EVENT"\nform = "alert"\nscript = "alert.py"\n'
            '[plans.p.integrations.told]\non = "STATUS"\nform = "alert"\nscript = "told.py"\n'
        )
    (tmp_path / "alert.py").write_text("def main(form):\n    return form.post(properties={}).status_code\n")
    (tmp_path / "told.py").write_text("def main(http):\n    http.post('/told', endpoint='Desk', json={})\n")
    ended = session('def test_it(deputize_run):\n    deputize_run("alert", payload={}, as_user="dana")\n')

    assert ended.counted("failed") == 1
    assert "POST Desk /told       told:2\nNetwork is blocked in tests. To allow this call add\n" in ended.out
    assert "deputize: told (STATUS) as dana, set off" in ended.out
    assert "NO ANSWER: egress_denied  Desk  POST /api/told" in ended.out
