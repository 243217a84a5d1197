"""How the operations of the goods workbench and of reviews are asked for."""

from make.asking import GONE, Case, gone, shopper

SKETCH = {"doc": {"title": "还没写完"}, "base_version": 0}
GROUP = {"name": "春茶", "members": ["$product"]}
UNSHELVE = {"ids": ["$product_spare"], "change": {"do": "shelve", "state": "off"}}
PLACED = {"ids": ["$picture"], "folder_id": "$folder"}
SAID = {"line_id": "$line_of_to_review", "stars": 4, "words": "还不错"}
GOODS: dict[str, Case] = {
    "list_pictures": Case(), "list_picture_uses": gone(picture_id="picture"),
    "place_pictures": Case({400}, PLACED), "rename_picture": gone({"name": "茶山"}, picture_id="picture"),
    "drop_picture": gone(picture_id="picture_spare"), "list_folders": Case(),
    "put_folder": Case({200}, {"name": "茶山"}, path={"folder_id": "new_folder"}),
    "drop_folder": gone(folder_id="folder_spare"),
    "product_reviews": shopper(product_id="product"), "list_my_reviews": shopper(order_id="reviewed"),
    "write_review": shopper(GONE, SAID, order_id="to_review", review_id="new_review"),
    "upload_review_picture": shopper(GONE, order_id="to_review"),
    "add_to_review": shopper(GONE, {"words": "再说一句"}, review_id="review"),
    "list_reviews": Case(), "get_review_desk": Case(), "put_review_desk": Case(body={"moderated": True}),
    "rule_review": gone({"state": "shown"}, review_id="review"),
    "reply_review": gone({"words": "谢谢"}, review_id="review"),
    "get_sheet_template": Case(), "export_products": Case(), "list_sheets": Case(),
    "bring_sheet": Case(path={"sheet_id": "new_sheet"}), "get_sheet": gone(sheet_id="sheet"),
    "list_sheet_items": gone(sheet_id="sheet"), "confirm_sheet": gone({"skip_bad": True}, sheet_id="sheet"),
    "drop_sheet": gone(sheet_id="sheet_spare"),
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
