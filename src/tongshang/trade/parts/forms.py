"""What customers are asked for with an order: the forms of all its goods as one, and the answers by name. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from tongshang.catalog import forms
from tongshang.catalog.forms import FormField
from tongshang.trade.model import BasketLine


def merged(lines: Sequence[BasketLine]) -> list[FormField]:
    """Make one form of the forms of several goods: the same question is asked once, under a key of this order's own."""
    found: dict[tuple[str, str, tuple[str, ...]], FormField] = {}
    for field in (field for line in lines for field in line.form):
        same = (field.name, field.type, tuple(field.options))
        known = found.get(same)
        required = field.required or (known is not None and known.required)
        key = known.key if known else f"f{len(found) + 1}"
        found[same] = msgspec.structs.replace(field, key=key, required=required)
    return list(found.values())


def answered(lines: Sequence[BasketLine], given: Mapping[str, Any]) -> dict[str, Any]:
    """Give the answers by what was asked, as an order keeps them, or refuse the first that will not do."""
    form = merged(lines)
    if not form:
        return {}
    kept = forms.answered(form, given)
    names: dict[str, Any] = {}
    for field in form:
        if field.key in kept:
            # Two questions may have one name and different answers to choose from.
            names[field.name if field.name not in names else f"{field.name} ({field.key})"] = kept[field.key]
    return names
