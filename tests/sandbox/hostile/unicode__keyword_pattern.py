"""NFKC turns the names in patterns, too."""


def main():
    match (n for n in ()):
        case object(ｇi_frame=f):
            return f

# ends: rejected 6:14 ATTRIBUTE_NOT_ALLOWED
