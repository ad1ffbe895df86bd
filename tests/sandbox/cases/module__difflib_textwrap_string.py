import difflib
import string
import textwrap


def main():
    return [
        difflib.get_close_matches("appel", ["ape", "apple", "peach"]), difflib.SequenceMatcher(None, "abcd", "bcde").ratio(),
        list(difflib.unified_diff(["a", "b"], ["a", "c"], lineterm="")), textwrap.dedent("  a\n    b"), textwrap.fill("a b c d", 3),
        textwrap.shorten("hello big world", 12), textwrap.indent("a\nb", "> "), string.ascii_lowercase[:3], string.digits,
        string.capwords("a bc"), string.Template("$who likes ${what}").substitute(who="Ann", what="tea"),
        string.Template("$x $y").safe_substitute(x=1), string.punctuation[:3],
    ]

# ends: returned [["apple", "ape"], 0.75, ["--- ", "+++ ", "@@ -1,2 +1,2 @@", " a", "-b", "+c"], "a\n  b", "a b\nc d", "hello [...]", "> a\n> b", "abc", "0123456789", "A Bc", "Ann likes tea", "1 $y", "!\"#"]
