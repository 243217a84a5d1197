"""WeChat's statistics: from what really happened, a day late, and never for a span that is too long."""

from datetime import timedelta
from typing import Any

from make.platforms import ACCOUNT, START, Stage
from wxsandbox.mp.datacube import REPORTS
from wxsandbox.mp.tally import CHINA

TODAY = START.astimezone(CHINA).date()


async def ask(stage: Stage, token: str, name: str, begin: int, end: int) -> dict[str, Any]:
    span = {"begin_date": f"{TODAY + timedelta(days=begin)}", "end_date": f"{TODAY + timedelta(days=end)}"}
    return await stage.post(f"/datacube/{name}", span, access_token=token)


async def test_every_report_has_its_span(stage: Stage) -> None:
    token = await stage.own_token()
    for name, report in REPORTS.items():
        assert "list" in await ask(stage, token, name, -report.most, -1)
        assert (await ask(stage, token, name, -report.most - 1, -1))["errcode"] == 61501, name


async def test_wrong_dates_have_their_codes(stage: Stage) -> None:
    token = await stage.own_token()
    wrong: list[dict[str, Any]] = [{"begin_date": "2026/08/01", "end_date": "2026-08-01"}, {"begin_date": "2026-02-30",
             "end_date": "2026-03-01"}, {"begin_date": "2026-08-01"}]  # fmt: skip
    for body in wrong:
        assert (await stage.post("/datacube/getusersummary", body, access_token=token))["errcode"] == 61500
    assert (await ask(stage, token, "getusersummary", 0, 0))["errcode"] == 61501
    assert (await ask(stage, token, "getusersummary", -1, -2))["errcode"] == 61501
    await stage.sandbox.advance(14 * 3600 + 60)  # one minute past midnight in Shanghai
    assert (await ask(stage, await stage.own_token(), "getusersummary", 0, 0))["errcode"] == 61503
    await stage.sandbox.advance(8 * 3600)
    assert "list" in await ask(stage, await stage.own_token(), "getusersummary", 0, 0)


async def test_a_day_is_told_as_it_was(stage: Stage) -> None:
    await stage.authorized()
    await stage.sandbox.call("POST", f"/accounts/{ACCOUNT}/crowd", {"count": 90, "days": 9})
    bob = await stage.sandbox.person("bob")
    await stage.alice.follow(ACCOUNT)
    await bob.follow(ACCOUNT)
    for n in range(7):
        await stage.sandbox.call("POST", "/people/alice/say", {"appid": ACCOUNT, "text": f"第{n}句"})
    await stage.sandbox.call("POST", "/people/bob/say", {"appid": ACCOUNT, "kind": "voice"})
    for name, act in (("alice", "read"), ("bob", "read"), ("bob", "read"), ("bob", "share")):
        look = {"appid": ACCOUNT, "msgid": "100_1", "title": "春茶上市", "act": act, "source": 2}
        await stage.sandbox.call("POST", f"/people/{name}/look", look)
    await stage.sandbox.call("POST", "/people/bob/unfollow", {"appid": ACCOUNT})
    await stage.sandbox.settle()
    await stage.sandbox.advance(24 * 3600)
    token = await stage.own_token()

    async def told(name: str, begin: int = 0) -> list[dict[str, Any]]:
        return list((await ask(stage, token, name, begin, 0))["list"])

    growth = await told("getusersummary")
    assert (sum(row["new_user"] for row in growth), sum(row["cancel_user"] for row in growth)) == (12, 1)
    assert [row["cumulate_user"] for row in await told("getusercumulate", -2)] == [70, 80, 91]
    kinds = [(row["msg_type"], row["msg_user"], row["msg_count"]) for row in await told("getupstreammsg")]
    assert kinds == [(1, 1, 7), (3, 1, 1)]
    assert [(r["count_interval"], r["msg_user"]) for r in await told("getupstreammsgdist")] == [(1, 1), (2, 1)]
    assert {row["ref_hour"] for row in await told("getupstreammsghour")} == {1000}
    article = (await told("getarticlesummary"))[0]
    assert (article["int_page_read_user"], article["int_page_read_count"], article["share_user"]) == (2, 3, 1)
    total = (await told("getarticletotal"))[0]["details"]
    assert [(one["stat_date"], one["int_page_from_feed_read_count"]) for one in total] == [(str(TODAY), 3)]
    calls = (await told("getinterfacesummary"))[0]
    assert (calls["callback_count"], calls["fail_count"]) == (11, 0)
