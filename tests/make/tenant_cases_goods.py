"""How the operations of the goods workbench and of reviews are asked for."""

from make.asking import Case, gone

SKETCH = {"doc": {"title": "还没写完"}, "base_version": 0}
GROUP = {"name": "春茶", "members": ["$product"]}
UNSHELVE = {"ids": ["$product_spare"], "change": {"do": "shelve", "state": "off"}}
GOODS: dict[str, Case] = {
    "count_products": Case(), "list_product_tags": Case(), "change_products": Case(body=UNSHELVE),
    "list_product_groups": Case(), "get_product_group": gone(group_id="group"),
    "put_product_group": Case({400}, GROUP, path={"group_id": "group"}),
    "drop_product_group": gone(group_id="group_spare"),
    "list_product_drafts": Case(),
    "put_product_draft": Case(body=SKETCH, path={"product_id": "sketch"}, headers={"if-match": '"0"'}),
    "get_product_draft": gone(product_id="sketch_spare"),
    "discard_product_draft": gone(product_id="sketch_spare"),
    "restore_product_draft": gone(product_id="sketch_gone"),
}  # fmt: skip
