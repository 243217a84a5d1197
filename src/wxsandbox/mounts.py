"""The list of products the simulator is made of. Each package offers one `PART`."""

from importlib import import_module
from importlib.util import find_spec

from wxsandbox.routes import Part

PRODUCTS = ("control", "open", "mp", "pay", "kuaidi", "phone")


def parts() -> list[Part]:
    """Return the parts of every product that is installed."""
    found = []
    for name in PRODUCTS:
        if find_spec(f"wxsandbox.{name}") is None:
            continue
        part = getattr(import_module(f"wxsandbox.{name}"), "PART", None)
        if part is not None:
            assert isinstance(part, Part), name
            found.append(part)
    return found
