"""Only a request is sent."""


class Fake:
    method, path, endpoint, params, headers, json, data, content, timeout = ("GET", "/x", "platform", {}, {}, None, None, None, None)


def main(http):
    http.send(Fake())

# ends: faulted TypeError: a request made by build_request is sent, not Fake
