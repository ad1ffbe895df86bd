"""An exception may be called like ours, and is another."""


def main():
    class HttpError(Exception):
        cause = "dns"
    raise HttpError("mine")

# ends: faulted HttpError: mine
