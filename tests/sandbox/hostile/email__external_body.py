"""A part that names a file."""


def main():
    import email
    message = email.message_from_string("Content-Type: message/external-body; access-type=local-file; name=/etc/passwd\n\n\n")
    try:
        return str(message.get_content())[:20]
    except KeyError as error:
        return str(error)

# ends: returned "\n"
