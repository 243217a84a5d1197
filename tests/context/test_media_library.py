"""The library of pictures: in folders, found by name, and taken out only when nobody shows them."""

import io
from typing import Any
from uuid import UUID, uuid4

import aiohttp

from make import shops
from make.worlds import Browser
from tongshang.media import pictures
from tongshang.platform.world import World

API = "/api/console"


async def upload(owner: Browser, colour: str, name: str) -> dict[str, Any]:
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("file", io.BytesIO(shops.png(colour)), filename=name)
    status, kept = await owner("POST", f"{API}/media", data=form)
    assert status == 201, kept
    return dict(kept)


async def names(owner: Browser, query: str = "") -> list[str]:
    status, page = await owner("GET", f"{API}/media?{query}")
    assert status == 200, page
    return sorted(one["name"] for one in page["items"])


async def test_pictures_are_put_into_folders_and_found(owner: Browser, merchant: UUID) -> None:
    tea, cup = await upload(owner, "#2a6", "茶园.png"), await upload(owner, "#a26", "盖碗.png")
    folder = str(uuid4())
    assert (await owner("PUT", f"{API}/media-folders/{folder}", {"name": "茶山"}))[1][0]["pictures"] == 0
    assert (await owner("PUT", f"{API}/media-folders/{uuid4()}", {"name": "茶山"}))[1]["code"] == "media.folder_taken"
    assert (await owner("PUT", f"{API}/media/placement", {"ids": [tea["id"]], "folder_id": folder}))[0] == 204
    assert (await names(owner, f"folder={folder}"), await names(owner, "folder=none")) == (["茶园.png"], ["盖碗.png"])
    assert (await names(owner, "q=茶"), await names(owner)) == (["茶园.png"], ["盖碗.png", "茶园.png"])
    assert (await owner("PUT", f"{API}/media/{cup['id']}", {"name": "青瓷盖碗"}))[0] == 204
    assert await names(owner, "q=青瓷") == ["青瓷盖碗"]
    _, page = await owner("GET", f"{API}/media?limit=1")
    _, rest = await owner("GET", f"{API}/media?limit=1&after={page['next']}")
    assert {page["items"][0]["id"], rest["items"][0]["id"]} == {tea["id"], cup["id"]}
    assert (await owner("DELETE", f"{API}/media-folders/{folder}"))[0] == 204
    assert len(await names(owner, "folder=none")) == 2  # a folder goes, its pictures stay
    for wrong in ({"ids": [], "folder_id": None}, {"ids": [tea["id"]], "folder_id": str(uuid4())}):
        assert (await owner("PUT", f"{API}/media/placement", wrong))[0] == 400


async def test_a_picture_that_is_shown_somewhere_stays_and_one_taken_out_is_still_shown_to_who_has_it(
    owner: Browser, world: World, merchant: UUID
) -> None:
    shown, loose, inside = [await upload(owner, colour, f"{colour}.png") for colour in ("#111", "#222", "#333")]
    path = f"{API}/products/{uuid4()}"
    goods = {"title": "龙井", "pictures": [shown["id"]], "detail": f'<p><img src="{inside["url"]}"></p>',
             "variants": [{"id": str(uuid4()), "options": [], "price_fen": 1}]}  # fmt: skip
    assert (await owner("PUT", path, goods))[0] == 200
    for picture in (shown, inside):
        _, uses = await owner("GET", f"{API}/media/{picture['id']}/uses")
        assert [(use["kind"], use["title"]) for use in uses] == [("product", "龙井")]
        status, refused = await owner("DELETE", f"{API}/media/{picture['id']}")
        assert (status, refused["code"], refused["where"]) == (409, "media.in_use", "龙井")
    assert (await owner("DELETE", f"{API}/media/{loose['id']}"))[0] == 204
    assert (await owner("DELETE", f"{API}/media/{loose['id']}"))[0] == 404
    assert len(await names(owner)) == 2
    async with world.tx(merchant) as tx:  # as an order of long ago shows it
        assert await pictures.find(tx, [UUID(loose["id"])])
    assert (await owner("GET", loose["url"]))[0] == 200
    await upload(owner, "#222", "again.png")
    assert len(await names(owner)) == 3
