"""Every message and event that has a type gets it; what has none is kept as what it is."""

import json

import pytest

from make.pushes import NOW, WHO, arrive, event, message
from weixin import messages as m
from weixin.callbacks import Push

REPRINT = m.CopyrightCheck(1, "u", "1", True, "2", "0", must_replace=True, must_name_source=True)


@pytest.mark.parametrize(
    ("push", "kind", "expected"),
    [
        (
            message("text", "<Content><![CDATA[你好]]></Content><MsgId>7</MsgId>"),
            "text",
            m.Text(*WHO, "7", "你好", None),
        ),
        (
            message("text", "<Content>好</Content><bizmsgmenuid>101</bizmsgmenuid><MsgId>8</MsgId>"),
            "text",
            m.Text(*WHO, "8", "好", "101"),
        ),
        (
            message("text", "<Content>好</Content><MsgId>8</MsgId><MsgDataId>22470001</MsgDataId><Idx>2</Idx>"),
            "text",
            m.Text(*WHO, "8", "好", None, msg_data_id="22470001", article=2),
        ),
        (
            message("image", "<PicUrl>http://p</PicUrl><MediaId>mid</MediaId><MsgId>9</MsgId>"),
            "image",
            m.Image(*WHO, "9", "http://p", "mid"),
        ),
        (
            message(
                "location",
                "<Location_X>23.1</Location_X><Location_Y>113.3</Location_Y><Scale>20</Scale><Label>店</Label>"
                "<MsgId>10</MsgId>",
            ),
            "location",
            m.Place(*WHO, "10", "23.1", "113.3", "20", "店"),
        ),
        (
            message("voice", "<MediaId>v</MediaId><Format>amr</Format><MediaId16K>w</MediaId16K><MsgId>1</MsgId>"),
            "voice",
            m.Voice(*WHO, "1", "v", "amr", "w", None),
        ),
        (
            message("shortvideo", "<MediaId>v</MediaId><ThumbMediaId>t</ThumbMediaId><MsgId>1</MsgId>"),
            "shortvideo",
            m.Video(*WHO, "1", "v", "t", short=True),
        ),
        (
            message("link", "<Title>a</Title><Description>b</Description><Url>http://c</Url><MsgId>1</MsgId>"),
            "link",
            m.Link(*WHO, "1", "a", "b", "http://c"),
        ),
        (
            message("device_event", "<Event>bind</Event><DeviceType>gh_1</DeviceType><DeviceID>d</DeviceID>"),
            "device_event",
            m.Device(*WHO, "bind", "gh_1", "d", "", ""),
        ),
        (message("sticker_of_tomorrow", ""), "sticker_of_tomorrow", m.Other(*WHO, "sticker_of_tomorrow", None)),
    ],
)
def test_messages_get_their_types(push: Push, kind: str, expected: m.Message) -> None:
    assert push.kind == f"message.{kind}"
    assert push.message == expected


