"""Writes integrations and shared libraries of a plan file, disabled where somebody has to see to them."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Final

from pydantic import JsonValue, ValidationError

from deputize.domain.integration import Integration, ScriptVersion, SharedLibrary
from deputize.domain.limits import Limits
from deputize.domain.plan import Form, Plan
from deputize.domain.retries import Retries
from deputize.store import Transaction
from deputize.use_cases.import_report import ImportedIntegration, ToDoKind, ToDoList
from deputize.use_cases.imported_scripts import ImportedScript, WantedIntegration, WantedLibrary
from deputize.use_cases.kept_ids import kept_integration_id, new_id

#: What a file says of an integration from before there were methods.
_NO_METHOD: Final = (None, "NONE")
#: What a file says where every choice sets an integration off.
_EVERY_CHOICE: Final = (None, "", "ANY")
_RUNS: Final = frozenset({"default", "python", "ported"})
_WHAT: Final = "integration"


class IntegrationImport:
    """Writes what has a script into *plan*; *author* is the name of who imports it.

    *forms* are by what the file names them by. With *keep_legacy* integrations from before there were
    methods go on; without it none does.
    """

    def __init__(
        self,
        tx: Transaction,
        plan: Plan,
        *,
        author: str,
        forms: Mapping[str, Form],
        keep_legacy: bool,
        to_do: ToDoList,
    ) -> None:
        self._tx = tx
        self._plan = plan
        self._author = author
        self._forms = forms
        self._keep_legacy = keep_legacy
        self._to_do = to_do

    async def library(self, wanted: WantedLibrary) -> None:
        """Keep a shared library."""
        library_id = new_id()
        version_id = await self._versions(library_id, wanted.script)
        if version_id is not None:
            await self._tx.libraries.put(
                SharedLibrary(
                    id=library_id, plan_id=self._plan.id, name=wanted.name, script_version_id=version_id
                )
            )

    async def integration(self, wanted: WantedIntegration) -> ImportedIntegration:
        """Keep an integration; return what became of it."""
        record, name = wanted.record, wanted.name
        kept = await kept_integration_id(self._tx, record.id)
        form = None if record.form is None else self._forms.get(record.form)
        choice, known_choice = self._choice(wanted, form)
        integration = Integration(
            id=kept or new_id(),
            plan_id=self._plan.id,
            name=name,
            action=wanted.action,
            callback=wanted.callback,
            form_id=None if form is None else form.id,
            response_choice=choice,
            limits=self._limits({} if record.own is None else record.own.limits, name),
            retries=self._retries(None if record.own is None else record.own.retries, name),
        )
        inbound = integration.inbound
        has_form = form is not None or not (integration.creates_event or not inbound)
        if not has_form:
            self._add("form", "Its form is not in the file, and it is disabled. Set one.", name)
        runs = wanted.script.state in _RUNS and record.deployed and known_choice and has_form
        legacy = inbound and runs and self._keep_legacy and record.auth_type in _NO_METHOD
        integration = replace(
            integration,
            legacy=legacy,
            enabled=legacy or (runs and not inbound),
            script_version_id=await self._versions(integration.id, wanted.script),
        )
        await self._tx.integrations.put(integration)
        if inbound:
            moved = record.id not in (None, integration.id)
            self._tell_callers(name, had=record.auth_type, legacy=legacy, moved=moved)
        return ImportedIntegration(
            id=integration.id,
            name=name,
            inbound=inbound,
            had=record.auth_type if inbound else None,
            legacy=legacy,
            enabled=integration.enabled,
            script=wanted.script.state,
        )

    def _add(self, kind: ToDoKind, detail: str, name: str) -> None:
        self._to_do.add(kind, detail, what=_WHAT, name=name)

    def _tell_callers(self, name: str, *, had: str | None, legacy: bool, moved: bool) -> None:
        if not legacy:
            said = "no method" if had in _NO_METHOD else f"the method {had}"
            self._add(
                "method",
                f"In the file it has {said}; here it is disabled until one is chosen: "
                'PATCH /api/v1/integrations/{integration} with "method" and "enabled". Then give its callers '
                "their credentials.",
                name,
            )
        if moved:
            self._add(
                "address",
                "It has another id than in the file, and so another address, which its callers need.",
                name,
            )

    def _limits(self, limits: Mapping[str, JsonValue], name: str) -> dict[str, JsonValue]:
        if not limits:
            return {}
        try:
            Limits.model_validate(limits)
        except ValidationError:
            self._add("limits", "Its limits mean nothing here and were not taken.", name)
            return {}
        said = ", ".join(f"{key} {value}" for key, value in limits.items())
        self._add("limits", f"It has limits of its own: {said}. See whether they are meant.", name)
        return dict(limits)

    def _retries(self, retries: Mapping[str, JsonValue] | None, name: str) -> dict[str, JsonValue] | None:
        if retries is None:
            return None
        try:
            Retries.model_validate(retries)
        except ValidationError:
            self._add("retries", "Its retries mean nothing here and were not taken.", name)
            return None
        said = ", ".join(f"{key} {value}" for key, value in retries.items())
        self._add("retries", f"Its failed runs are tried again: {said}. See whether that is meant.", name)
        return dict(retries)

    def _choice(self, wanted: WantedIntegration, form: Form | None) -> tuple[str | None, bool]:
        """Return the one choice that sets it off, and whether that is one of its form's."""
        choice = wanted.record.response_choice
        if wanted.callback != "RESPONSE" or choice in _EVERY_CHOICE:
            return None, True
        options: Collection[str] = () if form is None else form.response_options
        if isinstance(choice, str) and (choice in options or not options):
            return choice, True
        self._add(
            "response",
            "The choice that sets it off is none of its form's, and it is disabled. Set response_choice.",
            wanted.name,
        )
        return None, False

    async def _versions(self, owner_id: str, script: ImportedScript) -> str | None:
        """Keep the texts of *script* one after the other; return the id of the last."""
        version_id = None
        for number, (language, source) in enumerate(script.texts, 1):
            version_id = new_id()
            await self._tx.scripts.add(
                ScriptVersion(
                    id=version_id,
                    owner_id=owner_id,
                    number=number,
                    sha256=sha256(source.encode()).hexdigest(),
                    source=source,
                    author=self._author,
                    created=self._tx.now,
                    language=language,
                )
            )
        return version_id
