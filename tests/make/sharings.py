"""People who get shares of what a shop is paid: merchants at the simulator, and rules in the platform."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from make.bookings import unbooked
from make.tills import APPID, Shop
from tongshang.payments import refunds
from tongshang.payments.checks import checks
from tongshang.payments.model import Charge
from tongshang.payments.sharing import queries, receivers, settings
from tongshang.payments.sharing.model import Base, Purpose, ReceiverKind, Relation
from tongshang.payments.sharing.queries import SplitView

SUPPLIER, PROVIDER = "茶山供应链有限公司", "通商技术服务有限公司"


@dataclass
class Partners:
    """Who gets a part of what the shop is paid: a tenth, and a fiftieth of what is left after the fee."""

    shop: Shop
    supplier: str
    provider: str
    supplier_id: UUID
    provider_id: UUID

    async def money(self, mchid: str) -> int:
        """Say what a merchant has at WeChat."""
        return int((await self.shop.sandbox.merchant_now(mchid))["balance_fen"])

    async def setting(self, mchid: str, **fields: Any) -> None:
        """Change how WeChat treats a merchant."""
        await self.shop.sandbox.set_merchant(mchid, **fields)


async def declare(shop: Shop, account: str, name: str, per_myriad: int, **more: Any) -> UUID:
    """Have somebody get a part, and let WeChat hear of it; gives the receiver's id."""
    words: dict[str, Any] = {
        "kind": ReceiverKind.MERCHANT, "relation": Relation.SUPPLIER, "custom_relation": "", "label": name[:4],
        "purpose": Purpose.PARTNER, "base": Base.PAID,
    }  # fmt: skip
    id = shop.id()
    wish = receivers.Wish(account=account, name=name, per_myriad=per_myriad, **(words | more))
    async with shop.world.tx(shop.merchant) as tx:
        await receivers.put(tx, receiver_id=id, wish=wish)
    await shop.wait(1)  # the next one comes later
    return id


async def agree(shop: Shop, *, hold_days: int = 0, most: int = 3_000) -> Partners:
    """Have a supplier and the provider get parts, and switch sharing on."""
    supplier = (await shop.sandbox.merchant(name=SUPPLIER, appids=[APPID]))["mchid"]
    provider = (await shop.sandbox.merchant(name=PROVIDER, appids=[APPID]))["mchid"]
    first = await declare(shop, supplier, SUPPLIER, 1_000)
    second = await declare(
        shop, provider, PROVIDER, 200, purpose=Purpose.PLATFORM_FEE, base=Base.NET, relation=Relation.SERVICE_PROVIDER
    )
    async with shop.world.tx(shop.merchant) as tx:
        await settings.save(tx, enabled=True, hold_days=hold_days, max_per_myriad=most)
    return Partners(shop, supplier, provider, first, second)


async def split_of(shop: Shop, charge: Charge) -> SplitView:
    """Show what is shared of a payment."""
    async with shop.world.tx(shop.merchant) as tx:
        (found,) = (await queries.splits(tx, order=charge.subject_id)).items
    return found


async def refund(shop: Shop, charge: Charge, fen: int) -> UUID:
    """Promise a part of a payment back; gives the refund's id."""
    id = shop.id()
    async with shop.world.tx(shop.merchant) as tx:
        await refunds.request(tx, refund_id=id, subject=charge.subject_id, amount=fen, reason="不想要了")
    await shop.settle()
    return id


async def refund_state(shop: Shop, refund_id: UUID) -> str:
    """Say where a refund stands."""
    async with shop.world.tx(shop.merchant) as tx:
        return (await refunds.get(tx, refund=refund_id)).state.value


async def wrong(shop: Shop) -> list[str]:
    """List what does not agree in the shop's books: postings without a row, rows without a posting, sums."""
    async with shop.world.tx(shop.merchant) as tx:
        found = await unbooked(tx)
        for check in checks:
            found += [f"{check.name}: {one}" for one in await check.find(tx)]
    return found


async def patiently(shop: Shop, seconds: float = 600, steps: int = 20) -> None:
    """Let time pass until what was asked for at WeChat has come to its end."""
    await shop.wait(seconds, steps=steps)
