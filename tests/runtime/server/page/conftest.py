"""People who look at the page with a browser, as far as HTTP goes."""

import re
from html import unescape
from html.parser import HTMLParser

import httpx
import pytest

HOST = "https://deputize.example"
SESSION = "__Host-deputize"


class Parts(HTMLParser):
    """What a browser makes of a page: its elements with their attributes, and its text."""

    def __init__(self, page):
        super().__init__()
        self.elements = []
        self.words = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)

    def all(self, tag, **attributes):
        """Return the attributes of every *tag* that has those."""
        return [
            found
            for name, found in self.elements
            if name == tag and all(found.get(each) == value for each, value in attributes.items())
        ]

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


class Visitor:
    """A browser of somebody, that keeps its cookies and says where its requests come from."""

    def __init__(self, app, *, at=""):
        self.at = at
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app, raise_app_exceptions=False, client=("192.0.2.1", 123)),
            base_url=HOST,
            headers={"Accept": "text/html,*/*;q=0.8", "Origin": HOST, "Sec-Fetch-Site": "same-origin"},
        )

    async def get(self, path="/", **more):
        return await self.http.get(self.at + path, **more)

    async def sign_in(self, name="dev", password=None, **more):
        form = {"username": name, "password": password or f"password of {name}", "next": "/", **more}
        return await self.http.post(f"{self.at}/sign-in", data=form)

    async def token(self, path="/"):
        """Return what the forms of this session carry."""
        return re.search(r'name="form_token" value="(\w+)"', (await self.get(path)).text)[1]

    async def send(self, path, **form):
        """Send a form as the page does."""
        return await self.http.post(self.at + path, data={"form_token": await self.token(), **form})

    @property
    def cookie(self):
        return self.http.cookies.get(SESSION)


def words(response):
    """Return what somebody reads in the content of a page."""
    main = response.text[response.text.index("<main") : response.text.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())


@pytest.fixture
def parts():
    return Parts


@pytest.fixture
def read():
    return words


@pytest.fixture
async def visit(bench):
    """Opens a browser, signed in as somebody if a name is given."""
    opened = []

    async def visit(name=None, *, app=None, **more):
        visitor = Visitor(app or bench.app, **more)
        opened.append(visitor)
        if name is not None:
            assert (await visitor.sign_in(name)).status_code == 303
        return visitor

    yield visit
    for each in opened:
        await each.http.aclose()
