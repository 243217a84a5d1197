"""How much each receiver gets of a payment, and gives back of it for a refund; pure. No fen is lost or made up."""

from collections.abc import Sequence

from tongshang.payments.sharing.model import Base, Rule
from tongshang.platform.money import Fen, allocate

MYRIAD = 10_000


def plan(rules: Sequence[Rule], *, base_fen: Fen, fee_fen: Fen, cap_per_myriad: int) -> list[Fen]:
    """Share what is left of a payment among receivers: to each his part, odd fen by the largest remainder.

    Together they never get more than the cap allows, nor more than is there after WeChat's fee; too much is cut in
    proportion. A part may be 0.
    """
    net = max(base_fen - fee_fen, 0)
    wants = [rule.per_myriad * (base_fen if rule.base is Base.PAID else net) for rule in rules]
    wanted = sum(wants) // MYRIAD
    total = min(wanted, base_fen * cap_per_myriad // MYRIAD, net)
    if total < wanted:
        return allocate(total, wants)
    whole = [want // MYRIAD for want in wants]
    odd = sorted(range(len(wants)), key=lambda place: -(wants[place] % MYRIAD))[: total - sum(whole)]
    return [part + (place in odd) for place, part in enumerate(whole)]


def unwind(amount: Fen, *, left: Fen, there: Sequence[Fen]) -> list[Fen]:
    """Say how much each receiver gives back when `amount` of a payment is refunded of which `left` was still kept.

    By what is left, not by what was paid: no sequence of refunds asks for more than a receiver has, and the last
    one asks for all of it. Up to then an odd fen stays with the receivers.
    """
    if not 0 < amount <= left:
        raise ValueError("more than is left of the payment")
    total = sum(there) * amount // left
    return allocate(total, there) if total else [0] * len(there)
