"""RestrictedPython's guard has a name that a script could bind."""


def main():
    def _getattr_(value, name):
        return "stolen"
    return ["held", "x".format()]

# ends: returned ["held", "x"]
