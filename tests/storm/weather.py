"""What goes wrong in a storm: callbacks, answers, tokens, refunds, and the clock."""

from typing import Any

from storm import shares
from storm.scene import Scene, dice

PAY, REFUNDS, TRANSFERS = "* /v3/pay/*", "* /v3/refund/*", "* /v3/fund-app/*"
SHARING = "* /v3/profitsharing/*"
# What to strike, the effect, and its details.
CALLBACKS: list[tuple[str, str, dict[str, Any]]] = [
    ("callback:pay.*", "lose", {}),
    ("callback:pay.*", "repeat", {"count": 3}),
    ("callback:pay.*", "delay", {"seconds": 400.0}),
    ("callback:pay.*", "reorder", {}),
    ("callback:pay.*", "forge", {}),
    ("callback:pay.*", "signtest", {}),
    ("callback:message.*", "repeat", {"count": 3}),
    ("callback:message.*", "reorder", {}),
    ("callback:message.*", "forge", {}),
]
CALLS: list[tuple[str, str, dict[str, Any]]] = [
    (PAY, "lost", {}),
    (PAY, "status", {"status": 502}),
    (PAY, "slow", {"seconds": 0.03}),
    (PAY, "error", {"code": "SYSTEM_ERROR"}),
    (PAY, "error", {"code": "FREQUENCY_LIMITED"}),
    (PAY, "signtest", {}),
    (REFUNDS, "lost", {}),
    (REFUNDS, "status", {"status": 500}),
    (REFUNDS, "error", {"code": "FREQUENCY_LIMITED"}),
    (TRANSFERS, "lost", {}),
    (TRANSFERS, "status", {"status": 500}),
    (SHARING, "lost", {}),
    (SHARING, "status", {"status": 500}),
    (SHARING, "error", {"code": "FREQUENCY_LIMITED"}),
    ("POST /cgi-bin/*", "error", {"errcode": -1}),
    ("POST /cgi-bin/*", "lost", {}),
    ("POST /cgi-bin/*", "expire_token", {}),
]
# WeChat says that it never heard of an order that can still be paid: then only the notice can tell of it.
FORGETS = {"effect": "error", "code": "ORDER_NOT_EXIST"}
STRIKES = 0.15
OUTCOMES = ("SUCCESS", "SUCCESS", "ABNORMAL", "CLOSED")


class Weather:
    """Draws what goes wrong next."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.rng = scene, dice(scene.seed, "weather")
        # Where WeChat forgets orders its notices must not be lost for good, or nobody could ever know.
        self.forgetful = scene.seed % 4 == 0
        self.troubles = CALLS + [one for one in CALLBACKS if not (self.forgetful and one[1] == "lose")]

    async def turn(self) -> None:
        """Let something new go wrong, something old pass, time go on."""
        sandbox = self.scene.shop.sandbox
        if self.rng.random() < 0.7:
            on, effect, more = self.rng.choice(self.troubles)
            await sandbox.fault(on, effect, times=self.rng.randrange(1, 5), chance=0.7, **more)
            self.scene.say(f"-- {effect} {on} {more or ''}")
        if self.forgetful and self.rng.random() < 0.3:
            for method in ("GET", "POST"):
                await sandbox.fault(f"{method} /v3/pay/transactions/out-trade-no/*", times=2, **FORGETS)
            self.scene.say("-- WeChat forgets")
        if self.rng.random() < 0.15:
            outcome = self.rng.choice(OUTCOMES)
            for mchid in self.scene.mchids:
                await sandbox.set_merchant(mchid, refund_outcome=outcome)
            self.scene.say(f"-- refunds end as {outcome}")
        await shares.turn(self.scene, self.rng.random())
        if self.rng.random() < 0.1:
            await sandbox.heal()
            self.scene.say("-- the sun comes out")

    def lightning(self, nodes: int) -> tuple[str, float] | None:
        """Say what is killed this time, and after how long: a process, the database's connections, mostly nothing."""
        if self.rng.random() > STRIKES:
            return None
        what = self.rng.choice([*map(str, range(nodes)), "database"])
        self.scene.say(f"-- kill -9 {what}")
        return what, self.rng.random() * 0.12

    async def time(self) -> None:
        """Let time pass: seconds mostly, minutes now and then, rarely past the time to pay."""
        seconds = self.rng.choices((1, 7, 40, 200, 1_000), weights=(6, 6, 4, 1.5, 0.5))[0]
        await self.scene.advance(seconds)

    async def clear_up(self) -> None:
        """End everything that goes wrong; WeChat carries out what was stuck."""
        sandbox = self.scene.shop.sandbox
        await sandbox.heal()
        for mchid in self.scene.mchids:
            await sandbox.set_merchant(mchid, refund_outcome="SUCCESS")
        await shares.clear_up(self.scene)
        self.scene.say("-- it clears up")
