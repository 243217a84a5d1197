"""WeChat's XML: written with CDATA around strings, read without entities or DTDs."""

from typing import Any

from lxml import etree


class BadXml(Exception):
    """The text is not the XML that WeChat would accept."""


def write(fields: dict[str, Any], *, root: str = "xml") -> str:
    """Write a message: strings in CDATA, numbers bare, a list as repeated <item>, a tuple as its element repeated."""
    return f"<{root}>{_inside(fields)}</{root}>"


def _inside(value: Any) -> str:
    if isinstance(value, dict):
        pairs = [(name, one) for name, x in value.items() for one in (x if isinstance(x, tuple) else (x,))]
        return "".join(f"<{name}>{_inside(inner)}</{name}>" for name, inner in pairs)
    if isinstance(value, list):
        return "".join(f"<item>{_inside(inner)}</item>" for inner in value)
    if isinstance(value, str):
        return "<![CDATA[" + value.replace("]]>", "]]]]><![CDATA[>") + "]]>"
    return str(value)


def read(body: bytes, *, root: str = "xml") -> dict[str, Any]:
    """Read XML into nested dictionaries; repeated children become a list. Raises BadXml."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        tree = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as wrong:
        raise BadXml(str(wrong)) from None
    if b"<!DOCTYPE" in body.upper():
        raise BadXml("a document type is not allowed")
    if tree.tag != root:
        raise BadXml(f"root element is {tree.tag}")
    value = _value(tree)
    return value if isinstance(value, dict) else {}


def _value(element: Any) -> Any:
    children = [child for child in element if isinstance(child.tag, str)]
    if not children:
        return element.text or ""
    found: dict[str, Any] = {}
    for child in children:
        value = _value(child)
        if child.tag in found:
            known = found[child.tag]
            found[child.tag] = [*known, value] if isinstance(known, list) else [known, value]
        else:
            found[child.tag] = value
    return found
