"""The account's articles as they stand at WeChat, made here or elsewhere: drafts and publications.

Words: *archive* (all of them), *place* (draft or published), *import* (one reading of both), *adopt* (make a set of
ours from one, to be edited here).
"""
