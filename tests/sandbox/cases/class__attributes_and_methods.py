class Account:
    """Holds money."""

    rate = 2

    def __init__(self, owner, balance=0):
        self.owner = owner
        self.balance = balance

    def deposit(self, amount):
        self.balance += amount
        return self

    @property
    def doubled(self):
        return self.balance * 2

    @doubled.setter
    def doubled(self, value):
        self.balance = value / 2

    @staticmethod
    def currency():
        return "EUR"

    @classmethod
    def empty(cls, owner):
        return cls(owner)

    def __repr__(self):
        return f"Account({self.owner!r}, {self.balance})"


def main():
    account = Account("ann").deposit(5).deposit(7)
    doubled = account.doubled
    account.doubled = 10
    del account.owner
    return [
        repr(Account("bob", 3)),
        doubled,
        account.balance,
        hasattr(account, "owner"),
        Account.currency(),
        Account.empty("eve").owner,
        Account.rate,
        Account.__name__,
        Account.__doc__,
        isinstance(account, Account),
    ]

# ends: returned ["Account('bob', 3)", 24, 5.0, false, "EUR", "eve", 2, "Account", "Holds money.", true]
