"""Messages to many (群发): written, counted, confirmed, sent once, and what became of them.

Words: an *audience* says who is meant; a *part* is one call at WeChat, under our number, so that a repeat cannot send
twice; a *recipient* is somebody a part was meant for, which counts against their messages of the month.
"""
