"""What a view looks at is its own."""


def main():
    import email
    return email.message_from_string("a: b\n\nc")._message

# ends: faulted AttributeError: 'Message' object has no attribute '_message'
