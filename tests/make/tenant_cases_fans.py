"""How the operations on fans, the desk and notices are asked for."""

from make.asking import Case

FANS: dict[str, Case] = {
    "put_nightly_sync": Case(body={"enabled": True}),
}
