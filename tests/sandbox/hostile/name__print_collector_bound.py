"""CVE-2026-55830: shadowing the factory of the collector captures the guard."""


def main():
    def f(_print_):
        print("x")
        return printed
    return f(lambda guard: guard)

# ends: rejected 7:16 NAME_UNKNOWN
