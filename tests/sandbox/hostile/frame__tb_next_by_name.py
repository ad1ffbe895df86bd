"""The next traceback."""


def main():
    return [].tb_next

# ends: rejected 5:12 ATTRIBUTE_NOT_ALLOWED
