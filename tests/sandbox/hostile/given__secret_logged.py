"""A secret shows its name in a log."""


def main(secrets, log):
    log.info(secrets["token"], field=secrets["token"])
    return 1

# ends: returned 1
# logs: ["‹secret:token›"]
