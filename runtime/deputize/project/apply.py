"""Takes a project file over into the database: people, plans, integrations and what they use.

Theory of operation: done at every start, in one transaction. Each section that is new or has changed
since it was last taken over replaces what is there; an unchanged one leaves what was edited since alone
(``changes.py``). What is declared no more stops working – a user is INACTIVE, a plan and an integration
are disabled, a form can be started in no way – but is not deleted where streams and events refer to it.
"""

from dataclasses import replace
from hashlib import sha256
from uuid import NAMESPACE_URL, uuid4, uuid5

from deputize.domain.endpoint import EVERY_PLAN, SealedSecret, StoredEndpoint
from deputize.domain.integration import Integration, ScriptVersion, SharedLibrary
from deputize.domain.person import Person
from deputize.domain.plan import EVERYBODY, Access, Form, Plan
from deputize.errors import ProjectInvalid
from deputize.project import ids
from deputize.project.changes import Changes
from deputize.project.content import ProjectContent
from deputize.project.events import keep_declared_event
from deputize.project.roles import roles_of
from deputize.project.sections.endpoints import EndpointSection, SecretSection
from deputize.project.sections.people import UserSection
from deputize.project.sections.plans import AccessList, FormSection, IntegrationSection, PlanSection
from deputize.project.take_over_record import note_end_of_legacy, note_take_over
from deputize.project.withdraw import withdraw
from deputize.store import Transaction

#: Who saved a version that came from a file.
AUTHOR = "deputize.toml"
#: What a plan's section holds beside what is said of the plan itself.
_PARTS = ("constants", "forms", "integrations", "endpoints", "secrets", "shared")


async def apply_project(tx: Transaction, content: ProjectContent) -> None:
    """Take *content* over into the database, as the top of this file says."""
    await _Application(tx, content).take_over()


