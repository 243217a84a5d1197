"""Orders are listed newest first, whatever ids the customers' pages chose, page by page."""

from uuid import UUID

from make.shops import make_fan, make_product, order
from make.worlds import Browser
from tongshang.fans import sessions
from tongshang.platform.world import World


async def test_orders_come_newest_first_whatever_their_ids(world: World, merchant: UUID, owner: Browser) -> None:
    _, (variant,) = await make_product(world, merchant)
    fan = await make_fan(world, merchant)
    ids = [UUID(int=n << 96 | 4 << 76 | 2 << 62) for n in (7, 1, 9, 3, 5)]
    for chosen in ids:
        await order(world, merchant, fan, variant, order_id=chosen)
    async with world.tx(merchant) as tx:
        shopper = {"authorization": f"Bearer {await sessions.give(tx, fan_id=fan)}"}
    newest_first = [str(chosen) for chosen in reversed(ids)]

    for path, headers in (("/api/console/orders", {}), ("/api/store/tea/orders", shopper)):
        seen, after = [], ""
        for _ in range(3):
            status, page = await owner("GET", f"{path}?limit=2{after}", headers=headers)
            assert status == 200, page
            seen += [one["id"] for one in page["items"]]
            after = f"&after={page['next']}"
        assert seen == newest_first
        assert page["next"] is None

    status, shown = await owner("GET", f"/api/console/fans/{fan}")
    assert status == 200, shown
    assert [one["id"] for one in shown["recent_orders"]] == newest_first
