"""Files by way of io."""


def main():
    import io
    return io.open("/etc/passwd")

# ends: rejected 6:12 ATTRIBUTE_UNKNOWN
