"""A secret shows its name."""


def main(secrets):
    s = secrets["token"]
    return [str(s), repr(s), f"{s}", "%s" % s, "{}".format(s), str([s]), str(s + "x")]

# ends: returned ["‹secret:token›", "‹secret:token›", "‹secret:token›", "‹secret:token›", "‹secret:token›", "[‹secret:token›]", "‹secret:token›x"]
