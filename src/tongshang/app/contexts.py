"""The list of contexts: their routes, their reactions, and what fills the seams between floors.

Each context's `routes` module offers lists of handlers: `console` (given `who: Staff`), `store` (given
`who: Shopper`, under /api/store/{shop}), and `public` (no principal). Here they are put under their prefixes.
"""

from litestar import Router
from litestar.di import Provide
from litestar.types import ControllerRouterHandler

from tongshang.aftersales import reactions as aftersales_reactions
from tongshang.aftersales.pictured import in_cases
from tongshang.aftersales.queries import contested
from tongshang.aftersales.routes import console as aftersales_console
from tongshang.aftersales.routes import provider as aftersales_provider
from tongshang.aftersales.routes import store as aftersales_store
from tongshang.app import cards, overview, pages, waiting
from tongshang.app.moving import reactions as moving_reactions
from tongshang.app.moving import routes as moving_routes
from tongshang.campaigns import reactions as campaigns_reactions
from tongshang.campaigns import routes as campaigns_routes
from tongshang.campaigns.benefits import CampaignBenefits, CouponShelf
from tongshang.campaigns.gifts import give_coupon
from tongshang.campaigns.promotions import routes as promotions_routes
from tongshang.campaigns.promotions.labels import DealsOnBoot
from tongshang.catalog import routes as catalog_routes
from tongshang.catalog.kinds import routes as kinds_routes
from tongshang.catalog.search import reactions as search_reactions
from tongshang.catalog.search import routes as search_routes
from tongshang.catalog.sheets import reactions as sheets_reactions
from tongshang.catalog.sheets import routes as sheets_routes
from tongshang.catalog.stocks import reactions as stocks_reactions
from tongshang.catalog.stocks import routes as stocks_routes
from tongshang.catalog.stocks.counting import UNSENT
from tongshang.catalog.workbench import routes as workbench_routes
from tongshang.catalog.workbench.pictured import in_goods
from tongshang.fans import reactions as fans_reactions
from tongshang.fans import routes as fans_routes
from tongshang.fans.access import shopper_of
from tongshang.fans.model import FIGURES, PARTS, PRIVACY
from tongshang.fulfilment import reactions as fulfilment_reactions
from tongshang.fulfilment import routes as fulfilment_routes
from tongshang.fulfilment import sheet_routes as shipping_sheet_routes
from tongshang.fulfilment.handovers import OrderHandovers, PickupOnBoot
from tongshang.fulfilment.invoices import routes as invoices_routes
from tongshang.fulfilment.keeping import routes as keeping_routes
from tongshang.fulfilment.papers import routes as papers_routes
from tongshang.fulfilment.reminding import reactions as reminding_reactions
from tongshang.fulfilment.reporting import routes as reporting_routes
from tongshang.fulfilment.tickets import routes as ticket_routes
from tongshang.fulfilment.tracking import routes as tracking_routes
from tongshang.insights import reactions as insights_reactions
from tongshang.insights import routes as insights_routes
from tongshang.media import routes as media_routes
from tongshang.media.uses import USES
from tongshang.messages import reactions as messages_reactions
from tongshang.messages import routes as messages_routes
from tongshang.messages.archive import reactions as archive_reactions
from tongshang.messages.archive import routes as archive_routes
from tongshang.messages.articles import reactions as articles_reactions
from tongshang.messages.articles import routes as articles_routes
from tongshang.messages.broadcasts import reactions as broadcasts_reactions
from tongshang.messages.broadcasts import routes as broadcasts_routes
from tongshang.messages.comments import routes as comments_routes
from tongshang.messages.conversations import reactions as conversations_reactions
from tongshang.messages.conversations import routes as conversations_routes
from tongshang.messages.desk import routes as desk_routes
from tongshang.messages.materials import reactions as materials_reactions
from tongshang.messages.materials import routes as materials_routes
from tongshang.messages.materials.pictured import in_messages
from tongshang.messages.notices import once_routes
from tongshang.messages.notices import reactions as notices_reactions
from tongshang.messages.notices import routes as notices_routes
from tongshang.messages.replies import routes as reply_routes
from tongshang.messages.replies.compose import CARDS
from tongshang.messages.replies.passive import reply_at_once
from tongshang.messages.welcome import GIFT
from tongshang.payments import reactions as payments_reactions
from tongshang.payments import routes as payments_routes
from tongshang.payments.applyments import reactions as applyments_reactions
from tongshang.payments.applyments import routes as applyments_routes
from tongshang.payments.payouts.queries import PayoutsOnBoot
from tongshang.payments.queries import SUBJECT_NAMES
from tongshang.payments.sharing import reactions as sharing_reactions
from tongshang.platform.addresses import SELLS
from tongshang.platform.facts import Reactions, Registry
from tongshang.platform.world import World
from tongshang.storefront import reactions as storefront_reactions
from tongshang.storefront import routes as storefront_routes
from tongshang.storefront.pages import COUPON_CARDS
from tongshang.storefront.pictured import in_shop
from tongshang.storefront.routes import BOOT_PARTS, BootParts
from tongshang.storefront.shops import privacy_text
from tongshang.tenancy import reactions as tenancy_reactions
from tongshang.tenancy import routes as tenancy_routes
from tongshang.tenancy.access import staff_of
from tongshang.trade import buyers
from tongshang.trade import reactions as trade_reactions
from tongshang.trade.desk import routes as order_desk_routes
from tongshang.trade.freights.local import LocalOnBoot
from tongshang.trade.parts.unsent import unsent
from tongshang.trade.presales import reactions as presales_reactions
from tongshang.trade.reviews import routes as reviews_routes
from tongshang.trade.reviews.pictured import in_reviews
from tongshang.trade.routes import carts as trade_carts
from tongshang.trade.routes import console as trade_console
from tongshang.trade.routes import counter as trade_counter
from tongshang.trade.routes import freights as trade_freights
from tongshang.trade.routes import orders as trade_orders
from tongshang.trade.seams import BENEFITS, CONTESTED, HANDOVERS, TENDERS, UNWINDERS
from tongshang.wallet import reactions as wallet_reactions
from tongshang.wallet import routes as wallet_routes
from tongshang.wallet.offers import WalletOnBoot
from tongshang.wallet.tenders import StoredValue
from tongshang.wechat import callbacks as wechat_callbacks
from tongshang.wechat import reactions as wechat_reactions
from tongshang.wechat import routes as wechat_routes
from tongshang.wechat.authorization import provider as wechat_provider
from tongshang.wechat.authorization import routes as wechat_authorization
from tongshang.wechat.journal import routes as wechat_journal
from tongshang.wechat.limits import routes as wechat_limits
from tongshang.wechat.registering import reactions as registering_reactions
from tongshang.wechat.registering import routes as registering_routes
from tongshang.wechat.vault import routes as wechat_vault

