"""The workbench for goods: drafts of the editor, the list with its filters, and changes to many at once.

Words: a *draft* is what somebody is still writing, kept as it is typed; a *change* is done to many goods after it was
shown what it would do. Publishes and reacts to what the catalog does.
"""
