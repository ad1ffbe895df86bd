import csv
import io


def main():
    table = io.StringIO()
    writer = csv.DictWriter(table, ["name", "age"], lineterminator="\n")
    writer.writeheader()
    writer.writerows([{"name": "Ann, A.", "age": 3}, {"name": 'B "b"', "age": 4}])
    plain = io.StringIO()
    csv.writer(plain, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n").writerow([1, "x"])
    rows = list(csv.DictReader(io.StringIO(table.getvalue())))
    raw = io.BytesIO(b"abc")
    raw.seek(1)
    with io.StringIO("l1\nl2\n") as lines:
        read = [line.strip() for line in lines]
    return [
        table.getvalue(), plain.getvalue(), rows, list(csv.reader(["a;b"], delimiter=";")), raw.read().decode(),
        read, csv.Sniffer().sniff("a;b\n1;2\n").delimiter,
    ]

# ends: returned ["name,age\n\"Ann, A.\",3\n\"B \"\"b\"\"\",4\n", "\"1\";\"x\"\n", [{"name": "Ann, A.", "age": "3"}, {"name": "B \"b\"", "age": "4"}], [["a", "b"]], "bc", ["l1", "l2"], ";"]
