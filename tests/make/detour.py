"""A detour to the simulator for SDKs that know where WeChat is: their code is not touched, their connections are."""

from typing import Any
from urllib.parse import urlsplit

from requests import PreparedRequest, Response, Session
from requests.adapters import HTTPAdapter


class Detour(HTTPAdapter):
    """Sends what is meant for https://{host}/… to the simulator's /{host}/…."""

    def __init__(self, base_url: str) -> None:
        super().__init__()
        self._base = base_url

    def send(self, request: PreparedRequest, *rest: Any, **more: Any) -> Response:
        """Send a request by the other road; nobody is called who is not on this machine."""
        assert request.url is not None
        parts = urlsplit(request.url)
        request.url = request.url.replace(f"{parts.scheme}://{parts.netloc}", f"{self._base}/{parts.netloc}", 1)
        return super().send(request, *rest, **more)


def detour(session: Session, base_url: str) -> None:
    """Lead all of a session's calls to a simulator."""
    session.mount("https://", Detour(base_url))
