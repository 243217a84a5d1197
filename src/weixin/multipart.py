"""A file as multipart/form-data, the way WeChat takes it: one part `media` with a name, a type and a length."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class File:
    """A file to send; WeChat judges it by the ending of its name as well as by its bytes."""

    name: str
    content_type: str
    body: bytes = field(repr=False)


def form(file: File, fields: Mapping[str, str], *, part: str = "media") -> tuple[bytes, str]:
    """Write a form with one file and some fields; give the body and its Content-Type."""
    # Of the content, so that the same file is the same bytes, and so that it cannot stand within the file by chance.
    mark = "ts" + hashlib.sha256(b"boundary" + file.body).hexdigest()[:40]
    lines = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = (
        f'--{mark}\r\nContent-Disposition: form-data; name="{part}"; filename="{_quoted(file.name)}"\r\n'
        f"Content-Type: {file.content_type}\r\nContent-Length: {len(file.body)}\r\n\r\n"
    )
    lines += [head.encode(), file.body, f"\r\n--{mark}--\r\n".encode()]
    return b"".join(lines), f"multipart/form-data; boundary={mark}"


def _quoted(name: str) -> str:
    # As browsers do: a quote or a line's end in a name must not end the header.
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
