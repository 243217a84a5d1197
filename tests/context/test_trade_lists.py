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


async def test_a_time_without_a_zone_is_the_merchants_own(world: World, merchant: UUID, owner: Browser) -> None:
    _, (variant,) = await make_product(world, merchant)
    await order(world, merchant, await make_fan(world, merchant), variant)  # at ten in the morning in Shanghai
    for asked, found in (
        ("from=2026-11-20T09:59:00&to=2026-11-20T10:01:00", 1),
        ("from=2026-11-20T01:59:00Z&to=2026-11-20T02:01:00Z", 1),
        ("from=2026-11-20T10:01:00", 0),
        ("to=2026-11-20T09:59:00", 0),
    ):
        status, page = await owner("GET", f"/api/console/orders?{asked}")
        assert (status, len(page["items"])) == (200, found), asked
