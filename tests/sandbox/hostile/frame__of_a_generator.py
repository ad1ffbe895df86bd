"""CVE-2023-37271: a generator shows its frame, and this one the next."""


def main():
    g = (g.gi_frame.f_back.f_back.f_globals for _ in [1])
    return list(g)

# ends: rejected 5:10 ATTRIBUTE_NOT_ALLOWED; 5:10 ATTRIBUTE_NOT_ALLOWED; 5:10 ATTRIBUTE_NOT_ALLOWED
