"""WeChat's global error codes with the English text of the live reply, and the error a handler raises."""

# Source: developers.weixin.qq.com/doc/offiaccount/Getting_Started/Global_Return_Code.html, 2026-09.
TEXTS: dict[int, str] = {
    -1: "system error",
    0: "ok",
    40001: "invalid credential, access_token is invalid or not latest",
    40002: "invalid grant_type",
    40003: "invalid openid",
    40007: "invalid media_id",
    40008: "invalid message type",
    40013: "invalid appid",
    40014: "invalid access_token",
    40015: "invalid menu type",
    40016: "invalid button size",
    40017: "invalid button type",
    40018: "invalid button name size",
    40019: "invalid button key size",
    40020: "invalid button url size",
    40022: "invalid sub_menu level",
    40023: "invalid sub button size",
    40024: "invalid sub button type",
    40025: "invalid sub button name size",
    40026: "invalid sub button key size",
    40027: "invalid sub button url size",
    40029: "invalid code",
    40030: "invalid refresh_token",
    40033: "invalid charset. please check your request, if include \\uxxxx will create fail!",
    40052: "invalid action name",
    40053: "invalid action info, please check document",
    40066: "invalid url",
    40097: "invalid args",
    40125: "invalid appsecret",
    40163: "code been used",
    40164: "invalid ip, not in whitelist",
    40170: "args count exceed count limit",
    41001: "access_token missing",
    41002: "appid missing",
    41003: "refresh_token missing",
    41004: "appsecret missing",
    41008: "missing code",
    41009: "missing openid",
    41018: "missing component_appid",
    41021: "missing component_access_token",
    42001: "access_token expired",
    42002: "refresh_token expired",
    42003: "code expired",
    42006: "component_access_token expired",
    43001: "require GET method",
    43002: "require POST method",
    43004: "require subscribe",
    44002: "empty post data",
    44003: "empty news data",
    44004: "empty content",
    45002: "content size out of limit",
    45008: "article size out of limit",
    45009: "reach max api daily quota limit",
    45010: "create menu limit",
    45011: "api minute-quota reach limit, must slower, retry next minute",
    45015: "response out of time limit or subscription is canceled",
    45029: "qrcode count out of limit",
    45047: "out of response count limit",
    46003: "menu no exist",
    46004: "user no exist",
    47001: "data format error",
    48001: "api unauthorized",
    48002: "user block receive message",
    61003: "component is not authorized by this account",
    61004: "access clientip is not registered",
    61005: "component ticket is expired",
    61006: "component ticket is invalid",
    61007: "api is unauthorized to component",
    61009: "code is invalid",
    61010: "code is expired",
    61011: "invalid component",
    61012: "invalid option name",
    61013: "invalid option value",
    61014: "must use component token for component api",
    61015: "must use biz account token for not component api",
    61023: "refresh_token is invalid",
    61024: "must use api(api_component_token) to get token for component acct",
}


class WxError(Exception):
    """WeChat's business error: HTTP 200 with an errcode, the text and a rid."""

    def __init__(self, errcode: int, errmsg: str | None = None) -> None:
        """Take the table's text unless a more exact one is given."""
        super().__init__(errcode, errmsg)
        self.errcode = errcode
        self.errmsg = errmsg or TEXTS.get(errcode, "system error")


class NotFound(Exception):
    """A control-plane request names something that does not exist (404)."""


class Wrong(Exception):
    """A control-plane request asks for something that cannot be (422)."""


OK = {"errcode": 0, "errmsg": "ok"}
