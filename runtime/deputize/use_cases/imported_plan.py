"""Writes what a plan file has into the database, in the transaction of the import, and says what it did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from deputize.domain.endpoint import EVERY_PLAN
from deputize.domain.legacy import LegacyTerms
from deputize.domain.person import Person
from deputize.domain.plan import EVERYBODY, Access, Form, Plan, StartWay
from deputize.plan_file import PlanFile
from deputize.plan_file.records import FormRecord, OwnAccess
from deputize.store import Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.audit_trail import note
from deputize.use_cases.errors import Conflict, Fault, Invalid
from deputize.use_cases.fitting_names import FittingNames
from deputize.use_cases.import_report import ImportReport, ToDoList
from deputize.use_cases.imported_endpoints import imported_endpoints
from deputize.use_cases.imported_integrations import IntegrationImport
from deputize.use_cases.imported_scripts import ImportedScripts
from deputize.use_cases.kept_ids import kept_form_id, new_id
from deputize.use_cases.legacy_terms import put_terms


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptTerms:
    """How legacy integrations go on, with the hash of their pair's password."""

    authenticated: bool
    #: The name of a user.
    owner: str | None
    pair_name: str | None = None
    pair_hash: str | None = field(default=None, repr=False)


async def bring_in(
    tx: Transaction,
    actor: Actor,
    file: PlanFile,
    scripts: ImportedScripts,
    *,
    name: str,
    terms: KeptTerms | None,
) -> ImportReport:
    """Write the plan of *file* as *name*, and all that it holds; *terms* are for legacy integrations.

    Raises ``Conflict`` where there is a plan of that name, ``Invalid`` for an owner who is nobody.
    """
    if await tx.plans.by_name(name) is not None:
        raise Conflict(
            f'There is a plan "{name}" already, and an import changes none. Give it another name (--name).'
        )
    return await _PlanImport(tx, actor, name).bring_in(file, scripts, terms)