@pytest.mark.parametrize(
    ("push", "kind", "expected"),
    [
        (event("subscribe"), "subscribe", m.Subscribe(*WHO, None, None)),
        (event("subscribe", "<EventKey></EventKey>"), "subscribe", m.Subscribe(*WHO, None, None)),
        (
            event("subscribe", "<EventKey>qrscene_door_1</EventKey><Ticket>T</Ticket>"),
            "subscribe",
            m.Subscribe(*WHO, "door_1", "T"),
        ),
        (event("subscribe", "<EventKey>last_trade_no_4008</EventKey>"), "subscribe", m.Subscribe(*WHO, None, None)),
        (event("SCAN", "<EventKey>door_1</EventKey><Ticket>T</Ticket>"), "scan", m.Scan(*WHO, "door_1", "T")),
        (event("unsubscribe", "<EventKey></EventKey>"), "unsubscribe", m.Unsubscribe(*WHO)),
        (event("CLICK", "<EventKey>V1</EventKey>"), "click", m.Click(*WHO, "V1")),
        (event("VIEW", "<EventKey>http://s</EventKey><MenuId>5</MenuId>"), "view", m.View(*WHO, "http://s", "5")),
        (
            event("LOCATION", "<Latitude>1</Latitude><Longitude>2</Longitude><Precision>3</Precision>"),
            "location",
            m.Location(*WHO, "1", "2", "3"),
        ),
        (
            event("scancode_waitmsg", "<EventKey>6</EventKey><ScanCodeInfo><ScanType>barcode</ScanType>"
                  "<ScanResult>CODE_128,123</ScanResult></ScanCodeInfo>"),
            "scancode_waitmsg", m.CodeScanned(*WHO, "6", True, "barcode", "CODE_128,123"),
        ),
        (
            event("pic_photo_or_album", "<EventKey>6</EventKey><SendPicsInfo><Count>2</Count><PicList>"
                  "<item><PicMd5Sum>a</PicMd5Sum></item><item><PicMd5Sum>b</PicMd5Sum></item></PicList></SendPicsInfo>"),
            "pic_photo_or_album", m.PicturesPicked(*WHO, "6", "album", 2, ("a", "b")),
        ),
        (
            event("location_select", "<EventKey>6</EventKey><SendLocationInfo><Location_X>23</Location_X><Location_Y>"
                  "113</Location_Y><Scale>15</Scale><Label>路</Label><Poiname></Poiname></SendLocationInfo>"),
            "location_select", m.PlacePicked(*WHO, "6", "23", "113", "15", "路", ""),
        ),
        (
            event("MASSSENDJOBFINISH", "<MsgID>1000001625</MsgID><Status>err(30003)</Status><TotalCount>9</TotalCount>"
                  "<FilterCount>8</FilterCount><SentCount>7</SentCount><ErrorCount>1</ErrorCount>"
                  "<CopyrightCheckResult><Count>1</Count><ResultList><item><ArticleIdx>1</ArticleIdx><AuditState>2"
                  "</AuditState><OriginalArticleUrl>u</OriginalArticleUrl><OriginalArticleType>1</OriginalArticleType>"
                  "<CanReprint>1</CanReprint><UserDeclareState>0</UserDeclareState><NeedReplaceContent>1"
                  "</NeedReplaceContent><NeedShowReprintSource>1</NeedShowReprintSource></item></ResultList><CheckState>2</CheckState></CopyrightCheckResult>"
                  "<ArticleUrlResult><Count>1</Count><ResultList><item><ArticleIdx>1</ArticleIdx><ArticleUrl>v"
                  "</ArticleUrl></item></ResultList></ArticleUrlResult>"),
            "masssendjobfinish",
            m.MassSendFinished(*WHO, "1000001625", "err(30003)", 9, 8, 7, 1, 2, (REPRINT,), ((1, "v"),)),
        ),
        (
            event("PUBLISHJOBFINISH", "<PublishEventInfo><publish_id>2</publish_id><publish_status>2</publish_status>"
                  "<fail_idx>1</fail_idx><fail_idx>2</fail_idx></PublishEventInfo>"),
            "publishjobfinish", m.PublishFinished(*WHO, "2", 2, None, (), (1, 2)),
        ),
        (
            event("subscribe_msg_popup_event", "<SubscribeMsgPopupEvent><List><TemplateId>a</TemplateId>"
                  "<SubscribeStatusString>accept</SubscribeStatusString><PopupScene>2</PopupScene></List>"
                  "<List><TemplateId>b</TemplateId><SubscribeStatusString>reject</SubscribeStatusString></List>"
                  "</SubscribeMsgPopupEvent>"),
            "subscribe_msg_popup_event",
            m.SubscriptionAnswered(*WHO, False, (m.Consent("a", "accept", "2"), m.Consent("b", "reject", None))),
        ),
        (
            event("kf_switch_session", "<FromKfAccount>a@t</FromKfAccount><ToKfAccount>b@t</ToKfAccount>"),
            "kf_switch_session", m.KfSession(*WHO, "switch", "a@t", "b@t", None),
        ),
        (
            event("naming_verify_fail", "<FailTime>1442401061</FailTime><FailReason>by time</FailReason>"),
            "naming_verify_fail", m.AccountVerified(*WHO, "naming_verify_fail", None, 1442401061, "by time"),
        ),
        (
            event("user_get_card", "<CardId>c</CardId><UserCardCode>12</UserCardCode>"), "user_get_card",
            m.CardEvent(*WHO, "user_get_card", "c", "12", None),
        ),
        (
            event("user_pay_from_pay_cell", "<CardId>c</CardId><UserCardCode>12</UserCardCode><TransId>t</TransId>"
                  "<Fee>10000</Fee>"),
            "user_pay_from_pay_cell",
            m.CardEvent(*WHO, "user_pay_from_pay_cell", "c", "12", None, {"TransId": "t", "Fee": "10000"}),
        ),
        (
            event("ShakearoundUserShake", "<ChosenBeacon><Uuid>u</Uuid><Distance>0.057</Distance></ChosenBeacon>"),
            "shakearoundusershake",
            m.PlaceEvent(*WHO, "shakearoundusershake", "", None,
                         {"ChosenBeacon.Uuid": "u", "ChosenBeacon.Distance": "0.057"}),
        ),
        (
            event("wxa_nickname_audit", "<ret>3</ret><nickname>茶</nickname>"), "wxa_nickname_audit",
            m.MiniProgramEvent(*WHO, "wxa_nickname_audit", True, None, None, {"nickname": "茶"}),
        ),
        (
            event("wxa_category_audit", "<ret>2</ret><first>1</first><second>2</second><reason>缺资质</reason>"),
            "wxa_category_audit",
            m.MiniProgramEvent(*WHO, "wxa_category_audit", False, "缺资质", None, {"first": "1", "second": "2"}),
        ),
        (
            event("wxa_privacy_apply", "<result_info><api_name>wx.choosePoi</api_name><status>2</status></result_info>"
                  "<appid>wx1</appid>"),
            "wxa_privacy_apply",
            m.MiniProgramEvent(*WHO, "wxa_privacy_apply", None, None, None,
                               {"result_info.api_name": "wx.choosePoi", "result_info.status": "2", "appid": "wx1"}),
        ),
        (event("of_tomorrow"), "of_tomorrow", m.Other(*WHO, "event", "of_tomorrow")),
    ],
)  # fmt: skip
def test_events_get_their_types(push: Push, kind: str, expected: m.Message) -> None:
    assert push.kind == f"event.{kind}"
    assert push.message == expected


def test_a_notice_answered_in_json_is_read_with_one_answer_or_many() -> None:
    head = {"ToUserName": "gh_1", "FromUserName": "oPerson", "CreateTime": NOW, "MsgType": "event"}
    row = {"TemplateId": "a", "SubscribeStatusString": "reject"}
    read = [
        arrive(json.dumps({**head, "Event": "subscribe_msg_change_event", "List": rows}), json_envelope=True)
        for rows in (row, [row, row])
    ]
    consent = m.Consent("a", "reject", None)
    assert [push.message for push in read] == [
        m.SubscriptionAnswered(*WHO, True, (consent,)),
        m.SubscriptionAnswered(*WHO, True, (consent, consent)),
    ]
    assert read[0].dedupe_key != read[1].dedupe_key
