"""Imports a plan from a file: all of it or nothing, disabled where somebody has to see to it first.

Theory of operation. The file comes from outside. It is read within bounds, its scripts are compiled and
never run, and then everything is written in one transaction. No inbound integration comes in with a
method, whatever it had: each is disabled until one is chosen. The one exception is asked for in so many
words (``KeepLegacy``): integrations from before there were methods go on as they were, on the plan's legacy
terms. A trial does the same and keeps nothing.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from deputize.authorisation import decide_function
from deputize.credentials.passwords import Busy
from deputize.domain.endpoint import EVERY_PLAN
from deputize.domain.functions import ADMIN
from deputize.plan_file import read_plan_file
from deputize.store import Database, Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.errors import TooBusy, require
from deputize.use_cases.fitting_names import fitting_name
from deputize.use_cases.import_report import ImportReport
from deputize.use_cases.imported_plan import KeptTerms, bring_in
from deputize.use_cases.imported_scripts import imported_scripts
from deputize.use_cases.legacy_terms import refuse_unfit_pair
from deputize.use_cases.names import refuse_unfit_name
from deputize.use_cases.scripts import Checker
from deputize.use_cases.set_password import PasswordHasher
from deputize_client import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class LegacyPair:
    """The name and password that a plan's callers had, all of them the same."""

    name: str
    password: Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepLegacy:
    """How integrations from before there were methods go on."""

    #: Whether the plan had authentication on.
    authenticated: bool
    #: None: it is set later, and until then nobody is let in where *authenticated*.
    pair: LegacyPair | None = None
    #: The name of the user whom the plan's platform endpoint belonged to; None: their calls are refused.
    owner: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """How a plan is to be imported."""

    #: None: as the file says.
    name: str | None = None
    #: None: no integration is legacy.
    keep_legacy: KeepLegacy | None = None
    #: Texts in Python by the integration that each is the port of, or ``shared/LIBRARY``.
    ported: Mapping[str, str] = field(default_factory=dict, repr=False)
    #: Whether nothing is to be kept.
    dry_run: bool = False


class _TriedError(Exception):
    """Ends the transaction of a trial, so that nothing is kept."""

    def __init__(self, report: ImportReport) -> None:
        super().__init__()
        self.report = report


async def import_plan(
    database: Database,
    actor: Actor,
    *,
    checker: Checker,
    hasher: PasswordHasher,
    data: bytes,
    options: ImportOptions,
) -> ImportReport:
    """Import the plan in the zip *data*; return what was made, and what is to be done.

    Raises ``PlanFileInvalid``, ``Conflict`` where there is a plan of that name, ``ScriptRejected`` and
    ``Invalid`` for ports and legacy terms that cannot be used.
    """
    if options.name is not None:
        refuse_unfit_name(options.name)

    async def look(tx: Transaction) -> frozenset[str]:
        require(decide_function(await actor.standing(tx), ADMIN, what="import plans"))
        return frozenset(each.name for each in await tx.endpoints.in_scope(EVERY_PLAN))

    shared_endpoints = await database.read(look)
    # Inflating and reading takes a while, and others are served meanwhile.
    file = await asyncio.to_thread(read_plan_file, data)
    name = options.name or fitting_name(file.plan.name)
    scripts = await imported_scripts(
        file,
        plan=name,
        ported=options.ported,
        checker=checker,
        endpoints=shared_endpoints | {each.name for each in file.endpoints},
    )
    terms = await _terms(options.keep_legacy, hasher)

    async def work(tx: Transaction) -> ImportReport:
        # Checking takes its time; what was allowed before need not be now.
        await look(tx)
        report = await bring_in(tx, actor, file, scripts, name=name, terms=terms)
        if options.dry_run:
            raise _TriedError(report)
        return report

    try:
        return await database.write(work)
    except _TriedError as tried:
        return tried.report.of_a_trial({each.id for each in file.integrations})


async def _terms(keep: KeepLegacy | None, hasher: PasswordHasher) -> KeptTerms | None:
    """Return *keep* with the hash of its password, which takes a while."""
    if keep is None:
        return None
    if keep.pair is None:
        return KeptTerms(authenticated=keep.authenticated, owner=keep.owner)
    refuse_unfit_pair(keep.pair.name, keep.pair.password.reveal())
    hashed = await hasher.hash(keep.pair.password.reveal())
    if isinstance(hashed, Busy):
        raise TooBusy(hashed.retry_after)
    return KeptTerms(
        authenticated=keep.authenticated, owner=keep.owner, pair_name=keep.pair.name, pair_hash=hashed
    )
