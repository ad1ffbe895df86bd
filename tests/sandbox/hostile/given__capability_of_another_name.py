"""A method calls what it is bound to."""


def main(tickets):
    return tickets.lookup(capability="http", method="send")

# ends: returned null
