"""NFKC turns a long s into a plain one."""


def main():
    return ().__claſs__.__baſe__

# ends: rejected 5:12 ATTRIBUTE_NOT_ALLOWED
