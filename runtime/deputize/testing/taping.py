"""Runs against bundles: the parts of a house that are others for such a run, and the bundle that it makes."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from deputize.composition import House
from deputize.execution.engine import ClientMaker
from deputize.execution.recorder import PLATFORM
from deputize.execution.resources import Resources
from deputize.project import Project, ids
from deputize.project.source import find_script
from deputize.resources import StoredResources
from deputize.settings import Settings
from deputize.testing.mocks import EndpointMocks
from deputize.testing.tape import Tape
from deputize.testing.taped_client import TapedClient, TapedTransport
from deputize_client import (
    AccessTokens,
    BeforeSending,
    BoundClient,
    Client,
    ClientLimits,
    CredentialSource,
    Endpoint,
    GuardedSecret,
    Redactor,
    TokenSource,
    TransportFor,
)


class Taping:
    """Has scripts of *project* run against bundles."""

    def __init__(self, project: Project) -> None:
        self._project = project

    def house_for(self, tape: Tape, *, house: House, mocks: EndpointMocks, script: str) -> House:
        """Return *house*, but that *tape* answers the calls of *script*, and is its clock.

        What its events set off is not on the tape: other runs have the parts that they always have.
        """

        async def real() -> Resources:
            return await self._real_resources(house, script)

        engine = replace(
            house.engine,
            transport=lambda endpoint: TapedTransport(endpoint, tape=tape, mocks=mocks),
            make_client=_client_maker(tape, real),
            script_clock=tape.moment,
            sleep=tape.sleep,
        )
        return replace(house, engine=engine)

    async def _real_resources(self, house: House, script: str) -> Resources:
        """Return what *script* may use, with the secrets that the environment has."""
        plan = find_script(script, project=self._project).plan
        plan_id = None if plan is None else ids.plan_id(plan)
        stored = StoredResources(settings=Settings.read(), sealer=None, stand_ins={})
        return await house.database.read(lambda tx: stored.of_plan(tx, plan_id))


def _client_maker(tape: Tape, real: Callable[[], Awaitable[Resources]]) -> ClientMaker:
    def make(
        *,
        endpoints: Mapping[str, Endpoint],
        credentials: CredentialSource,
        secrets: Mapping[str, GuardedSecret],
        tokens: AccessTokens,
        limits: ClientLimits,
        redactor: Redactor,
        transport: TransportFor | None,
        before_sending: BeforeSending | None,
    ) -> Client:
        live_tokens = TokenSource()

        async def open_live() -> Client:
            resources = await real()
            for secret in resources.known_secrets():
                redactor.register(secret)
            return BoundClient(
                endpoints={**resources.endpoints, PLATFORM: endpoints[PLATFORM]},
                credentials=credentials,
                secrets=resources.secrets,
                tokens=live_tokens,
                limits=limits,
                redactor=redactor,
                before_sending=before_sending,
            )

        recorded = BoundClient(
            endpoints=endpoints,
            credentials=credentials,
            secrets=secrets,
            tokens=tokens,
            limits=limits,
            redactor=redactor,
            transport=transport,
        )
        return TapedClient(recorded, open_live=open_live, live_tokens=live_tokens, tape=tape)

    return make
