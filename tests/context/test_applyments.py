"""Applying for a merchant number: typed, checked, sent, sent back, mended, signed; and who may see what of it."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from make.applicants import CARD, NEEDED, SECRETS, Office, furnish, picture
from make.town import found
from make.worlds import Browser, make_merchant
from tongshang.payments.applyments import drafts

SUBMIT = "POST /v3/applyment4sub/applyment/"


@pytest.fixture
async def office(database_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    """A merchant who may apply."""
    async with found(database_url, tmp_path) as town:
        yield await furnish(town)


async def kept(office: Office, what: str) -> str:
    """Read what stands in a table's rows of the merchant, as text."""
    async with office.town.world.tx(UUID(office.town.merchant)) as tx:
        rows = await tx.value(f"select json_agg(t)::text from {what} t where merchant_id = $1", tx.merchant)
    return str(rows)


async def test_what_is_missing_or_wrong_is_said_by_field_before_anything_is_sent(office: Office) -> None:
    owner = office.town.owner
    seen = await office.type(id_card_number="110105194912310021", mobile_phone="138", card_period_end="2020-01-01")
    problems = {one["field"]: one["code"] for one in seen["problems"]}
    assert problems == {
        "license_copy": "required", "id_card_copy": "required", "id_card_national": "required",
        "id_card_number": "checksum", "mobile_phone": "format", "card_period_end": "expired",
    }  # fmt: skip
    status, answer = await owner.ask("PUT", f"{office.path}/submission", {"rev": seen["rev"]})
    assert (status, answer["code"]) == (422, "applyment.incomplete")
    assert {one["field"] for one in answer["problems"]} == set(problems)
    # A company settles to its own account and shows its legal person's address; its lines of business have other names.
    company = await office.type(subject="enterprise", owner=False)
    assert {"personal_account", "id_card_address", "qualification_type", "ubo_id_doc_name"} <= {
        one["field"] for one in company["problems"]
    }
    clinic = await office.type(subject="individual", qualification_type="宠物医院")
    assert {"field": "qualifications", "code": "required"} in clinic["problems"]
    assert await owner.refused("PUT", office.path, {"rev": 1, "form": {}}) == (409, "applyment.stale")
    assert await owner.refused("PUT", f"/applyments/{uuid4()}", {"rev": 0, "form": {}}) == (409, "applyment.underway")
    assert await office.at_wechat() == []


