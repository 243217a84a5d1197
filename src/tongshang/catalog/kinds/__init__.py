"""Kinds of goods: what each needs to know, and where its stock is.

Words: *terms* say what a kind promises (a ticket's validity and uses, a bundle's parts); a *bundle* is sold as one
and is made of other variants, whose stock is its stock; a *code* is a virtual piece of goods, given once.
"""
