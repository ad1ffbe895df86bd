"""``deputize client``: register clients of OAuth, see them, end and renew what they may."""

from rich.text import Text

from deputize.cli.deployed import OPERATOR, Deployed, Where, with_deployment
from deputize.cli.errors import ExitCode
from deputize.cli.escape import visible
from deputize.cli.faults import told_by_option
from deputize.cli.marks import ABSENT, OK
from deputize.cli.moment import shown_time
from deputize.cli.named import client_named
from deputize.cli.table import Cell, Value, write_pairs, write_table
from deputize.cli.terminal import Terminal
from deputize.credentials.keys import KeyHasher
from deputize.credentials.sealing import Sealer
from deputize.credentials.signing_keys import SigningKeys
from deputize.server.documents.clients import ClientDocument, Clients, ClientWithSecretDocument
from deputize.use_cases.change_client import ClientChange, change_client
from deputize.use_cases.clients import ClientWithSecret, SeenClient
from deputize.use_cases.register_client import NewClient, register_client
from deputize.use_cases.rotate_client_secret import rotate_client_secret
from deputize.use_cases.rotate_signing_key import rotate_signing_key
from deputize.use_cases.see_clients import see_clients


def create_client(where: Where, *, new: NewClient, as_json: bool, plain: bool) -> ExitCode:
    """Register *new* and print it, the only time that a secret of it is shown."""
    terminal = Terminal.open(plain=plain)

    async def work(deployed: Deployed) -> ClientWithSecret:
        with told_by_option(_options(new)):
            return await register_client(
                deployed.database, OPERATOR, hasher=KeyHasher(deployed.deployment.key), new=new
            )

    _show_once(terminal, with_deployment(where, work), as_json=as_json)
    return ExitCode.OK


def rotate_secret(where: Where, *, client: str, as_json: bool, plain: bool) -> ExitCode:
    """Give *client* a new secret and print it; the old one is no good at once."""
    terminal = Terminal.open(plain=plain)

    async def work(deployed: Deployed) -> ClientWithSecret:
        seen = await client_named(deployed.database, client)
        hasher = KeyHasher(deployed.deployment.key)
        return await rotate_client_secret(
            deployed.database, OPERATOR, hasher=hasher, client_id=seen.client.id
        )

    _show_once(terminal, with_deployment(where, work), as_json=as_json)
    return ExitCode.OK


def rotate_tokens_key(where: Where, *, as_json: bool, plain: bool) -> ExitCode:
    """Have access tokens signed with a new key, and print its id."""
    terminal = Terminal.open(plain=plain)

    async def work(deployed: Deployed) -> str:
        keys = SigningKeys(Sealer(deployed.deployment.key))
        return await rotate_signing_key(deployed.database, OPERATOR, keys=keys)

    key_id = with_deployment(where, work)
    if as_json:
        terminal.write_json({"id": key_id})
    else:
        terminal.write(f"Access tokens are signed with the key {key_id} from now on.")
    return ExitCode.OK


def set_enabled(where: Where, *, client: str, enabled: bool, as_json: bool, plain: bool) -> ExitCode:
    """Let *client* be enabled or not; it counts from the next request on."""
    terminal = Terminal.open(plain=plain)

    async def work(deployed: Deployed) -> SeenClient:
        seen = await client_named(deployed.database, client)
        return await change_client(
            deployed.database, OPERATOR, client_id=seen.client.id, change=ClientChange(enabled=enabled)
        )

    seen = with_deployment(where, work)
    if as_json:
        terminal.write_json(ClientDocument.of(seen).model_dump(mode="json"))
    elif enabled:
        terminal.write(f"{visible(seen.client.name)} is enabled, with what people have granted to it.")
    else:
        terminal.write(
            f"{visible(seen.client.name)} is disabled: it gets no tokens, and its tokens are refused."
        )
    return ExitCode.OK


def list_clients(where: Where, *, as_json: bool, plain: bool) -> ExitCode:
    """Print clients, by name; never a secret."""
    terminal = Terminal.open(plain=plain)
    clients = with_deployment(where, lambda deployed: see_clients(deployed.database, OPERATOR))
    if as_json:
        documents = Clients(data=[ClientDocument.of(each) for each in clients])
        terminal.write_json(documents.model_dump(mode="json"))
    elif clients:
        columns = ("Client", "Name", "Kind", "Grants", "Scope", "Created", "State")
        write_table(terminal, columns, [_row(each) for each in clients])
    else:
        terminal.say("No clients.")
    return ExitCode.OK


def _options(new: NewClient) -> dict[str, str]:
    """Return what the pointers of faults stand for on the command line."""
    return {
        "/name": f'"{visible(new.name)}"',
        "/redirect_uris": "--redirect-uri",
        "/grants": "--grant",
        "/scope": "--scope",
        **{
            f"/redirect_uris/{n}": f"--redirect-uri {visible(each)}"
            for n, each in enumerate(new.redirect_uris)
        },
        **{f"/grants/{n}": f"--grant {visible(each)}" for n, each in enumerate(new.grants)},
        **{f"/scope/{n}": f"--scope {visible(each)}" for n, each in enumerate(new.scope)},
    }


def _show_once(terminal: Terminal, registered: ClientWithSecret, *, as_json: bool) -> None:
    document = ClientWithSecretDocument.shown_once(registered)
    if as_json:
        terminal.write_json(document.model_dump(mode="json"))
        return
    pairs: list[tuple[str, Value]] = [("client_id", document.id)]
    if document.secret is not None:
        pairs.append(("client_secret", document.secret))
    write_pairs(terminal, pairs)
    name = visible(document.name)
    if document.secret is None:
        terminal.say(Text(f"{name} is public: it has no secret, and proves itself with PKCE."))
    else:
        terminal.say(Text(f"Shown once: copy the secret of {name} now."))


def _row(seen: SeenClient) -> list[Value]:
    client = seen.client
    return [
        client.id,
        client.name,
        "public" if client.secret_hash is None else "confidential",
        ", ".join(sorted(client.grants)),
        ", ".join(sorted(client.scope)),
        shown_time(client.created),
        Cell(text="enabled", mark=OK) if client.enabled else Cell(text="disabled", mark=ABSENT),
    ]
