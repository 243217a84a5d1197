"""Goods by spreadsheet: a template, a dry run that tells row by row what is wrong, writing the good rows down, export.

Words: a *sheet* is one file that was brought in; an *item* is one product of it, with its rows. Looking through changes
nothing; applying goes on where it was stopped and does nothing twice. Publishes SheetBrought and SheetConfirmed, and
reacts to both.
"""