REACTIONS: list[Reactions] = [
    tenancy_reactions.reactions,
    wechat_reactions.reactions,
    registering_reactions.reactions,
    fans_reactions.reactions,
    messages_reactions.reactions,
    conversations_reactions.reactions,
    notices_reactions.reactions,
    materials_reactions.reactions,
    articles_reactions.reactions,
    archive_reactions.reactions,
    broadcasts_reactions.reactions,
    search_reactions.reactions,
    stocks_reactions.reactions,
    sheets_reactions.reactions,
    payments_reactions.reactions,
    applyments_reactions.reactions,
    sharing_reactions.reactions,
    trade_reactions.reactions,
    presales_reactions.reactions,
    storefront_reactions.reactions,
    campaigns_reactions.reactions,
    fulfilment_reactions.reactions,
    reminding_reactions.reactions,
    wallet_reactions.reactions,
    aftersales_reactions.reactions,
    insights_reactions.reactions,
    moving_reactions.reactions,
]

CONSOLE: list[ControllerRouterHandler] = [
    *tenancy_routes.console,
    *wechat_routes.console,
    *wechat_authorization.console,
    *wechat_provider.console,
    *wechat_journal.console,
    *wechat_vault.console,
    *wechat_limits.console,
    *registering_routes.console,
    *fans_routes.console,
    *messages_routes.console,
    *conversations_routes.console,
    *notices_routes.console,
    *desk_routes.console,
    *reply_routes.console,
    *materials_routes.console,
    *articles_routes.console,
    *archive_routes.console,
    *comments_routes.console,
    *broadcasts_routes.console,
    *media_routes.console,
    *catalog_routes.console,
    *stocks_routes.console,
    *search_routes.console,
    *kinds_routes.console,
    *workbench_routes.console,
    *sheets_routes.console,
    *payments_routes.console,
    *applyments_routes.console,
    *storefront_routes.console,
    *trade_console.console,
    *trade_counter.console,
    *reviews_routes.console,
    *order_desk_routes.console,
    *trade_freights.console,
    *campaigns_routes.console,
    *promotions_routes.console,
    *fulfilment_routes.console,
    *keeping_routes.console,
    *shipping_sheet_routes.console,
    *ticket_routes.console,
    *tracking_routes.console,
    *papers_routes.console,
    *invoices_routes.console,
    *reporting_routes.console,
    *wallet_routes.console,
    *aftersales_console.console,
    *aftersales_provider.console,
    *insights_routes.console,
    *overview.console,
    *moving_routes.console,
    *waiting.console,
]
STORE: list[ControllerRouterHandler] = [
    *fans_routes.store,
    *once_routes.store,
    *storefront_routes.store,
    *search_routes.store,
    *trade_carts.store,
    *trade_freights.store,
    *trade_orders.store,
    *trade_counter.store,
    *reviews_routes.store,
    *campaigns_routes.store,
    *promotions_routes.store,
    *ticket_routes.store,
    *tracking_routes.store,
    *invoices_routes.store,
    *wallet_routes.store,
    *aftersales_store.store,
    *payments_routes.store,
]
PUBLIC: list[ControllerRouterHandler] = [
    *wechat_callbacks.public,
    *fans_routes.public,
    *once_routes.public,
    *media_routes.public,
    *payments_routes.public,
    *tracking_routes.public,
]


