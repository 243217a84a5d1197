"""The recorder: what the real WeChat answers, without a secret or a person in it, to hold the simulator against.

Opt-in and apart: nothing here runs unless somebody starts it with credentials of their own.
`python -m wxsandbox.recorder --help`; docs/guide/recorder.md.
"""
