"""A context is the run's own."""


def main():
    from decimal import Decimal, getcontext
    getcontext().prec = 3
    return str(Decimal(1) / 3)

# ends: returned "0.333"
