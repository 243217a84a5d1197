"""The list of contexts: their routes, their reactions, and what fills the seams between floors.

Each context's `routes` module offers lists of handlers: `console` (given `who: Staff`), `store` (given
`who: Shopper`, under /api/store/{shop}), and `public` (no principal). Here they are put under their prefixes.
"""

from litestar import Router
from litestar.di import Provide
from litestar.types import ControllerRouterHandler

from tongshang.payments import reactions as payments_reactions
from tongshang.payments import routes as payments_routes
from tongshang.platform.facts import Reactions, Registry
from tongshang.platform.world import World
from tongshang.tenancy import provider as tenancy_provider
from tongshang.tenancy import routes as tenancy_routes
from tongshang.tenancy.access import staff_of
from tongshang.wechat import callbacks as wechat_callbacks
from tongshang.wechat import reactions as wechat_reactions
from tongshang.wechat import routes as wechat_routes

REACTIONS: list[Reactions] = [wechat_reactions.reactions, payments_reactions.reactions]

CONSOLE: list[ControllerRouterHandler] = [*tenancy_routes.console, *tenancy_provider.console, *wechat_routes.console]
CONSOLE += payments_routes.console
STORE: list[ControllerRouterHandler] = []
PUBLIC: list[ControllerRouterHandler] = [*wechat_callbacks.public, *payments_routes.public]


def routes() -> list[ControllerRouterHandler]:
    """Put everybody's routes under their prefixes."""
    return [
        # A handler that does not ask for `who` is open: only those that name it make the principal be looked up.
        Router("/api/console", route_handlers=CONSOLE, dependencies={"who": Provide(staff_of)}, tags=["console"]),
        *PUBLIC,
    ]


def registry() -> Registry:
    """Gather everybody's reactions."""
    return Registry(REACTIONS)


def fill_seams(world: World) -> None:
    """Let higher contexts answer where lower ones ask."""
