"""How much memory an object takes."""


def main():
    return [].__sizeof__()

# ends: rejected 5:12 ATTRIBUTE_NOT_ALLOWED