async def test_pictures_are_made_anew_encrypted_and_shown_to_the_owner_alone(office: Office) -> None:
    town = office.town
    await office.type()
    for data, code in ((b"not a picture", "media.not_a_picture"), (picture(size=(90, 90)), "applyment.picture_small")):
        status, answer = await office.show("id_card_copy", data)
        assert (status // 100, answer["code"]) == (4, code)
    assert (await office.show("passport"))[0] == 400
    first = (await office.show("id_card_copy"))[1]["id"]
    second = (await office.show("id_card_copy", picture("black")))[1]["id"]
    assert [one["id"] for one in (await office.see())["pictures"]] == [second] != [first]
    body = await town.owner("GET", f"{office.path}/pictures/{second}")
    assert body.startswith(b"\xff\xd8\xff")
    files = [path for path in (town.world.settings.var / "media").rglob("*") if path.is_file()]
    assert len(files) == 1  # the one that was replaced is gone
    assert body not in files[0].read_bytes()
    stranger = Browser(town.url)
    try:
        assert (await stranger("GET", f"/api/console{office.path}/pictures/{second}"))[0] == 401
        await make_merchant(town.world, slug="dining", name="别家饭店")
        await stranger.log_in("owner@dining")
        for path in (office.path, f"{office.path}/pictures/{second}"):
            assert (await stranger("GET", f"/api/console{path}"))[0] == 404
        assert (await stranger("GET", "/api/console/applyments"))[1] == []
        assert (await stranger("PUT", f"/api/console{office.path}/submission", {"rev": 1}))[0] == 404
    finally:
        await stranger.close()
    for _ in range(5):
        assert (await office.show("mp_pics"))[0] == 201
    assert (await office.show("mp_pics"))[1]["code"] == "applyment.slot_full"
    await town.owner("DELETE", office.path)
    assert [path for path in (town.world.settings.var / "media").rglob("*") if path.is_file()] == []


async def test_sent_back_with_reasons_mended_and_sent_again_under_the_same_number(office: Office) -> None:
    town = office.town
    await office.complete()
    sent = await office.send()
    assert sent["state"] == "auditing"
    assert await town.owner.refused("PUT", office.path, {"rev": sent["rev"], "form": {}}) == (409, "state.illegal_move")
    assert (await office.show("id_card_copy"))[1]["code"] == "state.illegal_move"
    back = await office.decide(
        "REJECTED", id_card_copy="照片模糊", account_name="开户名称不一致", contact_name="姓名有误"
    )
    assert back["state"] == "rejected"
    assert {(one["field"], one["reason"]) for one in back["flaws"]} == {
        ("id_card_copy", "照片模糊"), ("id_card_name", "开户名称不一致"), ("id_card_name", "姓名有误"),
    }  # fmt: skip
    await office.show("id_card_copy", picture("grey"))
    again = await office.send()
    assert (again["state"], again["flaws"], again["business_code"]) == ("auditing", [], sent["business_code"])
    (there,) = await office.at_wechat()
    assert (there["state"], there["submits"]) == ("AUDITING", 2)
    back = await office.decide("REJECTED", license_copy="执照看不清")
    renewed = await office.send(anew=True)
    assert renewed["business_code"] != sent["business_code"]
    assert [one["state"] for one in await office.at_wechat()] == ["REJECTED", "AUDITING"]
    ended = await office.decide("CANCELED")
    assert (ended["state"], ended["sign_url"]) == ("cancelled", "")
    # What WeChat has ended comes back under a new number only.
    assert await town.owner.refused("PUT", f"{office.path}/submission", {"rev": ended["rev"]}) == (
        409, "state.illegal_move",
    )  # fmt: skip
    assert (await office.send(anew=True))["state"] == "auditing"


async def test_every_state_of_wechats_is_known_and_nobody_moves_what_has_ended(office: Office) -> None:
    await office.complete()
    sent = await office.send()
    assert (await office.decide("TO_BE_CONFIRMED"))["state"] == "confirming"
    signing = await office.decide("TO_BE_SIGNED")
    assert signing["state"] == "signing"
    assert "applymentId=" in signing["sign_url"]
    assert signing["sign_svg"].startswith("<svg")
    page = await office.town.admin.open(signing["sign_url"])
    await office.town.admin.submit(page, {"to": "SIGNING"})
    await office.town.advance(minutes=10)
    assert (await office.see())["state"] == "opening"
    # Opening takes half an hour by itself; the follower asks now and then.
    await office.town.advance(minutes=45)
    done = await office.see()
    (there,) = await office.at_wechat()
    assert (done["state"], done["sub_mchid"]) == ("finished", there["sub_mchid"])
    account = await office.town.owner("GET", "/pay-account")
    assert (account["mode"], account["mchid"], account["sub_mchid"]) == ("partner", office.mchid, there["sub_mchid"])
    assert (account["missing"], account["fee_per_myriad"], account["sp_appid"]) == ([], 60, "wx00000000000000a9")
    assert await office.town.owner.refused("PUT", f"{office.path}/submission", {"rev": sent["rev"]}) == (
        409, "state.illegal_move",
    )  # fmt: skip
    (line,) = await office.town.provider("GET", "/provider/applyments")
    assert (line["state"], line["merchant"], line["sub_mchid"]) == ("finished", "云上茶园", there["sub_mchid"])
    assert not any(secret in json.dumps(line, ensure_ascii=False) for secret in SECRETS)
    # The provider's keys change: the merchant is given the new ones.
    made = await office.town.sandbox.merchant_now(office.mchid)
    before = account["apiv3_key_print"]
    made = await office.town.sandbox.set_merchant(office.mchid, apiv3_key="n" * 32)
    await office.enter(made)
    await office.town.settle()
    assert (await office.town.owner("GET", "/pay-account"))["apiv3_key_print"] != before


async def test_an_answer_that_was_lost_is_asked_for_and_one_number_is_one_application(office: Office) -> None:
    await office.complete()
    await office.town.sandbox.fault(SUBMIT, "lost", times=1)
    await office.send()
    await office.town.advance(minutes=2)
    assert (await office.see())["state"] == "auditing"
    (there,) = await office.at_wechat()
    assert there["submits"] == 1


async def test_fields_are_encrypted_with_a_certificate_where_there_is_no_public_key(office: Office) -> None:
    await office.provider_has_number("certificate")
    await office.complete()
    sent = await office.send()
    assert sent["state"] == "auditing"
    assert "applymentId=" in sent["sign_url"]


async def test_what_wechat_will_not_take_comes_back_at_its_field(office: Office) -> None:
    town = office.town
    await office.complete()
    data: dict[str, Any] = {"message": "参数错误：商户号权限不足"}
    await town.sandbox.fault(SUBMIT, "error", code="NO_AUTH", times=1, data=data)
    bounced = await office.send()
    assert (bounced["state"], bounced["flaws"][0]["reason"]) == ("bounced", "参数错误：商户号权限不足")
    # A number WeChat thinks is malformed though we did not: its check names the place.
    await office.type(account_number="12345678")
    made = await town.sandbox.call("GET", "/applyments")
    assert made["items"] == []
    assert (await office.send())["state"] == "auditing"


async def test_nothing_about_people_is_readable_at_rest_in_facts_audit_or_answers(office: Office) -> None:
    await office.complete()
    await office.send()
    await office.decide("REJECTED", id_card_copy="李小明的照片模糊")
    for table in ("applyment", "applyment_picture", "fact", "audit", "job"):
        text = await kept(office, table)
        assert not any(secret in text for secret in SECRETS), table
        assert "照片模糊" not in text
    seen = await office.see()
    answer = json.dumps({**seen, "flaws": []}, ensure_ascii=False)
    assert [secret for secret in SECRETS if secret in answer] == []
    assert seen["masked"]["account_number"] == f"**** {CARD[-4:]}"
    assert (seen["masked"]["id_card_name"], seen["masked"]["mobile_phone"]) == ("**明", "138****8000")
    said = await office.town.sandbox.journal(name=SUBMIT, limit=10)
    assert said
    # WeChat wants the legal person's name as it stands on the licence; all else travels encrypted.
    assert [secret for secret in SECRETS[1:] if secret in str(said)] == []
    # What is not typed again stays.
    await office.type(service_phone="0571-88880000")
    assert (await office.send())["state"] == "auditing"


async def test_data_is_deleted_on_its_day_and_a_draft_nobody_touches_too(office: Office) -> None:
    town, world = office.town, office.town.world
    await office.complete()
    await office.send()
    await office.decide("CANCELED")
    for days, gone in ((29, False), (31, True)):
        await drafts.forget(world, now=town.now + timedelta(days=days))
        seen = await office.see()
        assert (seen["form"] is None, seen["forgotten_at"] is not None) == (gone, gone)
        assert len(seen["pictures"]) == (0 if gone else len(NEEDED))
    assert [path for path in (world.settings.var / "media").rglob("*") if path.is_file()] == []
    assert await town.owner.refused("PUT", f"{office.path}/submission", {"rev": 2, "anew": True}) == (
        409, "applyment.forgotten",
    )  # fmt: skip
    other = Office(town)
    await other.complete()
    await drafts.forget(world, now=town.now + timedelta(days=91))
    assert ((await other.see())["state"], (await other.see())["masked"]) == ("cancelled", {})


async def test_banks_and_branches_come_from_wechat(office: Office) -> None:
    owner = office.town.owner
    banks = await owner("GET", "/settlement-banks?personal=false")
    other = next(one for one in banks if one["needs_branch"])
    area = (await owner("GET", "/settlement-banks/areas"))[2]
    city = (await owner("GET", f"/settlement-banks/areas?province={area['code']}"))[0]
    branches = await owner("GET", f"/settlement-banks/{other['code']}/branches?city={city['code']}")
    assert all(city["name"] in one["name"] and len(one["code"]) == 12 for one in branches)
    held = await owner("GET", "/applyments/rules")
    assert held["ready"]
    assert held["rate_per_myriad"] == 60
