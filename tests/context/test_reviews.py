"""Reviews: only of what one bought and has, once, with one more word; shown when the merchant says so, and masked."""

import io
import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from make import customers, shops
from make.customers import Customer, Till
from tongshang.app.seed import opinions
from tongshang.app.seed.goods import SHOPS
from tongshang.media import uploads
from tongshang.trade import orders
from tongshang.trade.reviews.writing import masked


@pytest.fixture
async def till(database_url: str, tmp_path: Path) -> AsyncIterator[Till]:
    async with customers.open_till(database_url, tmp_path) as opened:
        yield opened


async def bought(till: Till, *, completed: bool = True) -> dict[str, Any]:
    """Let lily buy one piece, and have it."""
    order = await till.sold(await till.goods())
    if completed:
        async with till.shop.world.tx(till.shop.merchant) as tx:
            await orders.complete(tx, order=UUID(order["id"]))
    return order


def said(order: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"line_id": order["lines"][0]["id"], "stars": 5, "words": "香气足", **more}


async def write(who: Customer, order: dict[str, Any], review: str | None = None, **more: Any) -> tuple[int, Any]:
    return await who("PUT", f"/orders/{order['id']}/reviews/{review or uuid4()}", said(order, **more))


async def seen(till: Till, order: dict[str, Any], query: str = "") -> dict[str, Any]:
    product = order["lines"][0]["product_id"]
    return dict(await till.lily.do("GET", f"/products/{product}/reviews{query}"))


async def test_a_review_is_written_once_of_what_one_has_and_shown_when_the_merchant_says_so(till: Till) -> None:
    early = await bought(till, completed=False)
    assert (await write(till.lily, early))[1]["code"] == "review.not_yet"
    order, review = await bought(till), str(uuid4())
    stranger = await customers.enter(till.shop.world, till.shop.merchant, till.owner, name="mallory")
    assert (await write(stranger, order))[0] == 404
    upload = f"/api/store/tea/orders/{order['id']}/review-pictures"
    for who, status in ((stranger, 404), (till.lily, 201)):
        answer = await who.browser("POST", upload, data={"file": io.BytesIO(shops.png("#fa0"))}, headers=who.headers)
        assert answer[0] == status, answer
    picture = answer[1]["id"]
    for field, wrong in (("stars", {"stars": 6}), ("words", {"words": "长" * 501}),
                         ("pictures", {"pictures": [picture] * 2}), ("pictures", {"pictures": [str(uuid4())]}),
                         ("pictures", {"pictures": [str(uuid4()) for _ in range(10)]})):  # fmt: skip
        assert (await write(till.lily, order, **wrong))[1]["field"] == field
    assert (await write(till.lily, order, line_id=early["lines"][0]["id"]))[0] == 404  # a line of another order
    for _ in range(2):  # a double click
        status, mine = await write(till.lily, order, review, pictures=[picture])
        assert (status, [(one["state"], one["stars"]) for one in mine]) == (200, [("pending", 5)])
    assert (await write(till.lily, order, review, stars=1))[1]["code"] == "review.already"
    assert (await write(till.lily, order))[1]["code"] == "review.already"
    hidden = await seen(till, order)
    assert (hidden["items"], hidden["count"]["shown"]) == ([], 0)  # it waits
    await till.do("PUT", f"/reviews/{review}/state", {"state": "shown"})
    await till.do("PUT", f"/reviews/{review}/reply", {"words": "谢谢惠顾"})
    shown = await seen(till, order, "?filter=pictured")
    [one] = shown["items"]
    assert (one["words"], one["reply"], [p["id"] for p in one["pictures"]]) == ("香气足", "谢谢惠顾", [picture])
    assert (shown["count"]["shown"], shown["count"]["stars_sum"], shown["count"]["pictured"]) == (1, 5, 1)
    assert "fan_id" not in one
    assert "order_id" not in one
    assert (await seen(till, order, "?filter=bad"))["items"] == []


