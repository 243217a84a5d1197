"""How applications for a merchant number are asked for; they come in this order, because there is one at a time."""

from typing import Any

from make.applicants import FORM, NEEDED, SP_APPID, picture
from make.asking import GONE, OWN, Case, gone, owns, provider

NUMBER = {"mode": "direct", "mchid": "$sp_mchid", "appid": SP_APPID, "serial": "$sp_serial",
          "public_key_id": "$sp_key_id"}  # fmt: skip
APPLYMENTS: dict[str, Case] = {
    "list_applyments": Case(), "get_applyment_rules": Case(), "get_applyment": gone(applyment_id="applyment"),
    "get_applyment_picture": gone(applyment_id="applyment", picture_id="applyment_picture"),
    "upload_applyment_picture": gone(applyment_id="applyment_draft", slot="slot"),
    "drop_applyment_picture": gone(applyment_id="applyment_draft", picture_id="applyment_picture_spare"),
    "look_applyment_up": gone(applyment_id="applyment_draft"),
    "put_applyment": owns({"rev": 0, "form": {"merchant_shortname": "别家"}}, applyment_id="applyment_draft"),
    "drop_applyment": Case({*OWN, *GONE}, path={"applyment_id": "applyment_draft"}),
    "send_applyment": gone({"rev": "$applyment_rev", "anew": True}, applyment_id="applyment"),
    "list_bank_branches": Case(query="city=181", path={"bank": "bank_code"}), "list_bank_areas": Case(),
    "list_settlement_banks": Case(),
    "list_all_applyments": provider(), "get_provider_account": provider(), "put_provider_account": provider(NUMBER),
    "put_provider_keys": provider({"public_key_id": "$sp_key_id"}),
}  # fmt: skip


async def apply(stage: Any) -> None:
    """Have a number of the provider's, an application that WeChat has ended, and a draft."""
    made = await stage.town.sandbox.merchant(appids=[SP_APPID])
    stage.has |= {"sp_mchid": made["mchid"], "sp_serial": made["serial"], "sp_key_id": made["public_key_id"]}
    stage.has |= {"slot": "mp_pics", "bank_code": "1000006003"}
    numbers = {"mode": "direct", "appid": SP_APPID, **{n: made[n] for n in ("mchid", "serial", "public_key_id")}}
    keys = {"private_key_pem": made["private_pem"], "apiv3_key": made["apiv3_key"]}
    for path, body in (("", numbers), ("/keys", keys | {"public_key_pem": made["platform_public_pem"]})):
        status, answer = await stage.provider("PUT", f"/api/console/provider/pay-account{path}", body)
        assert status == 200, answer
    path = f"/applyments/{stage.fresh('applyment')}"
    await stage.do("PUT", path, {"rev": 0, "form": FORM})
    for slot in NEEDED:
        kept = await stage.do("POST", f"{path}/pictures/{slot}", data={"file": picture()})
        stage.has["applyment_picture"] = kept["id"]
    code = (await stage.do("PUT", f"{path}/submission", {"rev": 1}))["business_code"]
    await stage.town.settle()
    await stage.town.sandbox.call("POST", f"/applyments/{code}/decision", {"state": "CANCELED"})
    stage.has["applyment_rev"] = (await stage.do("PUT", f"{path}/progress"))["rev"]
    draft = f"/applyments/{stage.fresh('applyment_draft')}"
    await stage.do("PUT", draft, {"rev": 0, "form": {"merchant_shortname": "别家"}})
    kept = await stage.do("POST", f"{draft}/pictures/mp_pics", data={"file": picture()})
    stage.has["applyment_picture_spare"] = kept["id"]
