"""From nothing to the first payment: a merchant applies for a number, and is paid under it."""

from make.applicants import Office, furnish
from make.town import Town
from make.townshop import TEA_FEN, open_shop


async def test_a_merchant_applies_and_is_paid_for_the_first_time(town: Town) -> None:
    shop = await open_shop(town)
    office: Office = await furnish(town)
    await office.complete()
    assert (await office.send())["state"] == "auditing"
    back = await office.decide("REJECTED", license_copy="营业执照照片反光")
    assert back["flaws"][0]["field"] == "license_copy"
    await office.show("license_copy")
    await office.send()
    signing = await office.decide("TO_BE_SIGNED")
    # The administrator opens the link on the phone and signs.
    page = await town.admin.open(signing["sign_url"])
    await town.admin.submit(page, {"to": "SIGNING"})
    await town.advance(hours=1, minutes=30)
    done = await office.see()
    assert done["state"] == "finished"
    lily = await shop.stranger("lily")
    try:
        order = await lily.buy(shop.tea)
        assert (await lily.phone.pay(await lily.bill(order)))["result"] == "ok"
        await town.settle()
        assert (await lily.see(order))["state"] == "paid"
    finally:
        await lily.close()
    assert (await town.sandbox.merchant_now(done["sub_mchid"]))["balance_fen"] > 0
    assert (await town.sandbox.merchant_now(office.mchid))["balance_fen"] == 0
    assert (await town.balances())["cash_at_wechat"] == TEA_FEN
