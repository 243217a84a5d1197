"""What a merchant says to people and hears from them: conversations, the desk, templates, notices, complaints."""

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from make.tenant_cases_aftersales import complain
from make.towns import ACCOUNT
from tongshang.fans.sync import look
from tongshang.wechat.journal import outgoing

if TYPE_CHECKING:
    from make.tenants import Tenants


async def talk(stage: "Tenants") -> None:
    """Somebody says something with their own voice, and staff may answer."""
    await stage.town.alice.act("say", appid=ACCOUNT, kind="voice")
    await stage.town.settle()
    lines = await stage.do("GET", f"/conversations/{stage.has['fan']}/messages")
    stage.has["said"] = next(line["id"] for line in lines["items"] if line["kind"] == "voice")
    for name in ("service_message", "trial"):
        stage.fresh(name)
    stage.has |= {"occasion": "paid", "channel": "custom", "notice_category": 307, "tid": 401, "kf": "anna@tea"}
    stage.has["mini"] = "wx00000000000000aa"
    await stage.do("PUT", "/desk/accounts/anna@tea", {"nick": "安娜", "wechat": "anna"})
    seat = {"kf_account": "anna@tea", "accepts": True, "online": True}
    await stage.town.sandbox.call("POST", f"/accounts/{ACCOUNT}/desk", seat)
    for name, short in (("template", "TM00015"), ("template_spare", "TM00430")):
        stage.has[name] = (await stage.do("POST", "/notices/templates", {"short_id": short}))["template_id"]
    fields = {"keyword1": "number", "keyword2": "goods", "keyword3": "amount"}
    await stage.do("PUT", "/notices/plans/paid/template", {"template_id": stage.has["template"], "fields": fields})
    await stage.do("PUT", f"/notices/plans/paid/template/trials/{uuid4()}", {"fan_id": stage.has["fan"]})
    await stage.town.alice.act("notices/answer", appid=ACCOUNT, answers={stage.has["template"]: "accept"})
    await stage.town.settle()
    await stage.do("PUT", "/notices/industry", {"first": "1", "second": "10"})
    stage.has["occasion_once"] = "refunded"
    await stage.do("PUT", "/notices/plans/refunded/once", {"template_id": "OnceTemplate"})
    about = {"occasion": "refunded", "subject_id": stage.has["shown"], "next": "/s/tea/"}
    await stage.shop("POST", "/notice-asks", about)
    await stage.do("PUT", "/fan-syncs/nightly", {"enabled": False})
    await stage.do("PUT", "/notices/reminders", {"ticket_days": 7})
    async with stage.town.world.tx(stage.town.merchant) as tx:
        await look.want(tx, fan_id=UUID(stage.has["fan"]))
    await complain(stage)
    await outgoing.flushed(stage.town.world)  # the journal follows what was asked by a tenth of a second
