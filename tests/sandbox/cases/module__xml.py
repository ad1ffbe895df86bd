import xml.etree.ElementTree as ET
from io import BytesIO, StringIO
from xml.sax.saxutils import escape, quoteattr

TEXT = """<?xml version="1.0" encoding="ISO-8859-1"?>
<!DOCTYPE feed>
<feed xmlns="urn:atom" xmlns:x="urn:x" updated="now">
  <entry id="1"><title>One &amp; ä</title><x:score>5</x:score></entry>
  <entry id="2" x:kind="k"><title>Two</title>tail</entry><!-- comment -->
</feed>"""
NS = {"a": "urn:atom", "x": "urn:x"}


def main():
    root = ET.fromstring(TEXT)
    entry = root.find("a:entry[@id='2']", NS)
    made = ET.Element("list", {"n": "1"})
    child = ET.SubElement(made, "item", name="ü")
    child.text = "a < b"
    child.tail = "\n"
    made.append(ET.Element("empty"))
    try:
        ET.fromstring("<a><b></a>")
    except ET.ParseError as error:
        wrong = [str(error), error.position, error.code]
    tree = ET.parse(StringIO("<r><s>1</s></r>"))
    written = BytesIO()
    tree.write(written, encoding="utf-8", xml_declaration=True)
    return [
        root.tag, root.attrib, [each.findtext("a:title", namespaces=NS) for each in root.iterfind("a:entry", NS)],
        root.find(".//x:score", NS).text, entry.get("{urn:x}kind"), [each.tag for each in root.iter("{urn:atom}title")],
        len(root), root.findall("a:none", NS), ET.tostring(made, encoding="unicode"), ET.tostring(made).decode(), wrong,
        tree.getroot().find("s").text, tree.findtext("s"), written.getvalue().decode(), escape("<&>"), quoteattr('a"b'),
        ET.fromstring("<a>x<b/>y</a>")[0].tail, ET.fromstring(b"<a>\xc3\xa4</a>").text, ET.fromstring("<a><![CDATA[<&]]></a>").text,
        [each.get("id") for each in root], entry.keys(), "".join(root[0].itertext()),
    ]

# ends: returned ["{urn:atom}feed", {"updated": "now"}, ["One & ä", "Two"], "5", "k", ["{urn:atom}title", "{urn:atom}title"], 2, [], "<list n=\"1\"><item name=\"ü\">a &lt; b</item>\n<empty /></list>", "<list n=\"1\"><item name=\"&#252;\">a &lt; b</item>\n<empty /></list>", ["mismatched tag: line 1, column 8", [1, 8], 7], "1", "1", "<?xml version='1.0' encoding='utf-8'?>\n<r><s>1</s></r>", "&lt;&amp;&gt;", "'a\"b'", "y", "ä", "<&", ["1", "2"], ["id", "{urn:x}kind"], "One & ä5"]