def routes() -> list[ControllerRouterHandler]:
    """Put everybody's routes under their prefixes."""
    return [
        # A handler that does not ask for `who` is open: only those that name it make the principal be looked up.
        Router("/api/console", route_handlers=CONSOLE, dependencies={"who": Provide(staff_of)}, tags=["console"]),
        Router(
            "/api/store/{shop:str}", route_handlers=STORE, dependencies={"who": Provide(shopper_of)}, tags=["store"]
        ),
        *PUBLIC,
        *pages.routes(),
    ]


def registry() -> Registry:
    """Gather everybody's reactions."""
    return Registry(REACTIONS)


def fill_seams(world: World) -> None:
    """Let higher contexts answer where lower ones ask."""
    world.fill(SELLS, [pages.sells])
    world.fill(BENEFITS, [CampaignBenefits()])
    world.fill(HANDOVERS, [OrderHandovers()])
    world.fill(TENDERS, [StoredValue()])
    world.fill(UNWINDERS, [StoredValue()])
    world.fill(COUPON_CARDS, [CouponShelf()])
    boot_parts: list[BootParts] = [PickupOnBoot(), LocalOnBoot(), DealsOnBoot(), WalletOnBoot(), PayoutsOnBoot()]
    world.fill(BOOT_PARTS, boot_parts)
    world.fill(GIFT, [give_coupon])
    world.fill(USES, [in_goods, in_shop, in_messages, in_reviews, in_cases])
    world.fill(CARDS, [cards.card])
    world.fill(wechat_callbacks.RESPONDERS, [reply_at_once])
    world.fill(PRIVACY, [privacy_text])
    world.fill(FIGURES, [buyers.figures])
    world.fill(PARTS, [buyers.part])
    world.fill(SUBJECT_NAMES, [buyers.order_numbers])
    world.fill(UNSENT, [unsent])
    world.fill(CONTESTED, [contested])
