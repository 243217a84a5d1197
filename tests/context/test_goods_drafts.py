"""Drafts of goods: kept as typed, never lost to another's, put aside and taken back, gone once saved."""

from typing import Any
from uuid import uuid4

from make.worlds import Browser


async def kept(owner: Browser, path: str, doc: dict[str, Any], rev: int, base: int = 0) -> tuple[int, Any]:
    headers = {"if-match": f'"{rev}"'}
    return await owner("PUT", f"{path}/draft", {"doc": doc, "base_version": base}, headers=headers)


async def test_a_draft_is_kept_as_it_is_typed_and_ends_when_the_goods_are_saved(owner: Browser) -> None:
    path = f"/api/console/products/{uuid4()}"
    status, first = await kept(owner, path, {"title": "", "variants": [{"price_fen": 0}]}, 0)
    assert (status, first["rev"], first["title"]) == (200, 1, "")
    status, second = await kept(owner, path, {"title": "半句"}, 1)
    assert (status, second["rev"]) == (200, 2)
    assert (await owner("GET", path))[0] == 404  # nobody else sees what is being written
    _, drafts = await owner("GET", "/api/console/product-drafts")
    assert [(line["title"], line["base_version"]) for line in drafts] == [("半句", 0)]
    variant = {"id": str(uuid4()), "options": [], "price_fen": 9_900}
    assert (await owner("PUT", path, {"title": "明前龙井", "variants": [variant]}))[0] == 200
    assert (await owner("GET", f"{path}/draft"))[0] == 404
    _, page = await owner("GET", "/api/console/audit?action=put_product_draft")
    assert page["items"] == []  # typing is nobody's deed


async def test_two_who_write_at_once_lose_nothing(owner: Browser) -> None:
    path = f"/api/console/products/{uuid4()}"
    assert (await kept(owner, path, {"title": "甲"}, 0))[0] == 200
    for seen in (0, 7):
        status, refused = await kept(owner, path, {"title": "乙"}, seen)
        assert (status, refused["code"], refused["by"]) == (409, "draft.changed", "owner")
    assert (await owner("GET", f"{path}/draft"))[1]["doc"] == {"title": "甲"}
    status, refused = await owner("PUT", f"{path}/draft", {"doc": {}, "base_version": 0})
    assert (status, refused["field"]) == (400, "If-Match")
    # What is no revision is none of ours, and no version: nothing is written over what was not seen.
    body = {"title": "丙", "variants": [{"id": str(uuid4()), "options": [], "price_fen": 1}]}
    for wrong in ("²", '"x"', "9" * 5_000, "-1"):
        for part, words in (("/draft", {"doc": {}}), ("", body)):
            status, refused = await owner("PUT", f"{path}{part}", words, headers={"if-match": wrong})
            assert (status, refused["field"]) == (400, "If-Match")
    assert (await kept(owner, path, {"detail": "长" * 200_000}, 1))[1]["field"] == "doc"


async def test_a_discarded_draft_can_be_taken_back(owner: Browser) -> None:
    path = f"/api/console/products/{uuid4()}"
    await kept(owner, path, {"title": "可惜"}, 0)
    assert (await owner("DELETE", f"{path}/draft"))[0] == 204
    assert (await owner("DELETE", f"{path}/draft"))[0] == 404
    assert (await owner("GET", f"{path}/draft"))[1]["discarded_at"]
    status, back = await owner("PUT", f"{path}/draft/restoration")
    assert (status, back["doc"], back["discarded_at"]) == (200, {"title": "可惜"}, None)
    assert (await owner("PUT", f"{path}/draft/restoration"))[0] == 404
    await owner("DELETE", f"{path}/draft")
    assert (await kept(owner, path, {"title": "重来"}, 0))[1]["doc"] == {"title": "重来"}  # over what was put aside
