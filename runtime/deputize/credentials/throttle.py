"""Slows down guessing: failures are counted per account and source, per account, and per source.

Only passwords are throttled. An API secret and a URL key are 256 random bits and a signing secret is 128
or more, which nobody guesses; and to refuse the right one because of wrong ones would let anybody who knows
a key id, or the address that a provider's webhooks come from, shut its owner out.

The counts, each with how long it lasts from the first failure on:

- 20 failures in a row of one account from one source, 5 minutes;
- 100 failures in a row of one account from everywhere, 1 minute – the longest for which others can keep
  somebody from signing in from a place of their own;
- 300 failures from one source, whoever they are about, 5 minutes.

A success ends the first two. What is refused here is not looked at and so not counted. An account is a
name as it was presented, whether or not somebody has it. Failures are counted when they have happened:
those that are under way together, which ``Passwords`` bounds, come on top. Each process counts by itself.
"""

import hashlib
import ipaddress
import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from limits import RateLimitItem, RateLimitItemPerSecond
from limits.strategies import FixedWindowRateLimiter

from deputize.credentials.counters import Counters

_UNKNOWN = "unknown"
#: An IPv6 subscriber has this many bits of addresses to themselves, at least.
_IPV6_PREFIX = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """So many failures in so many seconds."""

    failures: int
    seconds: int

    def item(self, namespace: str) -> RateLimitItem:
        """Return it as ``limits`` writes it."""
        return RateLimitItemPerSecond(self.failures, self.seconds, namespace=namespace)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowances:
    """How many failures are allowed before one has to wait."""

    account_and_source: Allowance = Allowance(failures=20, seconds=300)
    account: Allowance = Allowance(failures=100, seconds=60)
    source: Allowance = Allowance(failures=300, seconds=300)


@dataclass(frozen=True, slots=True, kw_only=True)
class Throttled:
    """There were too many failures; this attempt was not looked at."""

    #: Seconds after which the next one is.
    retry_after: int
    #: What there were too many failures of.
    of: str


class Throttle:
    """Counts failures. Nothing here waits; a ``Throttled`` says how long to."""

    def __init__(
        self,
        allowances: Allowances | None = None,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        allowed = Allowances() if allowances is None else allowances
        self._pair = allowed.account_and_source.item("account and source")
        self._account = allowed.account.item("account")
        self._source = allowed.source.item("source")
        self._monotonic = monotonic
        self._limiter = FixedWindowRateLimiter(Counters(monotonic))

    def check(self, account: str, source: str | None) -> Throttled | None:
        """Return for how long an attempt at *account* from *source* has to wait; None when it may go on."""
        for item, of in self._counted(account, source):
            if not self._limiter.test(item, *of):
                left = self._limiter.get_window_stats(item, *of).reset_time - self._monotonic()
                return Throttled(retry_after=max(1, math.ceil(left)), of=item.namespace)
        return None

    def failed(self, account: str, source: str | None) -> None:
        """Count a failure."""
        for item, of in self._counted(account, source):
            self._limiter.hit(item, *of)

    def succeeded(self, account: str, source: str | None) -> None:
        """End the failures in a row of *account*; those of its source go on counting."""
        for item, of in self._counted(account, source):
            if item is not self._source:
                self._limiter.clear(item, *of)

    def _counted(self, account: str, source: str | None) -> tuple[tuple[RateLimitItem, tuple[str, ...]], ...]:
        # A digest has no slash, which `limits` puts between the parts, and is short whatever the name is.
        name = hashlib.sha256(account.encode("utf-8", "surrogatepass")).hexdigest()
        place = network_of(source)
        return (self._pair, (name, place)), (self._account, (name,)), (self._source, (place,))


def network_of(address: str | None) -> str:
    """Return what counts as one source: an IPv4 address, the /64 of an IPv6 address, or ``unknown``."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return _UNKNOWN
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    # A zone belongs to this machine's view of the address, not to the address.
    return str(ipaddress.IPv6Network((int(parsed), _IPV6_PREFIX), strict=False).network_address)
