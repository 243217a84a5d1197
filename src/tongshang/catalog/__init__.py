"""The catalog: what a merchant sells, at what price, and how many are left.

Words: a *product* is what a page shows; a *variant* is what is bought (one choice on each option axis);
*stock* is on hand, of which a part is *reserved* by *holds*. A hold is used once or released once.
Publishes ProductChanged. Reacts to nothing.
"""
