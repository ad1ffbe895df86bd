"""Only the methods that were named are there."""


def main(tickets):
    return hasattr(tickets, "delete")

# ends: returned false
