"""How the operations on fans, the desk and notices are asked for."""

from make.asking import GONE, UNWELL, Case, gone, shopper

FANS: dict[str, Case] = {
    "put_nightly_sync": Case(body={"enabled": True}),
    "list_mini_links": Case(UNWELL),
    "put_mini_link": Case(UNWELL, {}, path={"appid": "mini"}),
    "drop_mini_link": Case(UNWELL, path={"appid": "mini"}),
    "put_desk_face": Case(UNWELL, {"picture_id": "$picture"}, path={"kf_account": "kf"}),
    "get_notice_offer": shopper(occasion="occasion_once"),
    "list_once_consents": gone(fan_id="fan"),
    "list_broadcast_readings": gone(broadcast_id="broadcast"),
    "get_reminder_rules": Case(), "put_reminder_rules": Case(body={"ticket_days": 5}), "get_waiting": Case(),
    "post_notice_ask": shopper(GONE | {409}, {"occasion": "refunded", "subject_id": "$shown", "next": "/s/tea/"}),
}  # fmt: skip
