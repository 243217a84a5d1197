"""Rotating the master key: everything sealed is readable before, during and after."""

from uuid import UUID

import pyotp

from make import worlds
from tongshang.platform import secrets
from tongshang.platform.rotation import reseal
from tongshang.platform.world import World
from tongshang.tenancy import staff
from tongshang.tenancy.model import Role

SEALED = "select totp_sealed from staff where merchant_id = $1 and id = $2"


async def test_every_sealed_value_moves_to_the_new_key_and_still_opens(world: World, merchant: UUID) -> None:
    member = await worlds.make_staff(world, merchant, login="clerk@tea", role=Role.CLERK)
    secret = pyotp.random_base32()
    async with world.tx(merchant) as tx:
        await staff.keep_totp(tx, staff_id=member, secret=secret)
    old = world.secrets
    world.secrets = secrets.add_key(world.settings.keys_path)
    done = await reseal(world)
    assert done["staff.totp_sealed"] == 1
    async with world.tx(merchant) as tx:
        sealed = await tx.value(SEALED, merchant, member)
        assert world.secrets.is_current(sealed)
        assert not old.is_current(sealed)
        assert tx.unseal("staff.totp_sealed", sealed).decode() == secret
    assert set((await reseal(world)).values()) == {0}
