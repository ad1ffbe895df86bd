from datetime import date
from decimal import Decimal


def main():
    name, value, width, items = "Ann", 3.14159, 10, {"a": [1, 2]}
    return [
        f"{name}",
        f"{name!r} {name!s} {name!a}",
        f"{value:.2f}|{value:>{width}.3f}|{value:<{width}}|{value:^+10.1f}",
        f"{1000000:,} {255:#x} {5:03d} {0.25:.0%}",
        f"{items['a'][1]} {items!r:>15}",
        f"{value=} {name = !s}",
        f"{{literal}} {'nested ' + f'{name:>5}'}",
        f"{date(2024, 5, 1):%d.%m.%Y}",
        f"{Decimal('1.50'):.1f}",
        f"{'yes' if value > 3 else 'no'} {(lambda x: x * 2)(4)}",
        f"""multi
{name}""",
        rf"\d{name}",
        f"{name.upper():*^9}",
        "plain " f"{name} " "joined",
    ]

# ends: returned ["Ann", "'Ann' Ann 'Ann'", "3.14|     3.142|3.14159   |   +3.1   ", "1,000,000 0xff 005 25%", "2   {'a': [1, 2]}", "value=3.14159 name = Ann", "{literal} nested   Ann", "01.05.2024", "1.5", "yes 8", "multi\nAnn", "\\dAnn", "***ANN***", "plain Ann joined"]
