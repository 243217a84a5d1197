"""Applications for a merchant number at the simulator: every field wrong in one way, pictures, ciphers, and ends."""

import base64
import hashlib
import io
import json
from collections.abc import AsyncIterator
from copy import deepcopy
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from PIL import Image

from make.wxpay import APPID, Said, Shop, World, a_world
from wxsandbox.pay import applyments

UPLOAD, SUBMIT = "/v3/merchant/media/upload", "/v3/applyment4sub/applyment/"
GONE = object()
WRONG: list[tuple[str, Any]] = [
    ("/business_code", GONE), ("/business_code", "有空格"), ("/business_code", "c" * 125),
    ("/contact_info", GONE), ("/contact_info/contact_type", "FRIEND"), ("/contact_info/contact_name", "李小明"),
    ("/contact_info/mobile_phone", GONE), ("/contact_info/contact_email", ""),
    ("/subject_info/subject_type", "SUBJECT_TYPE_FAMILY"), ("/subject_info/business_license_info", GONE),
    ("/subject_info/business_license_info/license_copy", "no-such-media"),
    ("/subject_info/business_license_info/license_number", "123"),
    ("/subject_info/business_license_info/merchant_name", GONE),
    ("/subject_info/business_license_info/period_end", "永远"),
    ("/subject_info/identity_info/id_doc_type", "LIBRARY_CARD"), ("/subject_info/identity_info/id_card_info", GONE),
    ("/subject_info/identity_info/id_card_info/id_card_national", GONE),
    ("/subject_info/identity_info/id_card_info/id_card_number", "110105"),
    ("/subject_info/identity_info/id_card_info/card_period_begin", "2018年"),
    ("/business_info/merchant_shortname", ""), ("/business_info/service_phone", "打电话"),
    ("/business_info/sales_info/sales_scenes_type", []),
    ("/business_info/sales_info/sales_scenes_type/0", "SALES_SCENES_MOON"),
    ("/business_info/sales_info/mp_info/mp_pics", []), ("/settlement_info/settlement_id", "716"),
    ("/settlement_info/qualification_type", ""), ("/bank_account_info/bank_account_type", "PIGGY_BANK"),
    ("/bank_account_info/account_number", GONE), ("/bank_account_info/account_bank", ""),
    ("/bank_account_info/bank_branch_id", "12"),
]  # fmt: skip


@pytest.fixture(scope="module")
async def world() -> AsyncIterator[World]:
    async with a_world() as opened:
        yield opened


@pytest.fixture(scope="module")
async def shop(world: World) -> Shop:
    return await world.shop()


def png(kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (320, 320), "white").save(out, kind)
    return out.getvalue()


async def upload(shop: Shop, data: bytes, *, name: str = "card.png", digest: str = "", signed: bytes = b"") -> Said:
    meta = json.dumps({"filename": name, "sha256": digest or hashlib.sha256(data).hexdigest()}).encode()
    body = (
        b'--mark\r\nContent-Disposition: form-data; name="meta"\r\nContent-Type: application/json\r\n\r\n' + meta
        + b'\r\n--mark\r\nContent-Disposition: form-data; name="file"; filename="' + name.encode()
        + b'"\r\nContent-Type: image/png\r\n\r\n' + data + b"\r\n--mark--\r\n"
    )  # fmt: skip
    headers = {"Authorization": shop.authorization("POST", UPLOAD, signed or meta)}
    headers["Content-Type"] = "multipart/form-data; boundary=mark"
    return await shop.call("POST", UPLOAD, body, headers=headers)


def closed(shop: Shop, text: str) -> str:
    key = serialization.load_pem_public_key(shop.made["platform_public_pem"].encode())
    oaep = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)
    return base64.b64encode(key.encrypt(text.encode(), oaep)).decode()  # type: ignore[union-attr]


