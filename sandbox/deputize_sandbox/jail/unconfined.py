"""No jail: what a script's language lets through is done, with all rights of this process.

It is for tests of the language and of the tests themselves, and a test sees to it that nothing else imports
this module. There is no setting that leads here.
"""

from collections.abc import Sequence

from deputize_sandbox.jail.profile import JailProfile
from deputize_sandbox.jail.report import Tier
from deputize_sandbox.sandbox import Sandbox


class Unconfined(Sandbox):
    """Runs scripts in guests that nothing confines; each still serves one run only."""

    def _profiles(self) -> Sequence[JailProfile]:
        return (JailProfile(tier=Tier.UNCONFINED),)
