"""Trees of code."""


def main():
    import ast
    return str(ast)

# ends: rejected 5:5 IMPORT_NOT_ALLOWED
