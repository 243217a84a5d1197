"""XML from strangers: no document type, no entities, no network, bounded size and depth.

WeChat's messages are one element `<xml>` with flat or shallow children, so anything cleverer is an attack.
"""

import re
from typing import Any, TypeAlias

from lxml import etree

from weixin.errors import BadMessage

# Values are text, nested fields, or a list where an element repeats (JSON pushes also hold numbers).
Fields: TypeAlias = dict[str, Any]

MAX_BYTES = 256 * 1024

# The prolog may hold a declaration and nothing else. Looking only there lets people chat about "<!DOCTYPE".
_PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml\s[^<>]*\?>\s*)?<[A-Za-z_]")

# libxml2 itself still bounds depth (256) and node size, because huge_tree is off.
_PARSER = etree.XMLParser(
    encoding="utf-8",
    resolve_entities=False,
    load_dtd=False,
    dtd_validation=False,
    no_network=True,
    huge_tree=False,
    remove_comments=True,
    remove_pis=True,
)
# What XML 1.0 cannot carry at all, whether escaped or in CDATA.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def parse(body: bytes, *, max_bytes: int = MAX_BYTES) -> Fields:
    """Read the children of the root element into a dictionary; raises BadMessage."""
    if len(body) > max_bytes:
        raise BadMessage("the XML is too long")
    if not _PROLOG.match(body):
        raise BadMessage("not a plain XML document")
    try:
        root = etree.fromstring(body, _PARSER)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadMessage(f"broken XML at line {getattr(error, 'lineno', 0)}") from None
    return _children(root)


def cdata(text: str) -> str:
    """Wrap text for a reply; what XML cannot carry is dropped."""
    return "<![CDATA[" + _FORBIDDEN.sub("", text).replace("]]>", "]]]]><![CDATA[>") + "]]>"


def _children(element: etree._Element) -> Fields:
    fields: Fields = {}
    for child in element:
        value: Any = _children(child) if len(child) else child.text or ""
        name = str(child.tag)
        if name not in fields:
            fields[name] = value
        elif isinstance(fields[name], list):
            fields[name].append(value)
        else:
            fields[name] = [fields[name], value]
    return fields
