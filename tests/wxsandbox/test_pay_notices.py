"""Notices of the simulated WeChat Pay: what they say, how they are repeated, and how they go wrong on purpose."""

import json
from collections.abc import AsyncIterator

import pytest

from make.wxpay import APPID, World, a_world, opened, proved

PAUSES = [15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600]


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with a_world() as opened_world:
        yield opened_world


async def test_a_payment_is_told_signed_and_sealed(world: World) -> None:
    shop = await world.shop()
    paid = await world.paid(shop)
    [(headers, body)] = world.ear.heard
    assert proved(shop.made, headers, body)
    envelope = json.loads(body)
    assert len(envelope["id"]) == 36
    assert (envelope["event_type"], envelope["resource_type"]) == ("TRANSACTION.SUCCESS", "encrypt-resource")
    assert (envelope["summary"], envelope["create_time"]) == ("支付成功", "2026-11-02T10:00:00+08:00")
    sealed = envelope["resource"]
    assert (sealed["original_type"], sealed["algorithm"]) == ("transaction", "AEAD_AES_256_GCM")
    assert len(sealed["nonce"]) == 12
    said = json.loads(opened(shop.made, sealed))
    assert (said["transaction_id"], said["appid"], said["mchid"]) == (paid["transaction_id"], APPID, shop.mchid)
    assert (said["trade_state"], said["amount"]["total"]) == ("SUCCESS", 8800)


async def test_a_refund_is_told_with_its_own_words(world: World) -> None:
    shop = await world.shop()
    await world.paid(shop)
    asked = shop.refund("R1", "ORDER0001", 1900, 8800, notify_url=world.ear.url)
    await shop.call("POST", "/v3/refund/domestic/refunds", asked)
    await world.pass_seconds(3)
    headers, body = world.ear.heard[-1]
    assert proved(shop.made, headers, body)
    assert json.loads(body)["event_type"] == "REFUND.SUCCESS"
    said = world.ear.resources(shop.made)[-1]
    assert (said["refund_status"], said["amount"]["refund"]) == ("SUCCESS", 1900)
    assert "currency" not in said["amount"]
    assert "channel" not in said


async def test_a_refused_notice_is_repeated_on_the_timetable_with_fresh_signatures(world: World) -> None:
    shop = await world.shop()
    world.ear.answers = [500] * 99
    await world.paid(shop)
    for number, pause in enumerate(PAUSES, start=1):
        assert len(world.ear.heard) == number
        await world.pass_seconds(pause - 1)
        assert len(world.ear.heard) == number
        await world.pass_seconds(1)
    assert len(world.ear.heard) == 16
    await world.pass_seconds(7 * 86400)
    assert len(world.ear.heard) == 16
    assert len({headers["Wechatpay-Timestamp"] for headers, _ in world.ear.heard}) == 16
    assert len({headers["Wechatpay-Nonce"] for headers, _ in world.ear.heard}) == 16
    assert len({json.loads(body)["id"] for _, body in world.ear.heard}) == 1
    assert all(proved(shop.made, headers, body) for headers, body in world.ear.heard)


async def test_two_hundred_ends_the_repeats(world: World) -> None:
    shop = await world.shop()
    world.ear.answers = [401, 200]
    await world.paid(shop)
    await world.pass_seconds(86400)
    assert len(world.ear.heard) == 2


async def test_a_notice_can_be_lost_doubled_delayed_and_forged(world: World) -> None:
    shop = await world.shop()
    rule = {"on": "callback:pay.TRANSACTION.*", "appid": shop.mchid, "times": 1}
    await world.hand("POST", "/faults", {**rule, "effect": "lose"})
    await world.paid(shop, "LOST0001")
    await world.pass_seconds(86400)
    assert world.ear.heard == []
    await world.hand("POST", "/faults", {**rule, "effect": "repeat", "count": 2})
    await world.paid(shop, "TWICE001")
    assert [one["out_trade_no"] for one in world.ear.resources(shop.made)] == ["TWICE001", "TWICE001"]
    world.ear.heard.clear()
    await world.hand("POST", "/faults", {**rule, "effect": "delay", "seconds": 600})
    await world.paid(shop, "LATE0001")
    await world.pass_seconds(599)
    assert world.ear.heard == []
    await world.pass_seconds(1)
    assert len(world.ear.heard) == 1
    world.ear.heard.clear()
    await world.hand("POST", "/faults", {**rule, "effect": "forge"})
    world.ear.answers = [401]
    await world.paid(shop, "FORGED01")
    await world.pass_seconds(15)
    (forged, forged_body), (real, real_body) = world.ear.heard
    assert not proved(shop.made, forged, forged_body)
    assert proved(shop.made, real, real_body)


async def test_a_notice_can_overtake_another(world: World) -> None:
    shop = await world.shop()
    rule = {"on": "callback:pay.*", "effect": "reorder", "times": 1}
    await world.hand("POST", "/faults", rule)
    await world.paid(shop, "FIRST001")
    await world.paid(shop, "SECOND01")
    assert [one["out_trade_no"] for one in world.ear.resources(shop.made)] == ["SECOND01", "FIRST001"]


async def test_the_probe_is_repeated_with_a_right_signature(world: World) -> None:
    shop = await world.shop()
    await world.hand("POST", "/faults", {"on": "callback:pay.*", "effect": "signtest"})
    world.ear.answers = [401]
    await world.paid(shop)
    await world.pass_seconds(15)
    (probe, probe_body), (real, real_body) = world.ear.heard
    assert probe["Wechatpay-Signature"].startswith("WECHATPAY/SIGNTEST/")
    assert not proved(shop.made, probe, probe_body)
    assert proved(shop.made, real, real_body)


async def test_during_a_switch_both_kinds_of_keys_sign(world: World) -> None:
    shop = await world.shop(mode="both")
    await world.hand("PUT", f"/merchants/{shop.mchid}", {"public_key_share": 0.5})
    for number in range(12):
        await world.paid(shop, f"SWITCH{number:03d}", 100)
    assert all(proved(shop.made, headers, body) for headers, body in world.ear.heard)
    assert len({headers["Wechatpay-Serial"] for headers, _ in world.ear.heard}) == 2


async def test_a_notice_under_way_survives_a_restart(tmp_path: object) -> None:
    async with a_world(data_dir=tmp_path) as before:
        shop = await before.shop()
        before.ear.answers = [503]
        await before.paid(shop)
        port = before.ear.port
    async with a_world(data_dir=tmp_path, ear_port=port) as after:
        await after.pass_seconds(15)
        [(headers, body)] = after.ear.heard
        assert proved(shop.made, headers, body)
