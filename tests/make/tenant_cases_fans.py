"""How the operations on fans, the desk and notices are asked for."""

from make.asking import UNWELL, Case

FANS: dict[str, Case] = {
    "put_nightly_sync": Case(body={"enabled": True}),
    "put_desk_face": Case(UNWELL, {"picture_id": "$picture"}, path={"kf_account": "kf"}),
}
