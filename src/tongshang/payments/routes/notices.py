"""Where WeChat Pay tells us of payments and refunds. The notice is kept, with its effect, before it is answered."""

from uuid import UUID

from litestar import Response, post
from litestar.types import ControllerRouterHandler

from tongshang.payments import notices
from tongshang.platform.errors import NotFound, TooLarge
from tongshang.platform.web import AnyRequest, world_of

LARGEST = 256 * 1024


@post(
    [
        "/wechat/pay/{merchant_hex:str}/notice",
        "/wechat/pay/{merchant_hex:str}/refund-notice",
        "/wechat/pay/{merchant_hex:str}/payout-notice",
    ],
    operation_id="receive_pay_notice",
    status_code=204,
    include_in_schema=False,
)
async def receive(request: AnyRequest, merchant_hex: str) -> Response[None]:
    """Take a notice in: 204 when it is kept, 401 when it is not WeChat's, and WeChat comes again."""
    try:
        merchant = UUID(hex=merchant_hex) if len(merchant_hex) == 32 else None
    except ValueError:
        merchant = None
    if merchant is None:
        raise NotFound
    body = await request.body()
    if len(body) > LARGEST:
        raise TooLarge(limit=LARGEST)
    headers = {name.lower(): value for name, value in request.headers.items()}
    await notices.receive(world_of(request), merchant, headers=headers, body=body)
    return Response(None, status_code=204)


public: list[ControllerRouterHandler] = [receive]
