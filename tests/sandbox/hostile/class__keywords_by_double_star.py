"""Keywords may be hidden in a dict."""


def main():
    class A(**{"metaclass": print}):
        pass

# ends: rejected 5:13 SYNTAX_NOT_SUPPORTED
