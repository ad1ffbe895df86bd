"""A header is a text."""


def main():
    import email
    value = email.message_from_string("To: a@example.com\n\nc")["To"]
    return [value, hasattr(value, "addresses"), hasattr(value, "defects")]

# ends: returned ["a@example.com", false, false]
