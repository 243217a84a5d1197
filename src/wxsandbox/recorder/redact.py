"""Taking secrets and persons out of what is recorded, the same way everywhere.

Everything is replaced unless it is known to be harmless: a field WeChat adds tomorrow is masked, too. What replaces a
value looks like it (length, digits, letters, Chinese) and is the same wherever the value comes again, so that a
recording still hangs together; it comes from a keyed hash, so that nobody can try values against it.
"""

import hashlib
import hmac
import re
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

# Words of the protocol, never of a person: kept as they are under these keys alone.
KEPT = frozenset({
    "action_name", "article_type", "begin_date", "command", "end_date", "grant_type", "lang", "language", "msgtype",
    "option_name", "ref_date", "scope", "send_status", "subscribe_scene", "type",
})  # fmt: skip
PROTOCOL_WORD = re.compile(r"[A-Za-z0-9_.:-]{1,40}")
PLACES = frozenset({"latitude", "longitude", "location_x", "location_y"})
PREFIXES = re.compile(r"wx(?=[0-9a-f]{16}$)|gh_(?=[0-9a-z]{6,}$)|o(?=[\w-]{27}$)")
RID = re.compile(r",?\s*(?:rid|hint): ?\S+(?: \S+)?$")
ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")
# No word of a sentence: it has a digit and some length, or is far too long.
ECHO = re.compile(r"(?=[a-zA-Z_-]*\d)[\w-]{6,}|[a-zA-Z0-9-]{20,}")
DIGIT = re.compile(r"\d")
OWN_HOSTS = (".qq.com", ".qlogo.cn", ".qpic.cn", ".weixin.com")
HAN = "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏"
LEAST_NUMBER = 10_000_000_000  # shorter ones are counts, codes and times
LEAST_ECHO, LONG = 6, 10


class Redactor:
    """Replaces values, and remembers what it replaced to find it again in free text."""

    def __init__(self, salt: bytes) -> None:
        """Take the key of the hash: recordings with the same one fit each other."""
        self._salt = salt
        self._known: dict[str, str] = {}

    def document(self, value: Any, key: str = "") -> Any:
        """Redact a decoded JSON value."""
        if isinstance(value, dict):
            return {name: self.document(inner, name) for name, inner in value.items()}
        if isinstance(value, list):
            return [self.document(inner, key) for inner in value]
        if isinstance(value, str):
            return self.text(value, key)
        if isinstance(value, bool) or value is None or key == "errcode":
            return value
        if key.lower() in PLACES:
            return float(round(value))
        if isinstance(value, int) and abs(value) >= LEAST_NUMBER:
            return int(self.alike(str(value)))
        return value

    def text(self, value: str, key: str = "") -> str:
        """Redact one string by the key it stands under."""
        if not value or (key in KEPT and PROTOCOL_WORD.fullmatch(value)):
            return value
        if key == "errmsg":
            return self._message(value)
        if value.startswith(("http://", "https://")):
            return self.url(value)
        return self.alike(value)

    def url(self, value: str) -> str:
        """Redact an address: WeChat's hosts stay, keys and long parts do not."""
        parts = urlsplit(value)
        host = (parts.hostname or "").lower()
        if not host.endswith(OWN_HOSTS):
            host = f"{hashlib.sha256(self._salt + host.encode()).hexdigest()[:8]}.example.com"
        path = "/".join(self.alike(part) if len(part) >= LEAST_ECHO else part for part in parts.path.split("/"))
        query = urlencode([(name, self.alike(given)) for name, given in parse_qsl(parts.query)])
        return urlunsplit((parts.scheme, host, path, query, ""))

    def alike(self, value: str) -> str:
        """Give something of the same look in place of a value, always the same."""
        if known := self._known.get(value):
            return known
        prefix = found[0] if (found := PREFIXES.match(value)) else ""
        stream = hashlib.shake_256(hmac.digest(self._salt, value.encode(), "sha256")).digest(len(value))
        rest = "".join(_like(mark, byte) for mark, byte in zip(value, stream, strict=True))
        made = prefix + rest[len(prefix) :]
        # A number has no leading zero: what is swept from a document must leave it readable.
        self._known[value] = f"1{made[1:]}" if value.isdigit() and value[0] != "0" else made
        return self._known[value]

    def _message(self, value: str) -> str:
        """Keep WeChat's sentence, without request ids, addresses and what it repeats of the request."""
        plain = ADDRESS.sub("10.0.0.1", RID.sub("", value))
        return ECHO.sub(lambda word: self.alike(word[0]), plain)

    def sweep(self, line: bytes) -> bytes:
        """Look once more: nothing that was replaced anywhere may be left in a line of text."""
        text = line.decode()
        for value, instead in self._known.items():
            # A short word or number may stand anywhere by chance.
            if len(value) >= (LEAST_ECHO if DIGIT.search(value) and not value.isdigit() else LONG) and value in text:
                text = text.replace(value, instead)
        return text.encode()


def _like(mark: str, byte: int) -> str:
    """Give another mark of the same kind."""
    if "0" <= mark <= "9":
        return str(byte % 10)
    if "a" <= mark <= "f":
        return "abcdef"[byte % 6]  # hex stays hex
    if "g" <= mark <= "z":
        return chr(ord("g") + byte % 20)
    if "A" <= mark <= "Z":
        return chr(ord("A") + byte % 26)
    return HAN[byte % len(HAN)] if ord(mark) > 127 else mark
