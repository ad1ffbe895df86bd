"""NFKC turns letters of mathematics into plain ones."""


def main():
    return main.__𝐠lobals__

# ends: rejected 5:12 ATTRIBUTE_NOT_ALLOWED
