"""How the operations on what lies at WeChat are asked for: the archive of articles, and comments."""

from make.asking import GONE, OWN, UNWELL, Case, gone

ARTICLE = {"msg_data_id": "msg_data_id", "number": "article_number"}
COMMENT = {**ARTICLE, "comment": "comment"}
CONTENT: dict[str, Case] = {
    "list_archive": Case(OWN | {409}), "get_archive_import": Case(), "import_archive": Case({202, 409}),
    "adopt_articles": gone(found_id="found", set_id="new_adopted"),
    "compare_menu_edition": gone(edition_id="edition"),
    "list_commented": Case(OWN | {409}),
    "list_comments": Case(GONE | {409}, path=ARTICLE),
    "get_commented": Case(GONE | {409}, path=ARTICLE),
    "put_comments_switch": Case(GONE | {409}, {"open": True}, path=ARTICLE),
    "elect_comment": Case(GONE | {409}, {"elected": True}, path=COMMENT),
    "reply_to_comment": Case(GONE | {409}, {"text": "谢谢"}, path=COMMENT),
    "take_replies_over": Case(UNWELL),
    "delete_comment": Case(GONE | {409}, path=COMMENT),
}  # fmt: skip
