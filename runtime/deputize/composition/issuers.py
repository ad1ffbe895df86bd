"""The issuers whose access tokens a project trusts, with their keys."""

from contextlib import AsyncExitStack

from deputize.credentials.fetched_keys import FetchedKeys
from deputize.credentials.issuers import Issuer
from deputize.credentials.key_sets import FixedKeys, KeySet, KeySetUnreadable, KeySource
from deputize.errors import ProjectInvalid
from deputize.project import Project
from deputize.project.sections.oauth import IssuerSection


def open_issuers(stack: AsyncExitStack, project: Project) -> dict[str, Issuer]:
    """Return the issuers by their claim ``iss``; what fetches keys is closed with *stack*.

    Nothing is fetched yet. Raises ``ProjectInvalid`` for a file of keys that cannot be used.
    """
    return {
        section.issuer: Issuer(
            name=name,
            issuer=section.issuer,
            audience=section.audience,
            keys=_keys(stack, project, name, section),
            algorithms=frozenset(section.algorithms),
            types=frozenset(each.lower() for each in section.types),
            user_claim=section.user_claim,
            scope=frozenset(section.scope or ()),
            scopes=dict(section.scopes or {}),
        )
        for name, section in project.file.oauth.issuers.items()
    }


def _keys(stack: AsyncExitStack, project: Project, name: str, section: IssuerSection) -> KeySource:
    if section.jwks_uri is not None:
        fetched = FetchedKeys(issuer=name, address=section.jwks_uri, networks=section.networks)
        stack.push_async_callback(fetched.aclose)
        return fetched
    path = project.root / str(section.jwks)
    where = f'{project.path}: oauth.issuers.{name}.jwks: the file "{section.jwks}"'
    try:
        return FixedKeys(key_set=KeySet.read(path.read_bytes()))
    except OSError as error:
        raise ProjectInvalid(
            f"{where} cannot be read: {error.strerror}. Save the issuer's public keys there."
        ) from None
    except KeySetUnreadable as error:
        raise ProjectInvalid(
            f"{where} holds no keys: {error}. Save what the issuer publishes, unchanged."
        ) from None
