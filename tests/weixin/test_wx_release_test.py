"""Questions of the release test and notices of registrations, read as they come."""

import pytest

from tongshang.wechat.authorization.notices import masked
from tongshang.wechat.authorization.sets import BASIC, FEATURES, NAMED, named
from weixin import messages
from weixin.products.open import registrations, release_test
from weixin.safexml import parse

APPID = "wx570bc396a51b8ff8"
TEXT = """<xml><ToUserName>gh_3c884a361561</ToUserName><FromUserName>o1</FromUserName><CreateTime>1</CreateTime>
<MsgType>text</MsgType><Content>{}</Content><MsgId>7</MsgId></xml>"""
EVENT = """<xml><ToUserName>gh_3c884a361561</ToUserName><FromUserName>o1</FromUserName><CreateTime>1</CreateTime>
<MsgType>event</MsgType><Event>{}</Event><Latitude>1</Latitude><Longitude>2</Longitude></xml>"""


def asked(body: str, appid: str = APPID) -> release_test.Question | None:
    """Read a push as a question."""
    fields = parse(body.encode())
    return release_test.question(appid, messages.read(fields), fields)


def test_every_question_has_its_answer() -> None:
    text = asked(TEXT.format("TESTCOMPONENT_MSG_TYPE_TEXT"))
    assert text == release_test.Question("text", "TESTCOMPONENT_MSG_TYPE_TEXT_callback")
    by_api = asked(TEXT.format("QUERY_AUTH_CODE:queryauthcode@@@x"))
    assert by_api == release_test.Question("api", "queryauthcode@@@x_from_api", "queryauthcode@@@x")
    assert "queryauthcode" not in repr(by_api)
    assert asked(EVENT.format("LOCATION")) == release_test.Question("event", "LOCATIONfrom_callback")
    assert asked(EVENT.format("unheard_of")) == release_test.Question("event", "unheard_offrom_callback")


@pytest.mark.parametrize("body", [TEXT.format("hello"), TEXT.format("QUERY_AUTH_CODE:")])
def test_other_words_ask_nothing(body: str) -> None:
    assert asked(body) is None


def test_only_the_pair_of_appid_and_user_name_counts() -> None:
    assert asked(TEXT.format("TESTCOMPONENT_MSG_TYPE_TEXT"), "wx9252c5e0bb1836fc") is None
    assert asked(TEXT.format("TESTCOMPONENT_MSG_TYPE_TEXT"), "wxa1a1a1a1a1a1a1a1") is None
    assert len(release_test.ACCOUNTS) == len(set(release_test.ACCOUNTS.values())) == 10


def test_a_registration_is_read_and_its_people_masked() -> None:
    fields = parse(
        "<xml><AppId>wxc</AppId><CreateTime>1</CreateTime><InfoType>notify_third_fasteregister</InfoType><appid>wx1</appid>"
        "<status>-1</status><auth_code>secret</auth_code><msg>no</msg><info><name>茶园</name>"
        "<legal_persona_name>王建国</legal_persona_name></info></xml>".encode()
    )
    told = registrations.read(fields)
    assert (told.status, told.appid, told.auth_code, told.message) == (-1, "wx1", "secret", "no")
    assert "secret" not in repr(told)
    assert {name: masked(name, text) for name, text in told.info.items()} == {
        "name": "茶园", "legal_persona_name": "王•国",
    }  # fmt: skip
    filing = parse(
        b"<xml><AppId>wxc</AppId><CreateTime>1</CreateTime><InfoType>notify_apply_icpfiling_result</InfoType>"
        b"<authorizer_appid>wx2</authorizer_appid><beian_status>6</beian_status></xml>"
    )
    assert registrations.read(filing).appid == "wx2"
    assert (masked("auth_code", "abc"), masked("wxuser", "ab"), masked("phone", "")) == ("•••", "a•", "")


def test_the_table_of_sets_names_what_features_need() -> None:
    assert {1, 2, 3, 4, 15} == BASIC
    # 100 is a set of the list's tail that only the page of drafts names.
    assert {id for one in FEATURES.values() for id in one.any_of} - set(NAMED) == {100}
    assert {one.id for one in NAMED.values() if one.exclusive} == {4, 24, 34, 54}
    assert (named(24).zh, named(999).en) == ("开放平台帐号管理", "Permission set 999")
