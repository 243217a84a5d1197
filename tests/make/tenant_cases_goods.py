"""How the operations of the goods workbench and of reviews are asked for."""

from make.asking import Case, gone

SKETCH = {"doc": {"title": "还没写完"}, "base_version": 0}
GOODS: dict[str, Case] = {
    "list_product_drafts": Case(),
    "put_product_draft": Case(body=SKETCH, path={"product_id": "sketch"}, headers={"if-match": '"0"'}),
    "get_product_draft": gone(product_id="sketch_spare"),
    "discard_product_draft": gone(product_id="sketch_spare"),
    "restore_product_draft": gone(product_id="sketch_gone"),
}  # fmt: skip
