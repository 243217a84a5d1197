"""To come in the next commit."""

from wxsandbox.routes import Route

ROUTES: tuple[Route, ...] = ()
