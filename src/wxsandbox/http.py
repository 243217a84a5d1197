"""A request as handlers see it, and the answers they give."""

import re
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qsl, urlsplit, urlunsplit

import msgspec

if TYPE_CHECKING:
    from wxsandbox.box import Box

JSON = (b"content-type", b"application/json; charset=utf-8")
HTML = (b"content-type", b"text/html; charset=utf-8")
TEXT = (b"content-type", b"text/plain; charset=utf-8")
PERSON_HOST = re.compile(r"^([a-z][a-z0-9-]{0,30})\.localhost$")
LOOPBACK = re.compile(r"^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|([a-z0-9-]+\.)+localhost)$")
Body = TypeVar("Body")

_encode = msgspec.json.Encoder().encode


class Reply(msgspec.Struct):
    """An answer. `stream` (an async iterator of bytes) replaces the body for event streams."""

    status: int = 200
    body: bytes = b""
    headers: list[tuple[bytes, bytes]] = msgspec.field(default_factory=list)
    stream: Any = None


def json(value: Any, *, status: int = 200) -> Reply:
    """Answer JSON in raw UTF-8."""
    return Reply(status, _encode(value), [JSON])


def html(text: str, *, status: int = 200) -> Reply:
    """Answer a page."""
    return Reply(status, text.encode(), [HTML])


def text(words: str, *, status: int = 200) -> Reply:
    """Answer plain text."""
    return Reply(status, words.encode(), [TEXT])


def redirect(url: str) -> Reply:
    """Send the browser elsewhere (302)."""
    return Reply(302, b"", [(b"location", url.encode())])


class Call:
    """One HTTP request, already split into host, path and query."""

    __slots__ = (
        "address", "appid", "body", "box", "headers", "host", "method", "note", "params", "path", "prefixed",
        "query", "query_string", "scheme",
    )  # fmt: skip

    def __init__(
        self,
        box: "Box",
        *,
        method: str,
        host: str,
        path: str,
        query_string: str,
        headers: dict[str, str],
        body: bytes,
        prefixed: bool,
        scheme: str,
        address: str,
    ) -> None:
        """Take the parts of the request; `prefixed` says that the WeChat host came as the path's first part."""
        self.box, self.method, self.host, self.path = box, method, host, path
        self.query_string, self.headers, self.body = query_string, headers, body
        self.prefixed, self.scheme, self.address = prefixed, scheme, address
        self.query: dict[str, str] = dict(parse_qsl(query_string, keep_blank_values=True))
        self.params: dict[str, str] = {}
        # For the journal: which account was called, and why something happened.
        self.appid = ""
        self.note = ""

    @property
    def target(self) -> str:
        """Return path and query without the host prefix: what an APIv3 signature covers."""
        return f"{self.path}?{self.query_string}" if self.query_string else self.path

    @property
    def http_host(self) -> str:
        """Return the Host header, with its port."""
        return self.headers.get("host", "localhost")

    def url(self, host: str, path: str) -> str:
        """Write an address at another WeChat host in the form this caller used."""
        if self.prefixed:
            return f"{self.scheme}://{self.http_host}/{host}{path}"
        port = self.http_host.partition(":")[2]
        return f"{self.scheme}://{host}{':' + port if port else ''}{path}"

    def person(self) -> str | None:
        """Name the person whose browser this is: by its host, else by the page that sent it here."""
        for place in (self.http_host, urlsplit(self.headers.get("referer", "")).netloc):
            if found := PERSON_HOST.match(place.partition(":")[0].lower()):
                return found[1]
        return None

    def form(self) -> dict[str, str]:
        """Read a form body."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))


def host_of(url: str) -> str:
    """Return the host of an address, without port, in lower case; empty if it has none."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine."""
    return LOOPBACK.match(host.lower()) is not None


def at_person(url: str, person: str | None) -> str:
    """Turn a loopback address into the same address on the person's own host, so that cookies are theirs."""
    parts = urlsplit(url)
    if person is None or parts.hostname not in ("localhost", "127.0.0.1"):
        return url
    port = f":{parts.port}" if parts.port else ""
    return urlunsplit(parts._replace(netloc=f"{person}.localhost{port}"))
