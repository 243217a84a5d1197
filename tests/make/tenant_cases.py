"""How every operation is asked for: by whom, with which ids and body, and what a stranger is told."""

from make.asking import DONE, GONE, NOBODY, OWN, UNWELL, Case, gone, owns, provider, shopper
from make.senders import HELLO
from make.tenant_cases_aftersales import AFTERSALES
from make.tenant_cases_content import CONTENT
from make.tenant_cases_desk import DESK
from make.tenant_cases_fans import FANS
from make.tenant_cases_goods import GOODS
from make.tenant_cases_kinds import KINDS
from make.tenant_cases_moving import MOVING
from make.tenant_cases_pay import WAYS
from make.tenant_cases_payouts import PAYOUTS
from make.tenant_cases_prices import PRICES
from make.tenant_cases_shelf import SHELF
from make.tenant_cases_stock import STOCK
from make.tenant_cases_team import TEAM
from make.tenant_cases_trade import TRADE
from make.tenant_cases_wallet import WALLET
from make.towns import ACCOUNT, AES_KEY
from make.worlds import PASSWORD

__all__ = ["CASES", "DONE", "NOBODY", "Case"]
VARIANT = {"id": "$variant", "options": ["50g"], "price_fen": 9_900}
PRODUCT = {"title": "云上特级明前", "pictures": ["$picture"], "state": "on", "variants": [VARIANT],
           "options": [{"name": "规格", "values": ["50g"]}]}  # fmt: skip
COUPON = {"name": "茶友券", "minus_fen": 100, "min_spend_fen": 200, "total": 100, "per_person": 9}
BUY = {"from": {"variant_id": "$variant"}, "delivery": "pickup"}
HOME = {"name": "小爱", "phone": "13800000001", "region": ["浙江"], "detail": "龙井路二号"}
DOC = {"blocks": [{"id": "goods", "type": "goods", "source": {"by": "ids", "ids": ["$product"]}}]}
PAY = {"mode": "direct", "mchid": "$mchid", "appid": ACCOUNT, "serial": "$serial", "public_key_id": "$key_id"}
STAFF = {"login": "member@tea", "name": "茶艺师", "role": "clerk"}
COMPONENT = {"appid": "wxc0c0c0c0c0c0c0c1", "secret": "s" * 32, "token": "platformtoken", "aes_key": AES_KEY}
REGISTERS = {"way": "person", "name": "李小明", "persona_name": "李小明", "persona_wechat": "xiaoming_88",
             "phone": "0571-88886666"}  # fmt: skip
SAYS = {"kind": "text", "text": "好"}
PART = {"lines": [{"line_id": "$line_of_to_ship", "quantity": 0, "amount_fen": 1}], "reason": "少了"}

