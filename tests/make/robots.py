"""A stranger's whole server: a WeRoBot application behind its own Bottle view, on a free port."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from werobot import WeRoBot
from werobot.client import Client

HOSTS = ("https://api.weixin.qq.com", "http://api.weixin.qq.com")


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


class Caller(Client):  # type: ignore[misc]
    """WeRoBot's client; it writes WeChat's host into every call, so where that host is, is ours to say."""

    def __init__(self, api: str, appid: str, secret: str) -> None:
        super().__init__({"APP_ID": appid, "APP_SECRET": secret})
        self._api = api

    def request(self, method: str, url: str, **kwargs: Any) -> Any:
        """Ask the simulator instead."""
        for host in HOSTS:
            url = url.replace(host, self._api)
        return super().request(method, url, **kwargs)