async def test_hiding_needs_a_reason_and_one_more_word_waits_again(till: Till) -> None:
    order, review = await bought(till), str(uuid4())
    await till.do("PUT", "/reviews/desk", {"moderated": False})
    assert (await write(till.lily, order, review, stars=2, anonymous=True))[1][0]["state"] == "shown"
    assert [one["nick"] for one in (await seen(till, order))["items"]] == ["匿名用户"]
    assert (await till.console("PUT", f"/reviews/{review}/state", {"state": "hidden"}))[1]["field"] == "because"
    await till.do("PUT", f"/reviews/{review}/state", {"state": "hidden", "because": "含有手机号"})
    gone = await seen(till, order)
    assert (gone["items"], gone["count"]["bad"]) == ([], 0)
    [mine] = await till.lily.do("GET", f"/orders/{order['id']}/reviews")
    assert (mine["state"], mine["hidden_because"]) == ("hidden", "含有手机号")
    await till.do("PUT", f"/reviews/{review}/state", {"state": "shown"})
    await till.do("PUT", "/reviews/desk", {"moderated": True})
    assert (await till.lily("PUT", f"/reviews/{review}/more", {"words": " "}))[1]["field"] == "words"
    assert (await till.lily("PUT", f"/reviews/{review}/more", {"words": "喝了一周，更喜欢了"}))[0] == 204
    assert (await till.lily("PUT", f"/reviews/{review}/more", {"words": "再说"}))[1]["code"] == "review.already_more"
    stranger = await customers.enter(till.shop.world, till.shop.merchant, till.owner, name="mallory")
    assert (await stranger("PUT", f"/reviews/{review}/more", {"words": "我也说"}))[0] == 404
    assert (await seen(till, order))["items"] == []  # what is new in it has not been looked at
    found = (await till.do("GET", "/reviews?state=pending&stars=2"))["items"]
    assert [(one["id"], one["more_words"]) for one in found] == [(review, "喝了一周，更喜欢了")]
    assert (await till.do("GET", "/reviews/desk"))["tally"] == {"pending": 1, "shown": 0, "hidden": 0}


async def test_a_flood_of_pictures_from_one_customer_ends_and_others_do_not_feel_it(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_OF_CUSTOMER", 2)
    order = await bought(till)

    async def send(what: str) -> tuple[int, Any]:
        body, path = {"file": io.BytesIO(shops.png("#fa0"))}, f"/api/store/tea/orders/{order['id']}/{what}-pictures"
        answer = await till.lily.browser("POST", path, data=body, headers=till.lily.headers)
        return answer[0], answer[1].get("code")

    both = [await send(what) for what in ("review", "after-sale", "review", "after-sale")]
    assert both == [(201, None)] * 2 + [(429, "rate_limited")] * 2
    kept = await till.owner("POST", "/api/console/media", data={"file": io.BytesIO(shops.png())})
    assert kept[0] == 201  # the merchant himself
    await till.shop.wait(16 * 60)
    assert await send("review") == (201, None)


async def test_the_desk_has_the_newest_first_whatever_ids_phones_choose(till: Till) -> None:
    written = []
    for first in "c1e5":
        order, review = await bought(till), f"{first}{str(uuid4())[1:]}"
        assert (await write(till.lily, order, review))[0] == 200
        written.insert(0, review)
        await till.shop.wait(seconds=60)
    found: list[str] = []
    after = ""
    while after is not None and len(found) < 9:
        page = await till.do("GET", f"/reviews?state=pending&limit=3{after and '&after='}{after}")
        found, after = [*found, *(one["id"] for one in page["items"])], page["next"]
    assert found == written


async def test_who_takes_the_consent_back_leaves_no_name_and_what_is_refunded_is_not_reviewed(till: Till) -> None:
    order, review = await bought(till), str(uuid4())
    await till.lily.agree()
    await till.do("PUT", "/reviews/desk", {"moderated": False})
    await write(till.lily, order, review)
    version = (await till.lily.do("GET", "/consent"))["version"]
    await till.lily.do("PUT", "/consent", {"version": version, "accepted": False})
    await till.shop.settle()
    sql = "select fan_id, nick, words from review where merchant_id = $1 and id = $2"
    [row] = await till.shop.all(sql, UUID(review))
    assert tuple(row.values()) == (None, "匿名用户", "香气足")
    other = await bought(till)
    line = other["lines"][0]
    part = {"lines": [{"line_id": line["id"], "quantity": 1, "amount_fen": other["total_fen"]}], "reason": "碎了"}
    await till.do("PUT", f"/orders/{other['id']}/refunds/{uuid4()}", part)
    await till.shop.settle()
    assert (await write(till.lily, other))[1]["code"] == "review.returned"


@pytest.mark.parametrize(
    ("name", "shown"), [("", "匿名用户"), (None, "匿名用户"), ("王", "王**"), ("小爱", "小**"), ("Alexander", "A**r")]
)
def test_a_name_is_masked(name: str | None, shown: str) -> None:
    assert masked(name) == shown


async def test_the_demos_customers_say_what_they_think_and_are_answered(till: Till) -> None:
    orders_of = [await bought(till) for _ in range(6)]
    world, merchant = till.shop.world, till.shop.merchant
    pictures = await opinions.pictured(world, merchant, SHOPS[0])
    async with world.tx(merchant) as tx:
        happy = [UUID(order["id"]) for order in orders_of]
        await opinions.say(tx, happy=happy, pictures=pictures, rng=random.Random(3), share=1)
    found = [one for order in orders_of for one in (await seen(till, order))["items"]]
    assert len(found) >= 4
    assert any(one["pictures"] for one in found)
    assert any(one["reply"] for one in found)
