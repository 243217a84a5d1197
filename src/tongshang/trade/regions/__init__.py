"""Regions: China's provinces, cities and districts as data, found again by whatever name people write.

Words: an *area* has a code (GB/T 2260, six digits: two for the province, two for the city, two for the district) and a
name. A region that is not in the list, being new or renamed, is kept by its name; only its code stays unknown.
"""
