"""``deputize key``: issue, list, rotate and revoke the keys to inbound integrations."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from rich.text import Text

from deputize.cli.deployed import OPERATOR, Deployed, Where, with_deployment
from deputize.cli.errors import ExitCode
from deputize.cli.escape import visible
from deputize.cli.faults import told_by_option
from deputize.cli.marks import ABSENT, OK
from deputize.cli.moment import shown_time
from deputize.cli.named import integration_named, key_named, user_named
from deputize.cli.public_address import public_address
from deputize.cli.secret_input import read_hidden
from deputize.cli.table import Cell, Value, write_pairs, write_table
from deputize.cli.terminal import Terminal
from deputize.clock import now
from deputize.credentials.keys import KeyHasher
from deputize.credentials.sealing import Sealer
from deputize.credentials.signing_secrets import SigningSecrets, signing_secret
from deputize.server.documents.integrations import trigger_path
from deputize.server.documents.keys import IssuedKeyDocument, KeyDocument, Keys
from deputize.use_cases.issue_key import issue_key
from deputize.use_cases.keys import IssuedKey, SeenKey
from deputize.use_cases.revoke_key import revoke_key as revoke
from deputize.use_cases.rotate_key import rotate_key as rotate
from deputize.use_cases.see_keys import see_keys
from deputize_client import Secret

#: Characters of an id that lists show.
_ID = 8
_COLUMNS = (
    *("Key", "Kind", "Integration", "For", "Issued by"),
    *("Public half", "Created", "Last used", "State"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Whether the sender's provider has made the signing secret, and where it is read from."""

    given: bool
    #: None: a prompt, or stdin.
    file: str | None

    def read(self) -> Secret | None:
        """Return the secret; None where one is to be made."""
        if not (self.given or self.file):
            return None
        return signing_secret(read_hidden("signing secret", file=self.file))


def create_key(
    where: Where,
    *,
    integration: str,
    user: str,
    given: Given,
    url: str | None,
    as_json: bool,
    plain: bool,
) -> ExitCode:
    """Issue a key to *integration* for *user* and print it, the only time that its secret is shown."""
    terminal = Terminal.open(plain=plain)
    secret = given.read()

    async def work(deployed: Deployed) -> tuple[IssuedKey, str | None]:
        seen = await integration_named(deployed.database, integration)
        await user_named(deployed.database, user)
        address = key_address(deployed, url, needed=seen.integration.method == "url")
        with told_by_option({"/for": f'--for "{user}"', "/secret": "the secret"}):
            issued = await issue_key(
                deployed.database,
                OPERATOR,
                hasher=KeyHasher(deployed.deployment.key),
                signing=signing_secrets(deployed),
                integration_id=seen.integration.id,
                holder=user,
                given=secret,
            )
        return issued, address

    issued, address = with_deployment(where, work)
    show_key_once(terminal, issued, address, as_json=as_json)
    return ExitCode.OK


def rotate_key(
    where: Where, *, key: str, overlap: int, given: Given, url: str | None, as_json: bool, plain: bool
) -> ExitCode:
    """Give *key* a new secret and print it; the old one works for *overlap* seconds more."""
    terminal = Terminal.open(plain=plain)
    secret = given.read()

    async def work(deployed: Deployed) -> tuple[IssuedKey, str | None]:
        seen = await key_named(deployed.database, key)
        address = key_address(deployed, url, needed=seen.kind == "url")
        with told_by_option({"/overlap_seconds": f"--overlap {overlap}", "/secret": "the secret"}):
            issued = await rotate(
                deployed.database,
                OPERATOR,
                hasher=KeyHasher(deployed.deployment.key),
                signing=signing_secrets(deployed),
                key_id=seen.id,
                overlap=timedelta(seconds=overlap),
                given=secret,
            )
        return issued, address

    issued, address = with_deployment(where, work)
    show_key_once(terminal, issued, address, as_json=as_json)
    return ExitCode.OK


