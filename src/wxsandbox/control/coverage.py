"""What is simulated, generated from the routes: a page for people, and OpenAPI for programs."""

from html import escape
from typing import Any

import msgspec

from wxsandbox.errors import TEXTS
from wxsandbox.http import Call, Reply, html
from wxsandbox.routes import Route

HOST = "_sandbox"
HEAD = '<tr><th>接口<th>说明<th>校验字段<th style="min-width:220px">错误码<th>官方文档'
STYLE = """body{font:14px/1.5 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;margin:32px;color:#1f2329}
table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #e5e6eb;padding:6px 10px;text-align:left;
vertical-align:top}th{color:#646a73;font-weight:500}code{font:13px ui-monospace,monospace}h2{margin-top:32px}
small{color:#646a73}"""


def fields(body: Any) -> list[str]:
    """Name the fields of a request type, dotted."""
    if not (isinstance(body, type) and issubclass(body, msgspec.Struct)):
        return []
    found = []
    for field in msgspec.structs.fields(body):
        found.append(field.encode_name)
        found += [f"{field.encode_name}.{name}" for name in fields(field.type)]
    return found


def row(route: Route) -> dict[str, Any]:
    """Describe one endpoint."""
    doc = (route.handler.__doc__ or "").strip().partition("\n")[0]
    return {
        "host": route.host, "method": route.method, "path": route.path, "what": doc, "fields": fields(route.body),
        "errors": list(route.errors), "page": route.page, "date": route.date,
    }  # fmt: skip


async def coverage(call: Call) -> Any:
    """Show every simulated endpoint with the fields checked, its error codes, official page and date."""
    rows = [row(route) for route in call.box.router.routes if route.host not in (HOST, "") and route.page]
    if "text/html" not in call.headers.get("accept", ""):
        return {"items": rows}
    parts = [
        f"<!doctype html><meta charset=utf-8><title>覆盖范围</title><style>{STYLE}</style><h1>覆盖范围 Coverage</h1>"
    ]
    for host in dict.fromkeys(r["host"] for r in rows):
        parts.append(f"<h2>{escape(host)}</h2><table>{HEAD}")
        parts += [line(r) for r in rows if r["host"] == host]
        parts.append("</table>")
    return html("".join(parts))


def line(row: dict[str, Any]) -> str:
    """Write one endpoint as a table row."""
    codes = " · ".join(f'<span title="{escape(TEXTS.get(c, str(c)))}">{escape(str(c))}</span>' for c in row["errors"])
    page = (
        f'<a href="{escape(row["page"])}">{escape(row["page"].rpartition("/")[2] or "page")}</a>' if row["page"] else ""
    )
    return (
        f"<tr><td><code>{row['method']} {escape(row['path'])}</code><td>{escape(row['what'])}"
        f"<td><small>{escape(', '.join(row['fields']))}</small><td>{codes}<td>{page} <small>{row['date']}</small>"
    )


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
        f"<!doctype html><meta charset=utf-8><title>wxsandbox</title><style>{STYLE}</style><h1>wxsandbox</h1>"
        '<p><a href="/phone">手机 Phone</a> · <a href="/_sandbox/coverage">覆盖范围 Coverage</a> · '
        '<a href="/_sandbox/openapi.json">OpenAPI</a> · <a href="/_sandbox/journal">日志 Journal</a>'
    )


ROUTES = (
    Route(HOST, "GET", "/coverage", coverage, journal=False),
    Route(HOST, "GET", "/openapi.json", openapi, journal=False),
    Route(HOST, "GET", "/", index, journal=False),
)
