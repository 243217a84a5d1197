"""What the first of two merchants has on his workbench for goods: drafts, groups, sheets, reviews."""

import io
from typing import Any
from uuid import UUID

from make.shops import png
from tongshang.trade import orders

SHEET = "商品名称,价格\n太平猴魁,128\n没有价格,\n"
START = {"if-match": '"0"'}


async def sketch(stage: Any) -> None:
    """Leave drafts lying about: one to be written, one to be thrown away, one thrown away already."""
    for name in ("sketch", "sketch_spare", "sketch_gone"):
        stage.fresh(name)
    for name in ("sketch_spare", "sketch_gone"):
        body = {"doc": {"title": name}, "base_version": 0}
        await stage.do("PUT", f"/products/{stage.has[name]}/draft", body, headers=START)
    await stage.do("DELETE", f"/products/{stage.has['sketch_gone']}/draft")
    for name in ("group", "group_spare"):
        await stage.do("PUT", f"/product-groups/{stage.fresh(name)}", {"name": name, "members": [stage.has["product"]]})
    stage.fresh("new_sheet")
    for name in ("sheet", "sheet_spare"):
        await stage.do("PUT", f"/product-sheets/{stage.fresh(name)}", data={"file": io.BytesIO(SHEET.encode())})
    for name in ("folder", "folder_spare"):
        await stage.do("PUT", f"/media-folders/{stage.fresh(name)}", {"name": name})
    stage.fresh("new_folder")
    stage.fresh("order_work")
    stage.fresh("new_template")
    view = {"name": "大单", "filters": {"least_fen": 10_000}}
    await stage.do("PUT", f"/order-views/{stage.fresh('order_view')}", view)
    kept = await stage.do("POST", "/media", data={"file": io.BytesIO(png("#642"))})
    stage.has["picture_spare"] = kept["id"]


async def opinions(stage: Any) -> None:
    """Have two orders completed, one of them reviewed by who bought it."""
    stage.fresh("new_review")
    for name in ("reviewed", "to_review"):
        async with stage.town.world.tx(stage.town.merchant) as tx:
            await orders.complete(tx, order=UUID(stage.has[name]))
    said = {"line_id": stage.has["line_of_reviewed"], "stars": 5, "words": "好茶"}
    await stage.shop("PUT", f"/orders/{stage.has['reviewed']}/reviews/{stage.fresh('review')}", said)
    await stage.do("PUT", "/reviews/desk", {"moderated": True})
