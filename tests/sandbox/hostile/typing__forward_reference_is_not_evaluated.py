"""A text in an alias is compiled, not run."""


def main():
    from typing import Optional
    return str(Optional["print(1)"])

# ends: returned "typing.Optional[ForwardRef('print(1)')]"
