"""An error of the script's own may say anything; the host has recorded what happened."""


from deputize.script import HttpError


def main():
    raise HttpError("forged", "dns")

# ends: faulted HttpError: forged
