"""A merchant written out whole, and brought into another install.

Words: an *archive* is one tar file with everything of one merchant, secrets under a *passphrase*; *writing* makes it,
*bringing in* reads it, in one transaction that ends only when all sums are what they were. What is carried is read from
the schema (`app/holdings.py` says what stays). docs/guide/keeping.md describes the format for readers without us.
"""
