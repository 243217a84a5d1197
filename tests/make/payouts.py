"""Pay-outs at a till: a shop with money at WeChat, people it knows, and what becomes of what it gives them."""

from typing import Any
from uuid import UUID

from make.tills import APPID, Shop
from tongshang.fans import people
from tongshang.fans.model import Source
from tongshang.payments import accounts
from tongshang.payments.payouts import payouts, queries
from tongshang.payments.payouts.model import Face, Payout
from tongshang.platform.money import Fen
from weixin.products.pay import transfers
from wxsandbox.pay.transfer_rows import PayTransfer

REWARD = {"活动名称": "新会员有礼", "奖励说明": "注册会员抽奖一等奖"}
WORDS: dict[str, Any] = {"reason": "marketing", "report": REWARD, "remark": "恭喜获奖"}


async def fan(shop: Shop, name: str = "lily") -> UUID:
    """Have somebody known at our account, with a phone."""
    openid = await shop.person(name)
    async with shop.world.tx(shop.merchant) as tx:
        return (await people.known(tx, appid=APPID, openid=openid, source=Source.STORE)).id


async def give(
    shop: Shop, to: UUID, amount_fen: Fen = 5_000, *, id: UUID | None = None, face: Face = Face.TRANSFER, **more: Any
) -> Payout:
    """Promise somebody an amount, and let everything that is due happen."""
    async with shop.world.tx(shop.merchant) as tx:
        made = await payouts.promise(
            tx, payout_id=id or shop.id(), fan_id=to, amount_fen=amount_fen, face=face, **(WORDS | more)
        )
    await shop.settle()
    return await look(shop, made)


async def look(shop: Shop, row: Payout) -> Payout:
    """Read a pay-out again."""
    async with shop.world.tx(shop.merchant) as tx:
        return await payouts.get(tx, payout=row.id)


async def why(shop: Shop, row: Payout) -> tuple[str, str]:
    """Say what the console says of a pay-out: its state, and why."""
    async with shop.world.tx(shop.merchant) as tx:
        (found,) = [one for one in (await queries.listed(tx)).items if one.id == row.id]
    return found.state, found.why_zh


async def take(shop: Shop, row: Payout, *, name: str = "lily") -> dict[str, Any]:
    """Take it on the phone, and let everybody hear of it."""
    sub = shop.made.get("sub_mchid")
    handed = transfers.sheet(await client(shop), appid=row.appid, package=row.package, sub_mchid=sub)
    said: dict[str, Any] = await shop.sandbox.call("POST", f"/people/{name}/transfer/confirmation", handed)
    await shop.wait(3)
    return said


async def client(shop: Shop) -> Any:
    """Give the platform's own client at WeChat Pay."""
    async with shop.world.tx(shop.merchant) as tx:
        return (await accounts.till(tx)).client


def there(shop: Shop, row: Payout) -> PayTransfer:
    """Read a pay-out as WeChat has it."""
    (found,) = [one for one in shop.box.table(PayTransfer) if one.out_bill_no == row.number]
    return found


async def call_off(shop: Shop, row: Payout) -> None:
    """Call it off in the console."""
    async with shop.world.tx(shop.merchant) as tx:
        await payouts.call_off(tx, payout=row.id)
    await shop.settle()
