"""An alias forwards names to what it stands for, judged as names."""


def main():
    from typing import List
    return [hasattr(List[int], "append"), hasattr(List[int], "__origin__"), hasattr(List[int], "mro")]

# ends: returned [true, false, false]
