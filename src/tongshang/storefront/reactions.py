"""What the storefront does when a merchant is taken on."""

from tongshang.platform.db import Tx
from tongshang.platform.facts import Reactions
from tongshang.storefront import pages, shops
from tongshang.storefront.blocks import Auto, Goods, PageDoc, Text
from tongshang.storefront.shops import ShopAsked
from tongshang.tenancy.facts import MerchantCreated

reactions = Reactions("storefront")


@reactions.inside(MerchantCreated)
async def open_shop(tx: Tx, fact: MerchantCreated) -> None:
    """A new merchant has a sign and a first page at once, so that the store can be opened."""
    await shops.put(tx, asked=ShopAsked(name=fact.name[:30]))
    doc = PageDoc([Text("welcome", f"欢迎光临{fact.name}", "center"), Goods("newest", Auto(), "grid", "新品上架")])
    await pages.publish(tx, doc=doc, seen=0, author="")
