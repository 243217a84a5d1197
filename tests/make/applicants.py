"""A merchant without a number at WeChat Pay, a provider who has one, and all that an application asks for."""

import io
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import aiohttp
from PIL import Image

from make.town import Town

SP_APPID = "wx00000000000000a9"
NAME, ID_NUMBER, PHONE, EMAIL, CARD = (
    "李小明",
    "11010519491231002X",
    "13800138000",
    "li@example.com",
    "6222020200012345678",
)
SECRETS = (NAME, ID_NUMBER, PHONE, EMAIL, CARD)
FORM = {
    "subject": "individual", "license_number": "92330106MA2B1C2D39", "merchant_name": "云上茶园茶叶店",
    "period_begin": "2019-05-01", "period_end": "长期", "id_card_name": NAME, "id_card_number": ID_NUMBER,
    "card_period_begin": "2018-01-01", "card_period_end": "2038-01-01", "mobile_phone": PHONE, "contact_email": EMAIL,
    "merchant_shortname": "云上茶园", "service_phone": "0571-88886666", "qualification_type": "零售批发/生活娱乐/其他",
    "personal_account": True, "bank_alias": "招商银行", "bank_alias_code": "1000006003", "account_bank": "招商银行",
    "account_number": CARD,
}  # fmt: skip
NEEDED = ("license_copy", "id_card_copy", "id_card_national")


def picture(color: str = "white", size: tuple[int, int] = (640, 420), kind: str = "PNG") -> bytes:
    """Draw a picture."""
    out = io.BytesIO()
    Image.new("RGB", size, color).save(out, kind)
    return out.getvalue()


@dataclass
class Office:
    """Where somebody applies: the town, and the application in hand."""

    town: Town
    id: str = field(default_factory=lambda: str(uuid4()))
    mchid: str = ""

    @property
    def path(self) -> str:
        """Give the application's address."""
        return f"/applyments/{self.id}"

    async def provider_has_number(self, mode: str = "public_key") -> dict[str, Any]:
        """Open the provider's own number at WeChat, and enter it in the provider's console."""
        made = await self.town.sandbox.merchant(name="服务商", appids=[SP_APPID], mode=mode)
        self.mchid = made["mchid"]
        await self.enter(made)
        return made

    async def enter(self, made: dict[str, Any]) -> None:
        """Enter the provider's numbers and keys."""
        numbers = {name: made[name] for name in ("mchid", "serial", "public_key_id")}
        await self.town.provider("PUT", "/provider/pay-account", {"mode": "direct", "appid": SP_APPID, **numbers})
        keys = {"private_key_pem": made["private_pem"], "apiv3_key": made["apiv3_key"]}
        if made["public_key_id"]:
            keys["public_key_pem"] = made["platform_public_pem"]
        await self.town.provider("PUT", "/provider/pay-account/keys", keys)

    async def see(self) -> dict[str, Any]:
        """Look at the application as its owner."""
        return dict(await self.town.owner("GET", self.path))

    async def type(self, **more: Any) -> dict[str, Any]:
        """Type the form, starting the application when there is none yet."""
        status, known = await self.town.owner.ask("GET", self.path)
        rev, form = (known["rev"], known["form"]) if status == 200 else (0, FORM)
        return dict(await self.town.owner("PUT", self.path, {"rev": rev, "form": {**form, **more}}))

    async def show(self, slot: str, data: bytes | None = None) -> tuple[int, Any]:
        """Upload a picture; give status and answer."""
        form = aiohttp.FormData()
        form.add_field("file", picture() if data is None else data, filename="x.png", content_type="image/png")
        return await self.town.owner.ask("POST", f"{self.path}/pictures/{slot}", data=form)

    async def complete(self, **more: Any) -> None:
        """Type everything and upload every picture."""
        await self.type(**more)
        for slot in NEEDED:
            assert (await self.show(slot))[0] == 201

    async def send(self, *, anew: bool = False) -> dict[str, Any]:
        """Send the application, and let what follows happen."""
        rev = (await self.see())["rev"]
        await self.town.owner("PUT", f"{self.path}/submission", {"rev": rev, "anew": anew})
        await self.town.settle()
        return await self.see()

    async def decide(self, state: str, **flaws: str) -> dict[str, Any]:
        """Have WeChat's side move the application, and look."""
        code = (await self.see())["business_code"]
        said = {"state": state, "flaws": [{"field": name, "reject_reason": why} for name, why in flaws.items()]}
        await self.town.sandbox.call("POST", f"/applyments/{code}/decision", said)
        return dict(await self.town.owner("PUT", f"{self.path}/progress"))

    async def at_wechat(self) -> list[dict[str, Any]]:
        """List the applications WeChat has."""
        return list((await self.town.sandbox.call("GET", "/applyments"))["items"])


async def furnish(town: Town) -> Office:
    """Connect the merchant's account, if it is not yet, and give the provider a number."""
    if (await town.owner("GET", "/wechat"))["account"] is None:
        await town.authorize()
    office = Office(town)
    await office.provider_has_number()
    return office
