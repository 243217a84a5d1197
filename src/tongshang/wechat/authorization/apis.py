"""Which feature, and so which permission set, a call to WeChat belongs to: dated data, looked at before each call.

The sets stand on the pages of the APIs themselves (qrcode/create, draft/*, message/mass/sendall, freepublish/*, menu,
datacube, media/upload, newtmpl, message/template/subscribe); the others follow from the names of the sets, at
https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/product/third_party_authority_instructions.html
(2026-11). A call that no line names is left to WeChat to decide.
"""

from datetime import date

READ_ON = date(2026, 11, 23)
# The longest beginning of a path counts; an empty feature: no set is asked for.
APIS = {
    "/cgi-bin/menu/": "menus",
    "/cgi-bin/get_current_selfmenu_info": "menus",
    "/cgi-bin/get_current_autoreply_info": "messages",
    "/cgi-bin/user/": "users",
    "/cgi-bin/user/info/updateremark": "tags",
    "/cgi-bin/user/tag/": "tags",
    "/cgi-bin/tags/": "tags",
    "/cgi-bin/qrcode/": "qrcodes",
    "/cgi-bin/showqrcode": "",
    "/cgi-bin/shorten/": "qrcodes",
    "/cgi-bin/media/": "uploads",
    # No page names a set for fetching what people sent.
    "/cgi-bin/media/get": "",
    "/cgi-bin/material/": "materials",
    "/cgi-bin/draft/": "drafts",
    "/cgi-bin/freepublish/": "publishing",
    "/cgi-bin/message/mass/": "mass",
    "/cgi-bin/comment/": "publishing",
    "/cgi-bin/message/template/": "templates",
    "/cgi-bin/message/template/subscribe": "one_time_notices",
    "/cgi-bin/template/": "templates",
    "/cgi-bin/message/subscribe/": "notices",
    "/wxaapi/newtmpl/": "notices",
    "/cgi-bin/message/custom/": "custom_messages",
    "/cgi-bin/customservice/": "kf",
    "/customservice/": "kf",
    "/cgi-bin/ticket/getticket": "web",
    "/sns/oauth2/": "web",
    "/sns/userinfo": "web",
    "/datacube/": "article_figures",
    "/datacube/getuser": "user_figures",
    "/cgi-bin/open/": "open_account",
    "/cgi-bin/wxopen/wxamp": "mini_links",
    # The list of carriers; no page names a set for it.
    "/cgi-bin/express/delivery/open_msg/": "",
    # About the account's quotas and its keys, not about what it may do.
    "/cgi-bin/openapi/": "",
    "/cgi-bin/clear_quota": "",
    "/cgi-bin/token": "",
    "/cgi-bin/stable_token": "",
    "/cgi-bin/component/": "",
}
LONGEST = max(map(len, APIS))


def feature_of(path: str) -> str | None:
    """Name the feature a path belongs to; empty when it needs no set, None when nothing is known of it."""
    for end in range(min(len(path), LONGEST), 0, -1):
        if (found := APIS.get(path[:end])) is not None:
            return found
    return None
