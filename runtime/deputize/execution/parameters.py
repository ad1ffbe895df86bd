"""What a script may name as parameters of ``main``, and what each then holds."""

from collections.abc import Mapping, Sequence

from deputize.domain.principal import Principal
from deputize.domain.start import Start
from deputize.errors import did_you_mean
from deputize_sandbox import CompiledScript, Diagnostic, Provided

#: Parameters that every script may name; `request` or `callback` comes with the kind of start.
_ALWAYS = ("payload", "initiator", "http", "constants", "log", "clock")


def parameters(*, start: Start, principal: Principal, constants: Mapping[str, str]) -> dict[str, Provided]:
    """Return everything that a script started by *start* may name, by name."""
    return {
        start.parameter: Provided(start.parameter, dict(start.provided)),
        "payload": Provided("payload", start.payload),
        "initiator": Provided(
            "initiator", {"id": principal.id, "name": principal.name, "via": principal.via}
        ),
        "http": Provided("http"),
        "constants": Provided("constants", dict(constants)),
        "log": Provided("log"),
        "clock": Provided("clock"),
    }


def wrong_parameters(script: CompiledScript, *, trigger: str) -> tuple[Diagnostic, ...]:
    """Return a diagnostic for each parameter of ``main`` that a start of *trigger* does not provide.

    A parameter with a default keeps its default.
    """
    parameter = "request" if trigger == "inbound" else "callback"
    known = (parameter, *_ALWAYS)
    return tuple(
        Diagnostic(
            code="PARAMETER_UNKNOWN",
            message=_message(each.name, known, trigger),
            file=script.filename,
            line=each.line,
            column=each.column,
        )
        for each in script.parameters
        if each.required and each.name not in known
    )


def _message(name: str, known: Sequence[str], trigger: str) -> str:
    start = "an inbound request" if trigger == "inbound" else f"a {trigger} callback"
    return (
        f'main asks for "{name}", which nobody provides when it is started by {start}.'
        f"{did_you_mean(name, known)} It may ask for: {', '.join(known)}."
    )


def provided_for(script: CompiledScript, offered: Mapping[str, Provided]) -> dict[str, Provided]:
    """Return the part of *offered* that the script's ``main`` names."""
    return {each.name: offered[each.name] for each in script.parameters if each.name in offered}
