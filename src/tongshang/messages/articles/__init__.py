"""Articles (图文): written and kept here, brought to WeChat as drafts, published, taken back.

Words: a *set* is one to eight articles that belong together; a *draft* is what WeChat has of a set before it is
published or sent, and disappears with that; a *publication* is one attempt to publish a set, with what became of it.
"""
