"""What is simulated, generated from the routes: a page for people, the same as JSON, and OpenAPI for programs."""

import inspect
import sys
from typing import Any

import msgspec

from wxsandbox.control import coverage_page
from wxsandbox.control.checks import checks
from wxsandbox.errors import TEXTS
from wxsandbox.http import Call, Reply, html
from wxsandbox.routes import Route

HOST = "_sandbox"


def row(route: Route, part: str = "") -> dict[str, Any]:
    """Describe one endpoint: what it is, the fields it checks, the codes it gives, from which page of which day."""
    doc = (route.handler.__doc__ or "").strip().partition("\n")[0]
    checked = checks(route.body)
    return {
        "part": part, "topic": topic(route), "host": route.host, "method": route.method, "path": route.path,
        "what": doc, "fields": [check.field for check in checked], "checks": checked, "errors": list(route.errors),
        "page": route.page, "date": route.date,
    }  # fmt: skip


def topic(route: Route) -> str:
    """Name what a route is about: the first sentence of the module that answers it."""
    module = sys.modules.get(inspect.unwrap(route.handler).__module__)
    said = ((module.__doc__ if module else "") or "").strip().partition("\n")[0]
    return said.rstrip(".")


def is_documented(route: Route) -> bool:
    """Say whether a route is WeChat's, rather than the control plane's or a step within one of its pages."""
    return route.host not in (HOST, "") and bool(route.page)


def rows_of(call: Call) -> list[dict[str, Any]]:
    """Describe everything this simulator has of WeChat's."""
    return [row(route, part.name) for part in call.box.parts for route in part.routes if is_documented(route)]


async def coverage(call: Call) -> Any:
    """Show every simulated endpoint with the fields checked, its error codes, official page and date."""
    rows = rows_of(call)
    if "text/html" in call.headers.get("accept", ""):
        return html(coverage_page.write(rows))
    return listed(rows)


async def coverage_json(call: Call) -> Any:
    """Give the coverage as JSON, whoever asks."""
    return listed(rows_of(call))


def listed(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Write the coverage for programs."""
    codes = {code for one in rows for code in one["errors"] if isinstance(code, int)}
    return {"items": rows, "error_texts": {str(code): TEXTS.get(code, "") for code in sorted(codes)}}


async def openapi(call: Call) -> Any:
    """Describe the control plane as OpenAPI 3.1."""
    routes = [route for route in call.box.router.routes if route.host == HOST]
    bodies = list({route.body for route in routes if route.body is not None})
    refs, components = msgspec.json.schema_components(bodies, ref_template="#/components/schemas/{name}")
    schema = dict(zip(bodies, refs, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        operation: dict[str, Any] = {
            "summary": (route.handler.__doc__ or "").strip().partition("\n")[0],
            "responses": {"200": {"description": "done"}},
            "parameters": [
                {"name": part[1:-1], "in": "path", "required": True, "schema": {"type": "string"}}
                for part in route.path.split("/")
                if part.startswith("{")
            ],
        }
        if route.body is not None:
            content = {"application/json": {"schema": schema[route.body]}}
            operation["requestBody"] = {"required": True, "content": content}
        paths.setdefault(f"/_sandbox{route.path}", {})[route.method.lower()] = operation
    info = {"title": "wxsandbox control plane", "version": "1"}
    return {"openapi": "3.1.0", "info": info, "paths": paths, "components": {"schemas": components}}


async def index(call: Call) -> Reply:
    """Greet a person who opened the control plane in a browser."""
    return html(
        f"<!doctype html><meta charset=utf-8><title>wxsandbox</title><style>{coverage_page.STYLE}</style>"
        '<main><h1>wxsandbox</h1><p><a href="/phone">手机 Phone</a> · '
        '<a href="/_sandbox/coverage">覆盖范围 Coverage</a> · '
        '<a href="/_sandbox/openapi.json">OpenAPI</a> · <a href="/_sandbox/journal">日志 Journal</a>'
    )


ROUTES = (
    Route(HOST, "GET", "/coverage", coverage, journal=False),
    Route(HOST, "GET", "/coverage.json", coverage_json, journal=False),
    Route(HOST, "GET", "/openapi.json", openapi, journal=False),
    Route(HOST, "GET", "/", index, journal=False),
)
