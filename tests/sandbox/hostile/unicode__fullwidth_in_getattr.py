"""Texts are not turned: there is no such attribute."""


def main():
    return getattr(main, "＿＿globals＿＿")

# ends: faulted AttributeError: '＿＿globals＿＿' cannot be the name of an attribute
