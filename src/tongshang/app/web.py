"""The web process: every context's routes on one Litestar application."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TypeAlias

from litestar import Litestar, Response, get
from litestar.openapi import OpenAPIConfig
from prometheus_client import CONTENT_TYPE_LATEST

from tongshang.app import contexts
from tongshang.app.world import make_world
from tongshang.platform import config, hints, log, metrics
from tongshang.platform.config import Settings
from tongshang.platform.web import HANDLERS, MAX_BODY, AnyRequest, Edge, world_of
from tongshang.platform.world import World


@get("/health/live", operation_id="live", include_in_schema=False)
async def live() -> dict[str, str]:
    """Say that the process runs."""
    return {"status": "live"}


@get("/health/ready", operation_id="ready", include_in_schema=False)
async def ready(request: AnyRequest) -> Response[dict[str, str]]:
    """Say whether the database answers."""
    try:
        async with world_of(request).system_tx() as tx:
            await tx.value("select 1")
    except OSError as error:
        return Response({"status": "no database", "why": type(error).__name__}, status_code=503)
    return Response({"status": "ready"})


@get("/metrics", operation_id="metrics", include_in_schema=False)
async def scrape(request: AnyRequest) -> Response[bytes]:
    """Give the counters of all processes, and how the jobs stand, in Prometheus' text format."""
    return Response(await metrics.exposition(world_of(request)), media_type=CONTENT_TYPE_LATEST)


def app_for(world: World) -> Litestar:
    """Build the application around a world that somebody else opens and closes (tests, in-process runs)."""
    return _build(world, lifespan=None)


def create_app() -> Litestar:
    """Build the application of a process of its own (Granian's factory)."""
    settings = config.load()
    log.configure(json=settings.json_logs)

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        world = await make_world(settings, database_url(settings))
        app.state.world = world
        # What is there now stays for good: the collector need not look through it again and again.
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, 10, 50)
        told = hints.Hints(world.database)
        world.wakers.append(told.tell)
        sending = asyncio.create_task(told.send())
        try:
            yield
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
            await world.close()

    return _build(None, lifespan=lifespan)


def database_url(settings: Settings) -> str:
    """Say where the database is: DATABASE_URL, or the embedded server's socket."""
    if settings.database_url:
        return settings.database_url
    from tongshang.platform import postgres

    return postgres.dsn(settings.var / "pg")


Lifespan: TypeAlias = Callable[[Litestar], AbstractAsyncContextManager[None]]


def _build(world: World | None, *, lifespan: Lifespan | None) -> Litestar:
    app = Litestar(
        route_handlers=[live, ready, scrape, *contexts.routes()],
        exception_handlers=HANDLERS,
        middleware=[Edge()],
        lifespan=[lifespan] if lifespan else [],
        request_max_body_size=MAX_BODY,
        openapi_config=OpenAPIConfig(title="Tongshang", version="0.1.0"),
        logging_config=None,
        signature_namespace={},
    )
    if world is not None:
        app.state.world = world
    return app
