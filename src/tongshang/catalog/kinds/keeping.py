"""What a product's kind asks for when it is written down, and where its stock is counted."""

from uuid import UUID

import msgspec

from tongshang.catalog import stock
from tongshang.catalog.kinds import bundles, codes, terms
from tongshang.catalog.kinds.terms import Bundle, Physical, Presale, Terms, Visits
from tongshang.catalog.model import MOST_STOCK, ProductAsked
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, Refused

KNOWN = "select kind, sold from product where merchant_id = $1 and id = $2"
KIND = "select kind from product where merchant_id = $1 and id = $2"
KIND_OF = """select p.kind from variant v join product p on p.merchant_id = v.merchant_id and p.id = v.product_id
where v.merchant_id = $1 and v.id = $2"""
OWED = """select exists (select 1 from order_line l join orders o on o.merchant_id = l.merchant_id and o.id = l.order_id
where l.merchant_id = $1 and l.product_id = $2 and o.state in ('unpaid', 'closing', 'deposit', 'paid'))"""
PART = """select exists (select 1 from bundle_part b
  join variant v on v.merchant_id = b.merchant_id and v.id = b.variant_id
  join product p on p.merchant_id = b.merchant_id and p.id = b.bundle_id and p.state <> 'gone' and p.kind = 'bundle'
  where b.merchant_id = $1 and v.product_id = $2 and not v.gone)"""
# Whose stock nobody counts by hand: there are as many as there are codes, or as the parts allow.
COUNTED_ELSEWHERE = ("virtual", "bundle")


class KindFixed(Refused):
    """These goods were sold already; they stay of their kind. Make new goods instead."""

    code, status, zh = "product.kind_fixed", 409, "商品已有销售，不能更改类型，请新建商品。"


class PartOfBundle(Refused):
    """These goods are part of a bundle; they cannot become a bundle or a presale."""

    code, status, zh = "product.part_of_bundle", 409, "商品已加入组合商品，不能改为组合或预售。"


class CountedElsewhere(Refused):
    """The stock of these goods is their codes, or that of their parts; it is not set by hand."""

    code, status, zh = "stock.counted_elsewhere", 409, "该商品的库存由卡密或组合内的商品决定，不能直接修改。"


class _Known(msgspec.Struct, frozen=True):
    kind: str
    sold: int


async def check(tx: Tx, *, product: UUID, asked: ProductAsked) -> Terms:
    """Read the terms of a product that is about to be written down, or refuse."""
    found = terms.read(asked.kind, asked.terms)
    if isinstance(found, Bundle) and (len(asked.variants) != 1 or asked.options):
        raise Invalid(field="options", problem="a bundle has none", zh="组合商品不能再分规格")
    if isinstance(found, Physical) and found.presale is not None:
        _check_presale(found.presale, asked)
    known = await tx.first(_Known, KNOWN, tx.merchant, product)
    if known and known.kind != asked.kind and (known.sold or await tx.value(OWED, tx.merchant, product)):
        raise KindFixed
    ahead = isinstance(found, Physical) and found.presale is not None
    if known and (ahead or isinstance(found, Bundle)) and await tx.value(PART, tx.merchant, product):
        raise PartOfBundle
    return found


def _check_presale(presale: Presale, asked: ProductAsked) -> None:
    least = min((variant.price_fen for variant in asked.variants), default=0)
    if presale.deposit_fen >= least:
        raise Invalid(field="terms.presale.deposit_fen", problem=f"< {least}")
    if asked.deduct != "placing":
        raise Invalid(
            field="deduct",
            problem="what a deposit is paid for is taken from the stock when it is placed",
            zh="收定金的商品须在下单时扣减库存",
        )  # what a deposit is paid for is kept


def counted(asked: ProductAsked, found: Terms) -> dict[UUID, int]:
    """Say what stock to set for which variant; what is counted elsewhere is not set."""
    if asked.kind in COUNTED_ELSEWHERE:
        return {}
    if isinstance(found, Visits) and found.unlimited:
        # More than anybody can serve; each time it is written down it is as much again.
        return {variant.id: MOST_STOCK for variant in asked.variants}
    return {variant.id: variant.stock for variant in asked.variants if variant.stock is not None}


async def becomes_codes(tx: Tx, *, product: UUID, asked: ProductAsked) -> bool:
    """Say whether goods that were counted so far are about to become codes."""
    return asked.kind == "virtual" and await tx.value(KIND, tx.merchant, product) not in (None, "virtual")


async def count_codes(tx: Tx, *, asked: ProductAsked) -> None:
    """Let there be as many of each variant as there are codes: what was counted before was something else."""
    counts = {variant.id: await codes.free(tx, variant=variant.id) for variant in asked.variants}
    await stock.set_on_hand(tx, counts=counts)


async def keep(tx: Tx, *, product: UUID, found: Terms) -> None:
    """Write down what a product is made of, once its variants are there."""
    await bundles.put(tx, bundle=product, parts=found.parts if isinstance(found, Bundle) else [])


async def refuse_counted_elsewhere(tx: Tx, *, product: UUID) -> None:
    """Refuse to set a stock that is counted elsewhere."""
    if await tx.value(KIND, tx.merchant, product) in COUNTED_ELSEWHERE:
        raise CountedElsewhere


async def refuse_by_hand(tx: Tx, *, variant: UUID) -> None:
    """Refuse to move or count by hand the stock of a variant that is counted elsewhere."""
    if await tx.value(KIND_OF, tx.merchant, variant) in COUNTED_ELSEWHERE:
        raise CountedElsewhere
