"""What a script may name as parameters of ``main``, and what each then holds."""

from collections.abc import Mapping, Sequence

from deputize.domain.start import by_request
from deputize.errors import did_you_mean
from deputize.execution.order import Order
from deputize_sandbox import CompiledScript, Diagnostic, Provided

#: Parameters that every script may name; `request` or `callback` comes with the kind of start.
_ALWAYS = ("payload", "initiator", "http", "constants", "secrets", "log", "clock")
_FORM = "form"


def parameters(order: Order) -> dict[str, Provided]:
    """Return everything that the script of *order* may name, by name. No value is a secret."""
    start, principal = order.start, order.principal
    offered = {
        start.parameter: Provided(start.parameter, dict(start.provided)),
        "payload": Provided("payload", start.payload),
        "initiator": Provided(
            "initiator", {"id": principal.id, "name": principal.name, "via": principal.via}
        ),
        "http": Provided("http"),
        "constants": Provided("constants", dict(order.constants)),
        "secrets": Provided("secrets", [*sorted(order.secrets)]),
        "log": Provided("log"),
        "clock": Provided("clock"),
    }
    if order.form is not None:
        offered[_FORM] = Provided(_FORM, {"name": order.form.name, "path": order.form.path})
    return offered


def wrong_parameters(
    script: CompiledScript, *, trigger: str, has_form: bool = False
) -> tuple[Diagnostic, ...]:
    """Return a diagnostic for each parameter of ``main`` that a start of *trigger* does not provide.

    A parameter with a default keeps its default. ``form`` is there where the integration *has_form*.
    """
    parameter = "request" if by_request(trigger) else "callback"
    known = (parameter, *_ALWAYS, *([_FORM] if has_form else []))
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
    if name == _FORM:
        return (
            'main asks for "form", and its integration has none to post.'
            ' Name one of the plan\'s forms in the integration: form = "…".'
        )
    start = "an inbound request" if by_request(trigger) else f"a {trigger} callback"
    return (
        f'main asks for "{name}", which nobody provides when it is started by {start}.'
        f"{did_you_mean(name, known)} It may ask for: {', '.join(known)}."
    )


def provided_for(script: CompiledScript, offered: Mapping[str, Provided]) -> dict[str, Provided]:
    """Return the part of *offered* that the script's ``main`` names."""
    return {each.name: offered[each.name] for each in script.parameters if each.name in offered}
