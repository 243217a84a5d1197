"""WeChat Pay APIv3 of the simulator: merchants and keys, orders, refunds, notices, bills, and the cashier.

Words: a *merchant* owns keys and signs; a *sub-merchant* (`sub_mchid`) trades under a service provider's
signature; an *order* is placed by a merchant and paid by a person; a *refund* gives part of it back; a *flow*
is one movement of a merchant's money; a *bill* is what WeChat says next morning about a day.
Written from the published contract as of 2026-11-22; it shares no code with any client.
"""

from wxsandbox.pay import (
    applyment_control,
    applyment_routes,
    applyments,
    banks,
    control,
    counter,
    h5,
    notices,
    partner_transfers,
    refunds,
    rolling,
    routes,
    sealed_bills,
    sharing,
    sharing_routes,
    transfer_routes,
    transfers,
)
from wxsandbox.routes import Part

PART = Part(
    name="pay",
    routes=(
        *routes.ROUTES,
        *sealed_bills.ROUTES,
        *h5.ROUTES,
        *counter.ROUTES,
        *control.ROUTES,
        *rolling.ROUTES,
        *transfer_routes.ROUTES,
        *partner_transfers.ROUTES,
        *sharing_routes.ROUTES,
        *applyment_routes.ROUTES,
        *applyment_control.ROUTES,
        *banks.ROUTES,
    ),
    dues={
        "pay.refund": refunds.settle_due,
        "pay.sharing": sharing.finish_due,
        "pay.thaw": sharing.thaw_due,
        "pay.applyment": applyments.end_due,
        **transfers.DUES,
    },
    couriers={notices.COURIER: notices.courier},
)
