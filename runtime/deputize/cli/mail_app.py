"""The options of ``deputize email …``."""
# ruff: noqa: PLC0415 - each command imports what it needs when it runs, so that --help is quick

from typing import Annotated

import typer

from deputize.cli import options

app = typer.Typer(help="Messages that start forms.")


@app.callback()
def email() -> None:
    """Messages that start forms."""


@app.command()
def start(
    file: Annotated[
        str, typer.Argument(metavar="[FILE]", help="The message, as it came (RFC 5322); - reads stdin.")
    ] = "-",
    *,
    form: Annotated[
        str | None,
        typer.Option(
            "--form",
            metavar="FORM",
            help="PLAN/FORM, or an id. [default: the one that the message is addressed to, PLAN+FORM@…]",
            show_default=False,
        ),
    ] = None,
    data: options.Data = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    plain: options.Plain = False,
) -> int:
    """Start a form with a message, as the user whom it is from."""
    from deputize.cli.deployed import Where
    from deputize.cli.mail import start_with_message

    where = Where(data=data, project=project)
    return start_with_message(where, file=file, form=form, as_json=as_json, plain=plain)
