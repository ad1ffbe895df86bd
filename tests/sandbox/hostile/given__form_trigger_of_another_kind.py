"""A trigger is a mapping."""


def main(form):
    form.post(["a"])

# ends: faulted TypeError: a trigger is a mapping of its fields, not list