class _Application:
    def __init__(self, tx: Transaction, content: ProjectContent) -> None:
        self._tx = tx
        self._content = content
        self._file = content.project.file
        self._changes = Changes(tx)

    async def take_over(self) -> None:
        await self._roles()
        for name, user in self._file.users.items():
            await self._user(name, user)
        await self._called(EVERY_PLAN, "", self._file.endpoints, self._file.secrets)
        people = {person.target_name: person.id for person in await self._tx.people.all()}
        for name, plan in self._file.plans.items():
            await self._plan(name, plan, people)
        for event in self._file.events:
            # An event lives on: what has become of it since is not undone.
            if not await self._changes.ever("event", event.id):
                await self._changes.new("event", event.id, event)
                await keep_declared_event(self._tx, event, people)
        gone = await self._changes.gone()
        for kind, name in gone:
            await withdraw(self._tx, kind, name)
        await note_take_over(self._tx, taken_over=self._changes.taken_over, withdrawn=gone)

    async def _roles(self) -> None:
        for role in roles_of(self._file):
            said = f"{sorted(role.functions)} {sorted((on, sorted(each)) for on, each in role.on.items())}"
            if await self._changes.new("role", role.name, said):
                await self._tx.roles.put(role)

    async def _user(self, name: str, user: UserSection) -> None:
        taken_over_before = await self._changes.ever("user", name)
        if not await self._changes.new("user", name, user):
            return
        there = await self._tx.people.by_name(name)
        if there is not None:
            person_id = there.id
        elif taken_over_before:
            # Deleted since: whoever has the name now is somebody else, and inherits nothing.
            person_id = str(uuid4())
        else:
            person_id = str(uuid5(NAMESPACE_URL, f"person:{name}"))
        await self._tx.people.put(
            Person(
                id=person_id,
                target_name=name,
                first_name=user.first_name,
                last_name=user.last_name,
                email=user.email,
                language=user.language,
                timezone=user.timezone,
                status=user.status,
                roles=frozenset(user.roles),
            )
        )
        if user.status != "ACTIVE":
            await self._tx.oauth.revoke_grants_of(person_id, self._tx.now)

    async def _called(
        self, scope: str, plan: str, endpoints: dict[str, EndpointSection], secrets: dict[str, SecretSection]
    ) -> None:
        for name, endpoint in endpoints.items():
            if await self._changes.new("endpoint", f"{plan}/{name}", endpoint):
                definition = endpoint.model_dump(mode="json")
                await self._tx.endpoints.put(StoredEndpoint(scope=scope, name=name, definition=definition))
        for name, secret in secrets.items():
            if await self._changes.new("secret", f"{plan}/{name}", secret):
                there = await self._tx.secrets.get(scope, name)
                await self._tx.secrets.put(
                    SealedSecret(
                        scope=scope,
                        name=name,
                        endpoints=frozenset(secret.endpoints),
                        # Its value is set elsewhere: sealed here, or in the environment.
                        sealed=there.sealed if there else b"",
                        changed=self._tx.now,
                    )
                )

    async def _plan(self, name: str, plan: PlanSection, people: dict[str, str]) -> None:
        plan_id = ids.plan_id(name)
        there = await self._tx.plans.by_name(name)
        if there is not None and there.id != plan_id:
            raise ProjectInvalid(
                f'plans.{name}: a plan "{name}" was imported, and the file declares none over it. '
                "Give one of them another name."
            )
        head = plan.model_copy(
            update={
                "constants": {},
                "forms": {},
                "integrations": {},
                "endpoints": {},
                "secrets": {},
                "shared": {},
            }
        )
        if await self._changes.new("plan", name, head):
            await self._tx.plans.put(
                Plan(
                    id=plan_id,
                    name=name,
                    enabled=plan.enabled,
                    access=_access(plan.access, people),
                    requests_per_minute=plan.requests_per_minute,
                )
            )
        for key, value in plan.constants.items():
            if await self._changes.new("constant", f"{name}/{key}", value):
                await self._tx.constants.put(plan_id, key, value)
        await self._called(plan_id, name, plan.endpoints, plan.secrets)
        for key, form in plan.forms.items():
            await self._form(name, key, form, people)
        for key in plan.shared:
            await self._library(name, key)
        for key, integration in plan.integrations.items():
            await self._integration(name, key, integration)

    async def _form(self, plan: str, name: str, form: FormSection, people: dict[str, str]) -> None:
        if await self._changes.new("form", f"{plan}/{name}", form):
            await self._tx.forms.put(
                Form(
                    id=ids.form_id(plan, name),
                    plan_id=ids.plan_id(plan),
                    name=name,
                    senders=_access(form.senders, people),
                    start=frozenset(form.start),
                    response_options=form.response_options,
                )
            )

    async def _library(self, plan: str, name: str) -> None:
        source = self._content.libraries.get((plan, name))
        if source is not None and await self._changes.new("library", f"{plan}/{name}", source):
            library_id = ids.library_id(plan, name)
            version = await self._version(library_id, source)
            await self._tx.libraries.put(
                SharedLibrary(
                    id=library_id, plan_id=ids.plan_id(plan), name=name, script_version_id=version.id
                )
            )

    async def _integration(self, plan: str, name: str, section: IntegrationSection) -> None:
        integration_id = ids.integration_id(plan, name)
        where = f"{plan}/{name}"
        there = await self._tx.integrations.get(integration_id)
        declared = await self._changes.new("integration", where, section)
        integration = there
        if there is None or declared:
            integration = Integration(
                id=integration_id,
                plan_id=ids.plan_id(plan),
                name=name,
                action=None if section.on else section.action or "RUN_SCRIPT",
                callback=section.on,
                form_id=ids.form_id(plan, section.form) if section.form else None,
                response_choice=section.response,
                method=section.auth,
                signature=None if section.signature is None else section.signature.kept(),
                enabled=section.enabled,
                script_version_id=there.script_version_id if there else None,
                limits=section.limits.model_dump(exclude_unset=True),
                retries=None if section.retries is None else section.retries.model_dump(exclude_unset=True),
            )
        source = self._content.scripts.get((plan, name))
        if source is not None and await self._changes.new("script", where, source):
            version = await self._version(integration_id, source)
            integration = replace(integration, script_version_id=version.id) if integration else None
        if integration is None or integration == there:
            return
        if there is not None and there.legacy:
            # The section names what the caller is authenticated by: that is a choice.
            integration = replace(integration, method=section.auth, legacy=False)
            await note_end_of_legacy(self._tx, integration, where=where)
        await self._tx.integrations.put(integration)

    async def _version(self, owner_id: str, source: str) -> ScriptVersion:
        version = ScriptVersion(
            id=str(uuid4()),
            owner_id=owner_id,
            number=await self._tx.scripts.next_number(owner_id),
            sha256=sha256(source.encode()).hexdigest(),
            source=source,
            author=AUTHOR,
            created=self._tx.now,
        )
        await self._tx.scripts.add(version)
        return version


def _access(access: AccessList, people: dict[str, str]) -> Access:
    if access == "all":
        return EVERYBODY
    return Access(
        roles=frozenset(access.roles),
        people=frozenset(people[name] for name in access.users if name in people),
    )
