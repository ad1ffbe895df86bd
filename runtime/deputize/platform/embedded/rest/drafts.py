"""Scripts in bodies: decoded, checked with what their plan has for them, and kept as new versions."""

import binascii
import hashlib
from base64 import b64decode
from typing import Annotated
from uuid import uuid4

from pydantic import StringConstraints

from deputize.domain.integration import Integration, ScriptVersion
from deputize.domain.plan import Plan
from deputize.domain.start import INBOUND
from deputize.platform.embedded.rest.call import Call
from deputize.platform.embedded.rest.problems import invalid
from deputize.platform.embedded.scripts import Draft

#: A script in base64: 512 KiB of source.
Encoded = Annotated[str, StringConstraints(max_length=700_000)]


def decoded(script: str) -> str:
    """Return the source that *script* carries; raises a 400 for what is no base64 of UTF-8."""
    try:
        return b64decode("".join(script.split()), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeError):
        raise invalid("script", script, "a script in UTF-8, in base64") from None


async def require_sound_script(call: Call, integration: Integration, source: str) -> None:
    """Raise a 400 where *source* cannot be the script of *integration*."""
    plan_id = integration.plan_id
    call.require_sound(
        Draft(
            name=integration.name,
            source=source,
            trigger=INBOUND if integration.inbound else integration.callback,
            has_form=integration.form_id is not None,
            shared=await _shared(call, plan_id),
            endpoints=frozenset(each.name for each in await call.store.endpoints.of_plan(plan_id)),
        )
    )


async def require_sound_library(call: Call, plan: Plan, *, name: str, source: str) -> None:
    """Raise a 400 where *source* cannot be the shared library *name* of *plan*."""
    others = [each for each in await _shared(call, plan.id) if each[0] != name]
    call.require_sound(
        Draft(name=f"shared/{name}", source=source, trigger=None, shared=(*others, (name, source)))
    )


async def next_version(call: Call, owner_id: str, source: str) -> ScriptVersion:
    """Keep *source* as the next version of what *owner_id* names."""
    version = ScriptVersion(
        id=str(uuid4()),
        owner_id=owner_id,
        number=await call.store.scripts.next_number(owner_id),
        sha256=hashlib.sha256(source.encode()).hexdigest(),
        source=source,
        author=call.actor.target_name,
        created=call.now,
    )
    await call.store.scripts.add(version)
    return version


async def _shared(call: Call, plan_id: str) -> tuple[tuple[str, str], ...]:
    found = []
    for library in await call.store.libraries.of_plan(plan_id):
        version = await call.store.scripts.get(library.script_version_id)
        if version is not None and version.runnable:
            found.append((library.name, version.source))
    return tuple(found)
