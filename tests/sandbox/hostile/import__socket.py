"""The network."""


def main():
    import socket
    return str(socket)

# ends: rejected 5:5 IMPORT_NOT_ALLOWED
