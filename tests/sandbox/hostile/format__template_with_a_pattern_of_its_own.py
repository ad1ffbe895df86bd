"""A template may change its pattern, and still substitutes names."""


def main():
    from string import Template
    class T(Template):
        idpattern = "[a-z_.]+"
    return T("${a.__class__}").safe_substitute({"a": 1})

# ends: returned "${a.__class__}"
