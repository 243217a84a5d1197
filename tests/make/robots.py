"""A stranger's whole server: a WeRoBot application behind its own Bottle view, on a free port."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import werobot.client
from requests import Session
from werobot import WeRoBot

from make.detour import detour


class Quiet(WSGIRequestHandler):
    """Says nothing about requests that went well."""

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def robot(token: str, appid: str, aes_key: str | None = None) -> Any:
    """Make a robot without a session store, which would be a file in the working directory."""
    return WeRoBot(token=token, app_id=appid, encoding_aes_key=aes_key, SESSION_STORAGE=False)


@contextmanager
def running(app: Any) -> Iterator[str]:
    """Serve a robot with its own view; gives its address."""
    server = make_server("127.0.0.1", 0, app.wsgi, handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def calling(base_url: str, appid: str, secret: str) -> Iterator[Any]:
    """Make WeRoBot's client, whose connections lead to a simulator (or a recorder) while the block runs."""
    with Session() as session:
        detour(session, base_url)
        # It calls the module's functions, which a session has, too.
        theirs, werobot.client.requests = werobot.client.requests, session
        try:
            yield werobot.client.Client({"APP_ID": appid, "APP_SECRET": secret})
        finally:
            werobot.client.requests = theirs
