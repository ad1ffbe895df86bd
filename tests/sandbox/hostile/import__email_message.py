"""Messages of Python carry a policy, and this much else."""


def main():
    from email.message import EmailMessage

# ends: rejected 5:5 IMPORT_NOT_ALLOWED
