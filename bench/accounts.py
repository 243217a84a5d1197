"""Many accounts at once for a benchmark: a merchant each, authorized, with a refresh token; written in bulk."""

from datetime import timedelta
from uuid import UUID

from bench.stage import Stage
from tongshang.platform.ids import NIL
from tongshang.wechat import components

COMPONENT = "wxbe0000000000000c"
TOKEN, AES_KEY = "benchtoken", "B" * 42 + "E"
TABLES = {
    "merchant": "(merchant_id, name, slug, state, created_at) values ($1, $2, $3, 'active', $4)",
    "account": """(merchant_id, appid, mode, component_appid, state, authorized_at)
        values ($1, $2, 'component', $3, 'authorized', $4)""",
    "account_directory": "(merchant_id, appid, component_appid, active) values ($1, $2, $3, true)",
    "refresh_token": """(merchant_id, appid, version, token_sealed, source, created_at)
        values ($1, $2, 1, $3, 'grant', $4)""",
}


def appid(number: int) -> str:
    """Name the AppID of an account."""
    return f"wxbe{number:014d}"


async def made(stage: Stage, count: int) -> list[UUID]:
    """Make a component with its ticket and so many accounts, each of a merchant of its own; gives the merchants."""
    world = stage.world
    async with world.tx(NIL) as tx:
        await components.configure(tx, appid=COMPONENT, secret="s" * 32, token=TOKEN, aes_key=AES_KEY)
        now = tx.now
    await components.receive_ticket(world, appid=COMPONENT, ticket="ticket", created_at=int(now.timestamp()))
    merchants = [UUID(int=(1 << 100) + number) for number in range(1, count + 1)]

    def sealed(merchant: UUID) -> bytes:
        return world.secrets.seal(b"refreshtoken@bench", bound_to=f"refresh_token.token_sealed:{merchant}")

    before = now - timedelta(days=1)
    pairs = list(enumerate(merchants))
    rows = {
        "merchant": [(m, f"bench {n}", f"bench-{n}", before) for n, m in pairs],
        "account": [(m, appid(n), COMPONENT, before) for n, m in pairs],
        "account_directory": [(m, appid(n), COMPONENT) for n, m in pairs],
        "refresh_token": [(m, appid(n), sealed(m), before) for n, m in pairs],
    }
    async with world.system_tx() as tx:
        for table, tail in TABLES.items():
            await tx.run_many(f"insert into {table} {tail}", rows[table])
    return merchants
