"""What a merchant sends: a library, articles that are out, messages to many that went, wait, or were only written."""

from datetime import timedelta
from typing import TYPE_CHECKING

import aiohttp

from make import files
from make.places import ACCOUNT

if TYPE_CHECKING:
    from make.tenants import Tenants

HELLO = {"message": {"kind": "text", "text": "新茶上市"}, "audience": {"by": "all"}}


async def send_things(stage: "Tenants") -> None:
    """Fill the library, publish a set of articles, and send another to everybody."""
    town, do = stage.town, stage.do
    for name, color in (("material", "#135"), ("material_spare", "#531")):
        form = aiohttp.FormData()
        form.add_field("file", files.picture(color), filename="a.png", content_type="image/png")
        stage.has[name] = (await do("POST", "/materials?kind=image", data=form))["id"]
        await do("POST", f"/materials/{stage.has[name]}/upload")
    await do("POST", "/materials/library/sync")
    for name in ("articles", "articles_spare", "articles_sent"):
        one = {"title": "春茶", "body": "<p>明前</p>", "cover_id": stage.has["material"], "comments": True}
        await do("PUT", f"/articles/{stage.fresh(name)}", {"articles": [one]})
    await do("PUT", f"/articles/{stage.has['articles']}/publications/{stage.fresh('publication')}")
    await town.settle()
    await (await town.sandbox.person("bob")).follow(ACCOUNT)
    await town.settle()
    reach = await do("POST", "/broadcasts/reach", {"audience": HELLO["audience"]})
    stage.has["people"] = reach["people"]
    for name in ("broadcast", "broadcast_spare", "broadcast_ready", "broadcast_later", "broadcast_out"):
        body = dict(HELLO)
        if name == "broadcast_out":
            body["message"] = {"kind": "mpnews", "article_set_id": stage.has["articles_sent"]}
        await do("PUT", f"/broadcasts/{stage.fresh(name)}", body)
    confirmed = {"people": stage.has["people"]}
    await do("POST", f"/broadcasts/{stage.has['broadcast_out']}/confirmation", confirmed)
    fans = [fan["id"] for fan in (await do("GET", "/fans?subscribed=true"))["items"]]
    named = {"message": HELLO["message"], "audience": {"by": "people", "fan_ids": fans}}
    await do("PUT", f"/broadcasts/{stage.fresh('broadcast_named')}", named)
    await do("POST", f"/broadcasts/{stage.has['broadcast_named']}/confirmation", {"people": len(fans)})
    later = (town.world.clock.now() + timedelta(days=300)).isoformat()
    await do("POST", f"/broadcasts/{stage.has['broadcast_later']}/confirmation", confirmed | {"send_at": later})
    await town.settle()
    await town.advance(seconds=6)
    await town.settle()
    await do("POST", "/archive/import")
    await town.settle()
    await _discuss(stage)
    stage.has["found"] = (await do("GET", "/archive?place=published"))["items"][0]["id"]
    for name in ("new_adopted", "new_articles", "new_publication", "new_broadcast"):
        stage.fresh(name)


async def _discuss(stage: "Tenants") -> None:
    """Have somebody comment on what was sent."""
    out = next(one for one in (await stage.do("GET", "/comments"))["items"] if one["how"] == "published")
    page = await stage.town.alice.open(out["articles"][0]["url"])
    await stage.town.alice.submit(page, {"content": "好茶"})
    stage.has |= {"msg_data_id": out["msg_data_id"], "article_number": "1"}
    board = await stage.do("GET", f"/comments/{out['msg_data_id']}/1")
    stage.has["comment"] = board["items"][0]["id"]
    await stage.do("PUT", f"/comments/{out['msg_data_id']}/1/switch", {"open": True})
