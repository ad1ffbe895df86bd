"""How requests are signed, as an option says it: the name of a preset, or all of it as JSON."""

from pydantic import ValidationError

from deputize.cli.faults import OptionInvalid
from deputize.domain.signature import SignatureScheme
from deputize.errors import did_you_mean


def signature_scheme(text: str | None, *, option: str) -> SignatureScheme | None:
    """Return the scheme that *text* says. Raises ``OptionInvalid``."""
    if text is None:
        return None
    try:
        if text.startswith("{"):
            return SignatureScheme.model_validate_json(text)
        return SignatureScheme.model_validate({"preset": text})
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False)
        lines = [_told(option, each["loc"], each["type"], each["msg"]) for each in faults]
        raise OptionInvalid("\n".join(lines)) from None


def _told(option: str, location: tuple[int | str, ...], kind: str, message: str) -> str:
    key = ".".join(str(part) for part in location)
    where = f"{option}: {key}" if key else option
    if kind == "extra_forbidden":
        known = sorted(SignatureScheme.model_fields)
        return f"{where}: unknown key.{did_you_mean(key, known)} Known here: {', '.join(known)}."
    return f"{where}: {message.removeprefix('Value error, ')}."
