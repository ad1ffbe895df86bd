"""The value of a type statement is evaluated later."""


def main():
    type X = print(1)

# ends: rejected 5:10 SYNTAX_ERROR
# ends from 3.12: rejected 5:5 SYNTAX_NOT_SUPPORTED
