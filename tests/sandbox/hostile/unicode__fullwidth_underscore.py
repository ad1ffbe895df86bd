"""NFKC turns full-width underscores into plain ones."""


def main():
    return main.＿＿globals＿＿

# ends: rejected 5:17 SYNTAX_ERROR
