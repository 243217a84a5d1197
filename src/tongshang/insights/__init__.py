"""Insights: WeChat's own statistics of an account, fetched every morning, kept as they came, and shown as charts.

Words: a *report* is one of WeChat's lists of figures; an *import* is the fetching of what is missing of all reports.
Reacts to authorizations; publishes FiguresDue, which only it reacts to.
"""
