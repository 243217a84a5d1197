"""Freight: what sending goods costs, by template, region, weight and pieces, and where they are not sent at all.

Words: a *template* has *zones*, each a list of regions with its rates; the *rest* of the country may have rates of its
own, or nothing is sent there. A *parcel* is a line of goods as freight sees it. Goods without a template follow the
shop's default template, and without that the shop's *flat* rate. Templates are reckoned apart and summed.
"""
