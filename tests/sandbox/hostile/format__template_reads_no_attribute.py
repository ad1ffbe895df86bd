"""A template substitutes names."""


def main():
    from string import Template
    return Template("$a.b ${a}").substitute(a=1)

# ends: returned "1.b 1"
