"""QR codes with a scene: a number or a word, for good or for a while.

https://developers.weixin.qq.com/doc/offiaccount/Account_Management/Generating_a_Parametric_QR_Code.html (2026-11)
"""

from typing import Any

from weixin.client import Client
from weixin.products.mp import SceneCode
from weixin.tokens import text

PERMANENT_MOST = 100_000
NUMBER_MOST, PERMANENT_NUMBER_MOST = 2**32 - 1, 100_000


def number_of(scene: str, *, permanent: bool) -> int | None:
    """Say which number a scene is, if WeChat can print it as one; the code then comes back with the same digits."""
    if not scene.isascii() or not scene.isdigit() or scene.startswith("0"):
        return None
    number = int(scene)
    return number if number <= (PERMANENT_NUMBER_MOST if permanent else NUMBER_MOST) else None


async def create(client: Client, *, token: str, scene: str, expire_seconds: int | None = None) -> SceneCode:
    """Make a code: without `expire_seconds` (60 to 2 592 000) it lasts; an account has 100 000 of those.

    40052 the action, 40053 the scene, 45029 no permanent codes left.
    """
    permanent = expire_seconds is None
    number = number_of(scene, permanent=permanent)
    kind = "SCENE" if number is not None else "STR_SCENE"
    body: dict[str, Any] = {
        "action_name": f"QR_LIMIT_{kind}" if permanent else f"QR_{kind}",
        "action_info": {"scene": {"scene_id": number} if number is not None else {"scene_str": scene}},
    }
    if expire_seconds is not None:
        body["expire_seconds"] = expire_seconds
    answer = await client.post("/cgi-bin/qrcode/create", body, token=token)
    return SceneCode(text(answer, "ticket"), text(answer, "url"), answer.get("expire_seconds"))
