"""What the server is made of: everything that it is given, and nothing that it makes itself."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from starlette.types import ASGIApp

from deputize.credentials.keys import KeyHasher
from deputize.credentials.password_gate import PasswordGate
from deputize.credentials.signing_keys import SigningKeys
from deputize.credentials.signing_secrets import SigningSecrets
from deputize.domain.decision import Explanation
from deputize.execution.resources import ResourceSource
from deputize.inbound.intake import Intake
from deputize.oauth.authorization_server import AuthorizationServer
from deputize.platform.interface import Foresight, FormStarter
from deputize.server.metrics import Metrics
from deputize.server.pulse import Pulse
from deputize.store import Database
from deputize.use_cases.replay_live import LiveReplay
from deputize.use_cases.scripts import Checker
from deputize.use_cases.set_password import PasswordHasher
from deputize.use_cases.set_secret import Seal

#: Where a platform's own REST API is, in both its generations.
PLATFORM_PATHS: Final = ("/api/xm", "/reapi")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerParts:
    """What ``build_app`` takes."""

    database: Database
    intake: Intake
    #: Whose passwords sign in.
    gate: PasswordGate
    passwords: PasswordHasher
    hasher: KeyHasher
    sealer: Seal
    signing: SigningSecrets
    #: Lets clients act for people.
    oauth: AuthorizationServer
    #: Those that access tokens are signed with.
    signing_keys: SigningKeys
    checker: Checker
    #: Knows what the scripts of each plan may use, and so the secrets that no bundle may hold.
    resources: ResourceSource
    #: Starts forms for those who have signed in, and for the senders of messages.
    forms: FormStarter
    #: Replays runs live.
    replays: LiveReplay
    #: Answers everything below ``platform_paths`` in its own shapes; None where the platform is elsewhere.
    platform: ASGIApp | None = None
    platform_paths: tuple[str, ...] = PLATFORM_PATHS
    #: Signs cursors; the same on every server of the deployment.
    cursor_key: bytes = field(repr=False)
    #: How callers reach the server, ``https://deputize.example``; addresses that are given out begin so.
    public_url: str
    clock: Callable[[], datetime]
    #: Set when the server is to end: streams end, and it is not ready any more.
    stopping: asyncio.Event
    #: Beats when there may be new entries, or a run may have ended.
    pulse: Pulse
    #: Remembers for a script that calls why it was refused, and returns the headers of that answer; None
    #: where no script calls.
    traced: Callable[[Explanation], Mapping[str, str]] | None = None
    #: Knows whom somebody would see; None where the platform does not say.
    foresight: Foresight | None = None
    #: Whether scripts can be run now.
    sandbox_ready: Callable[[], Awaitable[bool]]
    #: How long a password that is set lasts; None: it does not expire.
    password_lifetime: timedelta | None = None
    #: What ``type`` of problems begins with; nothing for this server's own ``/errors/CODE``.
    documentation: str = ""
    #: None: they are shown to nobody.
    metrics: Metrics | None = None
    #: Addresses and networks of the proxies that are believed about whom they speak for.
    trusted_proxies: tuple[str, ...] = ()
