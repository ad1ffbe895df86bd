"""A script for warmth: it does a little of everything that imports, loads or compiles on first use."""

from typing import Final

SCRIPT_FOR_WARMTH: Final = """
import base64, collections, copy, csv, dataclasses, decimal, email, enum, hashlib, io, json, math, random, re
import statistics, string, textwrap, time, typing, urllib.parse, uuid, zoneinfo
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree

@dataclasses.dataclass
class Point:
    x: int
    names: list = dataclasses.field(default_factory=list)

class Colour(enum.Enum):
    RED = 1

class Pair(typing.NamedTuple):
    left: int
    right: str = ""

Triple = collections.namedtuple("Triple", "a b c")

def main():
    point = Point(1)
    match point:
        case Point(x=1, names=[]):
            pass
    try:
        {}["missing"]
    except KeyError as error:
        str(error)
    now = datetime.now(UTC) + timedelta(days=1)
    moment = datetime.strptime("2024-05-01 10:00", "%Y-%m-%d %H:%M")
    message = email.message_from_string('''From: =?utf-8?q?=C3=A4?= <a@example.com>
Content-Type: multipart/mixed; boundary="b"

--b
Content-Type: text/plain; charset="utf-8"
Content-Transfer-Encoding: quoted-printable

=C3=A4
--b
Content-Disposition: attachment; filename="a"
Content-Transfer-Encoding: base64

YWI=
--b--
''')
    for part in message.walk():
        part.get_content_type(), part.get_filename()
    root = ElementTree.fromstring("<a xmlns='u'><b c='1'>t</b></a>")
    table = io.StringIO()
    csv.DictWriter(table, ["a"]).writeheader()
    return [
        copy.deepcopy(dataclasses.asdict(point)), Colour(1).name,
        Pair(1)._asdict(), Triple(1, 2, 3)._replace(a=2).a,
        "{:>5} {x}".format(1, x=now.isoformat()), f"{moment:%d.%m.%Y} {point!r:>20}",
        json.dumps({"a": [1, None, 2.5]}), json.loads('{"a": [1.5, true]}'),
        re.sub(r"(\\w+)@x", r"\\1", "a@x"), urllib.parse.urlencode({"a": "ä b"}),
        urllib.parse.urlsplit("https://exämple.com:1/a?b#c").hostname,
        hashlib.sha256(b"").hexdigest(), base64.b64encode(b"abc").decode(),
        str(decimal.Decimal("1.10") / 3), statistics.mean([1, 2]), math.sqrt(2),
        str(uuid.uuid4()), random.choice([1, 2]),
        now.astimezone(zoneinfo.ZoneInfo("UTC")).isoformat(),
        textwrap.fill("a b c", 4), string.Template("$a").substitute(a=1),
        time.strftime("%Y", time.gmtime()), root.find("u:b", {"u": "u"}).text,
        ElementTree.tostring(root, "unicode"), table.getvalue(),
        parsedate_to_datetime("Wed, 01 May 2024 10:00:00 +0200").isoformat(),
        next(message.iter_attachments()).get_content(), message["From"],
        "ä".encode("latin-1").decode("cp1252"),
        sorted({"b": 1, "a": 2}.items(), key=lambda pair: pair[1]),
    ]
"""
