import email
from email import policy
from email.utils import formataddr, getaddresses, parseaddr, parsedate_to_datetime

RAW = """From: =?utf-8?q?J=C3=B6rg?= <joerg@example.com>
To: a@example.com, "B, C" <b@example.com>
Subject: =?utf-8?b?w4RyZ2Vy?=
Date: Wed, 01 May 2024 10:00:00 +0200
Received: one
Received: two
Content-Type: multipart/mixed; boundary="frontier"

preamble
--frontier
Content-Type: text/plain; charset="iso-8859-1"
Content-Transfer-Encoding: quoted-printable

Gr=FC=DFe
--frontier
Content-Type: application/octet-stream
Content-Disposition: attachment; filename="a.bin"
Content-Transfer-Encoding: base64

AAEC
--frontier--
"""


def main():
    message = email.message_from_string(RAW, policy=policy.default)
    body = message.get_body(preferencelist=("plain",))
    attachment = next(message.iter_attachments())
    return [
        str(message["subject"]), str(message["From"]), message.get("X-None", "none"), [str(each) for each in message.get_all("received")],
        message.is_multipart(), [part.get_content_type() for part in message.walk()], body.get_content(),
        attachment.get_filename(), attachment.get_content().hex(), attachment.get_payload(decode=True).hex(),
        "Subject" in message, parseaddr("Ann <a@example.com>"), getaddresses(['"B, C" <b@example.com>']), formataddr(("Ä", "a@example.com")),
        parsedate_to_datetime(message["date"]).isoformat(), len(message.get_payload()), message.get_boundary(), body.get_content_charset(),
    ]

# ends: returned ["Ärger", "Jörg <joerg@example.com>", "none", ["one", "two"], true, ["multipart/mixed", "text/plain", "application/octet-stream"], "Grüße", "a.bin", "000102", "000102", true, ["Ann", "a@example.com"], [["B, C", "b@example.com"]], "=?utf-8?b?w4Q=?= <a@example.com>", "2024-05-01T10:00:00+02:00", 2, "frontier", "iso-8859-1"]
