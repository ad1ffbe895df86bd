"""Creates an event from the body of a request, as its caller."""

from deputize.script import Form, Request


def main(request: Request, form: Form) -> None:
    """Post what came to the integration's form; fail when the platform does not take it."""
    trigger = request.json() if request.body else None
    response = form.post(trigger or {})
    if not response.ok:
        raise RuntimeError(
            f"Failed to make call to xMatters endpoint. Path: {form.path}. "
            f"Server responded with status {response.status_code}"
        )