def revoke_key(where: Where, *, key: str, as_json: bool, plain: bool) -> ExitCode:
    """Revoke *key*: from now on it opens nothing."""
    terminal = Terminal.open(plain=plain)

    async def work(deployed: Deployed) -> SeenKey:
        seen = await key_named(deployed.database, key)
        await revoke(deployed.database, OPERATOR, key_id=seen.id)
        return await key_named(deployed.database, seen.id)

    seen = with_deployment(where, work)
    if as_json:
        terminal.write_json(KeyDocument.of(seen).model_dump(mode="json"))
    else:
        terminal.write(f"Key {seen.id} of {visible(seen.holder)} opens {visible(seen.integration)} no more.")
    return ExitCode.OK


def list_keys(
    where: Where, *, integration: str | None, user: str | None, as_json: bool, plain: bool
) -> ExitCode:
    """Print keys, the newest first; never what opens."""
    terminal = Terminal.open(plain=plain)

    async def work(deployed: Deployed) -> list[SeenKey]:
        found = None if integration is None else await integration_named(deployed.database, integration)
        return await see_keys(
            deployed.database,
            OPERATOR,
            integration_id=None if found is None else found.integration.id,
            holder=None if user is None else await user_named(deployed.database, user),
        )

    keys = with_deployment(where, work)
    if as_json:
        terminal.write_json(Keys(data=[KeyDocument.of(each) for each in keys]).model_dump(mode="json"))
    elif keys:
        moment = now()
        write_table(terminal, _COLUMNS, [_row(each, moment) for each in keys])
    else:
        terminal.say("No keys.")
    return ExitCode.OK


def key_address(deployed: Deployed, url: str | None, *, needed: bool) -> str | None:
    """Return the server's address; it is *needed* before a key is made that could not be shown without."""
    return public_address(url, deployed.address) if needed or url or deployed.address else None


def show_key_once(terminal: Terminal, issued: IssuedKey, address: str | None, *, as_json: bool) -> None:
    """Print a key that has just been issued, the only time that its secret is shown."""
    document = IssuedKeyDocument.issued(issued, public_url=address or "")
    shown = _shown(document)
    if as_json:
        terminal.write_json(shown)
        return
    write_pairs(terminal, [(name, str(value)) for name, value in shown.items()])
    holder, integration = visible(issued.key.holder), visible(issued.key.integration)
    once = "Shown once: copy it now. It" if issued.secret else "It"
    terminal.say(f"{once} opens {integration} for {holder}, and nothing else.")
    if address is None:
        return
    path = trigger_path(issued.key.integration_id)
    if issued.key.kind == "signature":
        terminal.say(f"The sender signs its requests to {address}{path} with it.")
    elif issued.key.kind == "api-key":
        # Without the secret: curl asks for it, and no list of processes shows it.
        terminal.say(Text(f"Try  curl -u {document.key} --json @FILE {address}{path}"))


def _shown(document: IssuedKeyDocument) -> dict[str, str | None]:
    """Return what opens, and of a secret that was given what it is known by."""
    match document.kind:
        case "url":
            return {"url": document.url}
        case "api-key":
            return {"key": document.key, "secret": document.secret}
        case "signature":
            return {"id": document.id} if document.secret is None else {"secret": document.secret}


def signing_secrets(deployed: Deployed) -> SigningSecrets:
    """Return what seals signing secrets with the key of the deployment."""
    return SigningSecrets(Sealer(deployed.deployment.key))


def _row(key: SeenKey, moment: datetime) -> list[Value]:
    return [
        key.id[:_ID],
        key.kind,
        key.integration,
        key.holder,
        key.issued_by if key.issued_by_other else "themselves",
        key.key_id or "–",
        shown_time(key.created),
        shown_time(key.last_used),
        _state(key, moment),
    ]


def _state(key: SeenKey, moment: datetime) -> Cell:
    if key.ends is None:
        return Cell(text="live", mark=OK)
    if key.ends > moment:
        return Cell(text=f"live until {shown_time(key.ends)}", mark=OK)
    return Cell(text=f"ended {shown_time(key.ends)}", mark=ABSENT)
