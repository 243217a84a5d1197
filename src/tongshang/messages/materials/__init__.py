"""Materials: pictures, voices and videos that are sent, shown in articles, and kept in WeChat's library.

Words: a *material* is one file of ours; an *upload* is what one account at WeChat knows it by, for one *use*
(`permanent`: the library; `temporary`: three days; `article`: a picture's address). A file is uploaded once per
account and use, and found again. A *sync* reads the account's library into ours, page by page.
"""