REST = AFTERSALES | CONTENT | DESK | FANS | GOODS | KINDS | PRICES | SHELF | STOCK | TEAM | TRADE | WALLET
CASES: dict[str, Case] = REST | {
    "log_in": Case(NOBODY, {"login": "owner@tea", "password": "$password"}, "nobody", strange={"password": "a guess"}),
    "accept_invite": Case({404, 410}, {"password": PASSWORD}, "nobody", path={"token": "invite_of_member"},
                          strange={"invite_of_member": "strange_invite"}),
    "me": Case(), "list_staff": Case(), "list_audit": Case(), "list_jobs": Case(), "offer_totp": Case(),
    "change_password": Case({400, 401, 403, 409, *OWN}, {"old": PASSWORD, "new": PASSWORD}),
    "confirm_totp": Case(OWN, {"secret": "$totp_secret", "code": "$totp_code"}),
    "put_staff": Case({409}, STAFF, path={"staff_id": "member"}), "remove_staff": gone(staff_id="leaver"),
    "reset_staff": gone(staff_id="member"), "retry_job": gone(job_id="job"),
    "list_merchants": provider(),
    "put_merchant": provider({"name": "新店", "slug": "fresh", "owner_login": "owner@fresh", "owner_name": "新"},
                             merchant_id="new_merchant"),
    "suspend_merchant": provider(merchant_id="new_merchant"), "resume_merchant": provider(merchant_id="new_merchant"),
    "list_workers": provider(), "list_all_jobs": provider(),
    "list_components": provider(),
    "get_wechat": Case(), "put_authorization": owns(promise_id="promise"), "request_ticket": Case({202}),
    "get_permissions": Case(GONE | {409}), "get_permission_gaps": Case(), "get_options": Case({409}),
    "get_open_account": Case({409}), "put_open_account": Case({409}, {"open_appid": None}),
    "drop_open_account": Case({409}),
    "put_option": Case({409}, {"value": "1"}, path={"name": "option"}),
    "put_own_account": Case(UNWELL, {"appid": ACCOUNT, "secret": "$secret"}), "get_own_account": Case(),
    "check_own_account": Case({409}), "rotate_own_keys": Case({409}),
    "list_wechat_journal": Case(), "get_wechat_journal_line": gone(key="journal_line"),
    "replay_wechat_journal_line": gone(key="journal_line"), "list_provider_journal": provider(),
    "get_provider_journal_line": provider(key="provider_line"),
    "replay_provider_journal_line": provider(key="provider_line"),
    "get_quotas": Case(UNWELL), "look_quota_up": Case(UNWELL, {"api": "/cgi-bin/user/get"}),
    "clear_quotas": Case(UNWELL), "get_wechat_request": Case(UNWELL, path={"rid": "rid"}),
    "get_component_domains": provider(component="first_component"),
    "put_component_domains": provider({"kind": "server", "domains": ["a.example.com"]}, component="first_component"),
    "list_mini_registrations": Case(),
    "put_mini_registration": Case({202, 409}, REGISTERS, path={"registration_id": "registration"}),
    "list_wechat_alarms": Case(), "get_wechat_health": Case(), "recover_tokens": provider(component="first_component"),
    "list_fans": Case(), "get_fan": gone(fan_id="fan"),
    "get_fan_sync": Case(), "put_fan_sync": Case({409}, path={"sync_id": "sync"}),
    "cancel_fan_sync": gone(sync_id="sync"), "list_tags": Case(), "get_fan_task": gone(task_id="task"),
    "put_tag": Case({409}, {"name": "tag"}, path={"tag_id": "tag"}), "drop_tag": gone(tag_id="tag_spare"),
    "put_fan_task": Case({400, 404, 409}, {"kind": "tag", "tag_id": "$tag", "fan_ids": ["$fan"]},
                         path={"task_id": "task"}),
    "get_welcome": Case(), "put_welcome": Case({*OWN, *GONE}, {"enabled": True, "text": "欢", "coupon_id": "$coupon"}),
    "get_menu": Case(), "put_menu": Case(OWN, {"buttons": []}), "publish_menu": Case(UNWELL),
    "compare_menu": Case(UNWELL), "list_menu_editions": Case(), "restore_menu": gone(edition_id="edition"),
    "menu_seen_by": Case(UNWELL, path={"fan_id": "fan"}),
    "list_replies": Case(), "try_reply": Case(body={"text": "几点"}),
    "delete_reply": Case({204}, path={"rule_id": "reply"}),
    "put_reply": owns({"name": "答", "trigger": "default", "messages": [SAYS]}, rule_id="reply"),
    "order_replies": Case(body={"ids": ["$reply"]}), "put_synonyms": Case(body={"groups": [["券", "优惠"]]}),
    "get_desk": Case(UNWELL), "list_desk_records": Case(UNWELL),
    "put_desk_account": Case(UNWELL, {"nick": "安娜"}, path={"kf_account": "kf"}),
    "put_desk_session": gone({"kf_account": "$kf"}, fan_id="fan"), "drop_desk_session": gone(fan_id="fan"),
    "drop_desk_account": Case(UNWELL, path={"kf_account": "kf"}),
    "get_notices": Case(), "sync_templates": Case(UNWELL), "take_template": Case(UNWELL, {"short_id": "TM00303"}),
    "drop_template": gone(template_id="template_spare"), "get_notice_categories": Case(UNWELL),
    "list_notice_titles": Case(UNWELL, path={"category": "notice_category"}),
    "list_notice_keywords": Case(UNWELL, path={"category": "notice_category", "tid": "tid"}),
    "get_industry": Case(UNWELL), "put_industry": Case(UNWELL, {"first": "1", "second": "10"}),
    "put_notice_plan": Case(body={"enabled": True}, path={"occasion": "occasion", "channel": "channel"}),
    "try_notice": gone({"fan_id": "$fan"}, occasion="occasion", channel="channel", trial_id="trial"),
    "list_notice_consents": gone(fan_id="fan"),
    "list_conversations": Case(), "get_conversation": gone(fan_id="fan"), "list_messages": gone(fan_id="fan"),
    "put_message": gone({"message": SAYS}, fan_id="fan", message_id="service_message"),
    "read_conversation": gone(fan_id="fan"), "show_typing": gone({"on": True}, fan_id="fan"),
    "get_said_file": gone(fan_id="fan", said_id="said"),
    "list_materials": Case(query="kind=image"), "get_library": Case(), "add_material": Case(query="kind=image"),
    "get_material": gone(material_id="material"), "upload_material": gone(material_id="material"),
    "get_material_file": gone(material_id="material"), "drop_material": gone(material_id="material_spare"),
    "sync_library": Case(OWN | {409}), "list_articles": Case(), "get_articles": gone(set_id="articles"),
    "put_articles": owns({"articles": [{"title": "茶"}]}, set_id="new_articles"),
    "drop_articles": gone(set_id="articles_spare"), "push_draft": gone(set_id="articles"),
    "preview_draft": gone(set_id="articles"),
    "publish_articles": gone(set_id="articles", publication_id="new_publication"),
    "check_publication": gone(publication_id="publication"),
    "delete_publication": gone({"article": 0}, publication_id="publication"),
    "list_broadcasts": Case(), "get_broadcast_quota": Case(OWN | {409}), "get_broadcast_speed": Case(UNWELL),
    "count_audience": Case(OWN | {409}, {"audience": {"by": "all"}}), "put_broadcast_speed": Case(UNWELL, {"level": 0}),
    "get_broadcast": gone(broadcast_id="broadcast"), "put_broadcast": owns(HELLO, broadcast_id="new_broadcast"),
    "drop_broadcast": gone(broadcast_id="broadcast_spare"),
    "try_broadcast": gone({"fan_id": "$fan"}, broadcast_id="broadcast"),
    "confirm_broadcast": gone({"people": "$people"}, broadcast_id="broadcast_ready"),
    "cancel_broadcast": gone(broadcast_id="broadcast_later"),
    "delete_broadcast": gone({"article": 0}, broadcast_id="broadcast_out"),
    "list_scene_codes": Case(), "get_code_limits": Case(), "post_short_key": Case(UNWELL, {"data": "x"}),
    "get_short_key": Case(UNWELL, path={"key": "short_key"}),
    "put_scene_code": Case(UNWELL, {"name": "门", "scene": "door", "coupon_id": "$coupon"}, path={"code_id": "code"}),
    "upload_picture": Case(), "list_products": Case(), "get_product": gone(product_id="product"),
    "put_product": Case({400, 404, 409}, PRODUCT, path={"product_id": "product"}),
    "shelve_product": gone({"state": "on"}, product_id="product"),
    "count_stock": gone({"variants": [{"id": "$variant", "stock": 40}]}, product_id="product"),
    "drop_product": gone(product_id="product_spare"),
    "list_categories": Case(), "put_category": owns({"name": "绿茶"}, category_id="category"),
    "drop_category": Case({404, 204}, path={"category_id": "category_spare"}),
    "get_pay_account": Case(GONE | {409}), "put_pay_account": Case(OWN, PAY),
    "put_pay_keys": Case(OWN | UNWELL, {"apiv3_key": "0123456789abcdef0123456789abcdef"}),
    "start_pay_test": Case(UNWELL), "get_pay_test": gone(test_id="test"), "list_suspicious_notices": Case(),
    "list_refunds": Case(), "repeat_refund": gone(refund_id="refund"),
    "list_balances": Case(), "list_postings": Case(), "list_reconciliation": Case(query="month=2026-11"),
    "get_reconciliation": Case(path={"day": "day"}), "run_reconciliation": Case({202}, path={"day": "day"}),
    "resolve_difference": gone({"action": "explained", "note": "问过了"}, day="day", difference_id="difference"),
    "get_shop": Case(),
    "put_shop": Case({400}, {"name": "茶园", "logo_id": "$picture", "privacy_text": "只为发货使用"}),
    "get_home_page": Case(),
    "publish_home_page": Case({*OWN, 404, 409}, {"doc": DOC, "rev": "$rev"}),
    "get_order": gone(order_id="shown"), "cancel_order": gone(order_id="to_cancel"),
    "set_memo": gone({"memo": "急"}, order_id="shown"),
    "ask_refund": gone(PART, order_id="to_ship", refund_id="new_refund"),
    "ship_order": gone({"company": "顺丰", "number": "SF1234"}, order_id="to_ship", shipment_id="new_parcel"),
    "get_freight": Case(), "put_freight": Case(OWN, {"flat_fen": 700}), "list_coupons": Case(),
    "get_coupon": gone(coupon_id="coupon"), "claim_coupon": shopper(GONE, coupon_id="coupon"),
    # From here on the stranger has a coupon of his own under the same id.
    "put_coupon": owns(COUPON, coupon_id="coupon"),
    "get_insights": Case(), "get_pickup_place": Case(), "put_pickup_place": Case(OWN, {"enabled": False}),
    "get_pickup": gone(code="code_of_shown"), "verify_pickup": gone(code="code_of_collected"), "overview": Case(),
    "begin_session": Case({401}, {"ticket": "$ticket"}, "nobody"),
    "get_shopper": shopper(), "get_consent": shopper(), "boot": shopper(), "home": shopper(),
    "put_consent": shopper(OWN | {409}, {"version": "$version", "accepted": True}),
    "get_js_config": shopper({400, 403, 404, 409, 502, 503}, query="url=$page"),
    "store_categories": shopper(), "store_products": shopper(), "store_product": shopper(GONE, product_id="product"),
    "get_cart": shopper(), "put_cart_line": shopper(GONE, {"quantity": 2}, variant_id="variant"),
    "drop_cart_line": shopper(variant_id="variant"), "quote": shopper(UNWELL, BUY),
    "list_addresses": shopper(), "put_address": shopper(OWN | {403}, HOME, address_id="address"),
    "drop_address": shopper({404, 204}, address_id="address_spare"),
    "place_order": shopper(UNWELL, {**BUY, "quote_token": "$quote", "expected_total_fen": "$total"},
                           order_id="new_order"),
    "get_my_order": shopper(GONE, query="confirm=1", order_id="to_pay"), "list_my_orders": shopper(),
    "pay_order": shopper(GONE, order_id="to_pay"), "cancel_my_order": shopper(GONE, order_id="to_regret"),
    "receive_my_order": shopper(GONE, order_id="shipped"),
    "list_my_coupons": shopper(),
    # Another component is in use after this, and who logs out is out: these come last.
    "provider_request_ticket": provider(), "put_component": provider(COMPONENT),
    "get_component_history": provider(component="component_appid"),
    "list_component_accounts": provider(component="first_component"),
    "choose_component": provider(component="component_appid"),
    # Without its account the shop goes on, but nothing may be asked of WeChat any more.
    "drop_own_account": Case({409}),
    "end_session": shopper(), "log_out": Case(),
}  # fmt: skip
CASES = WAYS | MOVING | PAYOUTS | CASES  # before somebody logs out
