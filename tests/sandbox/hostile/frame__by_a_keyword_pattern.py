"""A class pattern reads attributes by keyword."""


def main():
    g = (n for n in ())
    match g:
        case object(gi_frame=frame):
            return ["reached", str(frame)]

# ends: rejected 7:14 ATTRIBUTE_NOT_ALLOWED
