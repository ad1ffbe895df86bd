"""Posts its form, which sets off another script."""

from deputize.script import Form


def main(form: Form):
    return form.post(properties={"title": "disk full"}).status_code
