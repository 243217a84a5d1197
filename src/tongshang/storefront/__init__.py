"""The storefront: the shop's sign and its pages, and what customers read of the catalog.

Words: the *shop* is the merchant's sign (name, logo, notice, privacy text); a *page* is a document of typed
*blocks* with *revisions*. Publishes PagePublished. Reacts to MerchantCreated (opens a shop with a first page).
Seam: COUPON_CARDS (what coupon blocks show).
"""
