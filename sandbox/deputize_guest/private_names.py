"""How a name with a leading underscore is spelt inside, and how it is shown again."""

from typing import Final

#: MODIFIER LETTER LOW MACRON: may begin an identifier, has one form under NFKC, looks like an underscore.
MARK: Final = "\u02cd"


def shown(text: str) -> str:
    """Return *text* with private names as the script wrote them."""
    return text.replace(MARK, "_")
