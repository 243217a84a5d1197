"""Gifts go back with what they came with: nobody keeps, or is sent, the gift of goods he gave back. Pure."""

from collections.abc import Container, Mapping, Sequence
from uuid import UUID

from tongshang.trade.model import OrderLine


def orphaned(
    lines: Sequence[OrderLine], *, gone: Mapping[UUID, int], kept: Container[UUID] = ()
) -> dict[UUID, int]:  # fmt: skip
    """Say how many pieces of which gifts wait to be handed over, and lose the goods they came with when these go.

    `kept` names lines that were handed over: what the customer has comes back with a return, or not at all.
    """
    left = {line.id: line.quantity - line.refunded_quantity - gone.get(line.id, 0) for line in lines}
    return {
        line.id: count
        for line in lines
        if line.gift and not line.paid_fen and line.parent_id is not None and line.id not in kept
        and gone.get(line.parent_id) and left.get(line.parent_id) == 0
        and (count := line.unsent - gone.get(line.id, 0)) > 0
    }  # fmt: skip


def of(lines: Sequence[OrderLine], *, wanted: Mapping[UUID, int], left: Mapping[UUID, int]) -> dict[UUID, int]:
    """Say which gifts have to come back with pieces that are returned: those of goods of which nothing stays."""
    return {
        line.id: left[line.id]
        for line in lines
        if line.gift and line.parent_id is not None and line.id not in wanted and left.get(line.id, 0) > 0
        and wanted.get(line.parent_id) and left.get(line.parent_id) == wanted[line.parent_id]
    }  # fmt: skip
