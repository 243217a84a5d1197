"""The list of contexts: their routes, their reactions, and what fills the seams between floors."""

from litestar import Router
from litestar.types import ControllerRouterHandler

from tongshang.platform.facts import Reactions, Registry
from tongshang.platform.world import World

REACTIONS: list[Reactions] = []
ROUTES: list[ControllerRouterHandler | Router] = []


def registry() -> Registry:
    """Gather everybody's reactions."""
    return Registry(REACTIONS)


def fill_seams(world: World) -> None:
    """Let higher contexts answer where lower ones ask."""