class _PlanImport:
    def __init__(self, tx: Transaction, actor: Actor, name: str) -> None:
        self._tx = tx
        self._actor = actor
        self._name = name
        self._to_do = ToDoList(name)

    async def bring_in(
        self, file: PlanFile, scripts: ImportedScripts, terms: KeptTerms | None
    ) -> ImportReport:
        owner = None if terms is None or terms.owner is None else await self._owner(terms.owner)
        plan = await self._plan(file, owner)
        forms = await self._forms(file, plan)
        endpoints = imported_endpoints(file.endpoints, plan=plan, let_out=await self._let_out())
        for endpoint in endpoints.endpoints:
            await self._tx.endpoints.put(endpoint)
        constants = await self._constants(file, plan)
        scripted = IntegrationImport(
            self._tx,
            plan,
            author=self._actor.name,
            forms=forms,
            keep_legacy=terms is not None,
            to_do=self._to_do,
        )
        for library in scripts.libraries:
            await scripted.library(library)
        report = ImportReport(
            dry_run=False,
            plan_id=plan.id,
            plan=plan.name,
            integrations=tuple([await scripted.integration(each) for each in scripts.integrations]),
            forms=tuple(dict.fromkeys(each.name for each in forms.values())),
            libraries=tuple(each.name for each in scripts.libraries),
            endpoints=tuple(each.name for each in endpoints.endpoints),
            constants=constants,
            to_do=(),
            ignored=file.ignored,
        )
        if terms is not None and report.legacy:
            await self._keep(terms, plan, owner)
        await self._note(report, terms, owner)
        return replace(report, to_do=(*self._to_do.entries, *scripts.to_do, *endpoints.to_do))

    async def _owner(self, name: str) -> Person:
        person = await self._tx.people.by_name(name)
        if person is None or not person.active:
            raise Invalid(Fault(pointer="/owner", detail="There is no active user of this name."))
        return person

    async def _plan(self, file: PlanFile, owner: Person | None) -> Plan:
        own = file.plan.own
        if own is None:
            access = Access()
            self._to_do.add(
                "access",
                "The file does not say who has access to the plan, and nobody has but administrators. "
                'Give it: PATCH /api/v1/plans/{plan} with "access".',
            )
        else:
            access = await self._access(own.access, what="plan")
        if owner is not None:
            # As whom its legacy integrations call, which is judged as that user's.
            access = replace(access, people=access.people | {owner.id})
        plan = Plan(
            id=new_id(),
            name=self._name,
            enabled=file.plan.active,
            access=access,
            requests_per_minute=None if own is None else own.requests_per_minute,
        )
        await self._tx.plans.put(plan)
        return plan

    async def _access(self, own: OwnAccess, *, what: str, name: str | None = None) -> Access:
        known = {each.name for each in await self._tx.roles.all()}
        for role in own.roles:
            if role not in known:
                detail = f'In the file the role "{role}" has access, and there is no such role.'
                self._to_do.add("role", detail, what=what, name=name)
        if own.people:
            people = "a person" if own.people == 1 else f"{own.people} people"
            detail = f"In the file {people} had access by name, whom it does not name. Give it anew."
            self._to_do.add("access", detail, what=what, name=name)
        return Access(everybody=own.everybody, roles=frozenset(own.roles) & known)

    async def _let_out(self) -> frozenset[str]:
        secrets = await self._tx.secrets.in_scope(EVERY_PLAN)
        return frozenset(name for each in secrets for name in each.endpoints)

    async def _constants(self, file: PlanFile, plan: Plan) -> tuple[str, ...]:
        names = FittingNames("constant", plan.name)
        given = {names.fit(each.name): each.value for each in file.constants}
        for name, value in given.items():
            await self._tx.constants.put(plan.id, name, value)
        self._to_do.entries += names.to_do
        return tuple(given)

    async def _forms(self, file: PlanFile, plan: Plan) -> Mapping[str, Form]:
        """Return the forms by what integrations of the file name them by: their ids and names in it."""
        names = FittingNames("form", plan.name)
        found: dict[str, Form] = {}
        for record in sorted(file.forms, key=lambda each: each.order):
            form = await self._form(record, plan, names.fit(record.name))
            await self._tx.forms.put(form)
            found.setdefault(record.name, form)
            if record.id is not None:
                found.setdefault(record.id, form)
        self._to_do.entries += names.to_do
        return found

    async def _form(self, record: FormRecord, plan: Plan, name: str) -> Form:
        responses = sorted(record.responses, key=lambda each: each.order)
        own = record.own
        return Form(
            id=await kept_form_id(self._tx, record.id) or new_id(),
            plan_id=plan.id,
            name=name,
            # A file of another program does not say; whoever has access to the plan then may.
            senders=EVERYBODY if own is None else await self._access(own.senders, what="form", name=name),
            start=_start(record),
            response_options=tuple(dict.fromkeys(each.text for each in responses)),
        )

    async def _keep(self, terms: KeptTerms, plan: Plan, owner: Person | None) -> None:
        await put_terms(
            self._tx,
            self._actor,
            plan,
            LegacyTerms(
                plan_id=plan.id,
                authenticated=terms.authenticated,
                name=terms.pair_name,
                hash=terms.pair_hash,
                owner=None if owner is None else owner.id,
                imported=self._tx.now,
            ),
        )
        if owner is None:
            self._to_do.add("owner", "Legacy integrations have nobody to call as: their calls are refused.")
        if terms.authenticated and terms.pair_hash is None:
            self._to_do.add("owner", "Legacy integrations let nobody in until the plan's pair is set.")

    async def _note(self, report: ImportReport, terms: KeptTerms | None, owner: Person | None) -> None:
        detail: dict[str, Any] = {
            "integrations": [each.name for each in report.integrations],
            "to_port": [each.name for each in report.integrations if each.script == "to-port"],
        }
        if terms is not None:
            detail |= {
                "legacy": list(report.legacy),
                "authenticated": terms.authenticated,
                "pair": terms.pair_name,
                "owner": None if owner is None else owner.target_name,
            }
        await note(self._tx, self._actor, "plan.imported", f"plan:{report.plan}", **detail)


def _start(record: FormRecord) -> frozenset[StartWay]:
    ways: Sequence[tuple[StartWay, bool]] = (
        ("ui", record.ui),
        ("api", record.api),
        ("mobile", record.mobile),
        ("email", record.email),
    )
    return frozenset(way for way, is_open in ways if is_open)
