"""A response is data."""


def main(http):
    from deputize.script import Response
    r = Response({"status_code": 200, "status_message": "OK", "headers": [["a", "b"]], "text": "{}", "refused": False, "reason": None, "url": "u"})
    return [name for name in ("_fields", "request", "_request", "client", "_client", "raw", "connection", "__dict__") if hasattr(r, name)]

# ends: returned []