def application(shop: Shop, media: str) -> dict[str, Any]:
    card = {"id_card_copy": media, "id_card_national": media, "id_card_name": closed(shop, "李小明"),
            "id_card_number": closed(shop, "11010519491231002X"), "card_period_begin": "2018-01-01",
            "card_period_end": "长期"}  # fmt: skip
    license_ = {"license_copy": media, "license_number": "92330106MA2B1C2D39", "merchant_name": "云上茶园茶叶店",
                "legal_person": "李小明"}  # fmt: skip
    return {
        "business_code": "C_1",
        "contact_info": {"contact_type": "LEGAL", "contact_name": closed(shop, "李小明"),
                         "mobile_phone": closed(shop, "13800138000"), "contact_email": closed(shop, "a@b.cn")},
        "subject_info": {"subject_type": "SUBJECT_TYPE_INDIVIDUAL", "business_license_info": license_,
                         "identity_info": {"id_doc_type": "IDENTIFICATION_TYPE_IDCARD", "id_card_info": card}},
        "business_info": {"merchant_shortname": "云上茶园", "service_phone": "0571-88886666",
                          "sales_info": {"sales_scenes_type": ["SALES_SCENES_MP"], "mp_info": {"mp_sub_appid": APPID}}},
        "settlement_info": {"settlement_id": "719", "qualification_type": "零售批发/生活娱乐/其他"},
        "bank_account_info": {"bank_account_type": "BANK_ACCOUNT_TYPE_PERSONAL", "account_bank": "招商银行",
                              "account_name": closed(shop, "李小明"),
                              "account_number": closed(shop, "6222020200012345678")},
    }  # fmt: skip


def spoiled(body: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    body = deepcopy(body)
    place: Any = body
    *parents, last = path.split("/")[1:]
    for part in parents:
        place = place[int(part)] if isinstance(place, list) else place[part]
    if value is GONE:
        del place[last]
    else:
        place[int(last) if isinstance(place, list) else last] = value
    return body


async def submit(shop: Shop, body: dict[str, Any], serial: str = "") -> Said:
    return await shop.call("POST", SUBMIT, body, headers={"Wechatpay-Serial": serial or shop.made["public_key_id"]})


async def test_pictures_are_taken_by_what_they_are_and_by_a_signature_over_their_meta(shop: Shop) -> None:
    assert (await upload(shop, png())).status == 200
    for said in (
        await upload(shop, b"GIF89a"), await upload(shop, png(), name="card.gif"),
        await upload(shop, png(), digest="0" * 64),
        await upload(shop, png("BMP") + b"\0" * 2_100_000, name="large.bmp"),
    ):  # fmt: skip
        assert said.status == 400
    assert (await upload(shop, png(), signed=b"the whole form")).json["code"] == "SIGN_ERROR"


async def test_every_field_that_is_wrong_is_refused_by_its_name(shop: Shop) -> None:
    body = application(shop, (await upload(shop, png())).json["media_id"])
    for path, value in WRONG:
        said = await submit(shop, spoiled(body, path, value))
        assert (said.status, said.json["code"]) == (400, "PARAM_ERROR"), (path, said.json)
        named = said.json["detail"]["field"]
        assert named.startswith(path) or path.startswith(named), (path, named)
    strange = await submit(shop, body, serial="PUB_KEY_ID_OF_SOMEBODY")
    assert strange.json["detail"]["field"].startswith("/contact_info")
    assert (await shop.call("GET", SUBMIT + "business_code/C_1")).json["code"] == "RESOURCE_NOT_EXISTS"


async def test_an_application_is_there_once_and_ends_by_itself(shop: Shop, world: World) -> None:
    body = application(shop, (await upload(shop, png())).json["media_id"])
    number = (await submit(shop, body)).json["applyment_id"]
    assert (await submit(shop, body)).json["code"] == "PROCESSING"
    by_code, by_number = SUBMIT + "business_code/C_1", f"{SUBMIT}applyment_id/{number}"
    told = (await shop.call("GET", by_code)).json
    assert (told["applyment_state"], "sub_mchid" in told) == ("APPLYMENT_STATE_AUDITING", False)
    assert (await shop.call("GET", by_number)).json == told
    stranger = await world.shop()
    assert (await stranger.call("GET", by_code)).status == 404
    found = applyments.by_code(world.box, "C_1")
    applyments.decide(world.box, found, "TO_BE_SIGNED", [])
    await world.box.scheduler.advance_to(world.box.clock.now() + 30 * 86_400 + 1)
    assert (await shop.call("GET", by_code)).json["applyment_state"] == "APPLYMENT_STATE_CANCELED"
    assert (await submit(shop, body)).json["code"] == "PROCESSING"
