"""Applications (进件): how a merchant comes to a number at WeChat Pay, with the provider applying in its name.

Words: an *application* (申请单) is typed as a *draft*, sent under a *business code*, reviewed, sent back with *flaws*
(驳回原因) at its fields or let through, verified, signed by the *administrator* (超级管理员), and ends with the
merchant's number. A *slot* is where a picture belongs. The *provider's account* is kept under the nil merchant.

Publishes: ApplymentSent, ApplymentMoved, ProviderKeysChanged. Reacts to the first and the last.

Personal data: the form, the flaws and the signing link are sealed; pictures are encrypted files; all of it is deleted
on the day that `rules` says. What is read back is masked. Facts carry states, never words of the form.

Modules: `model` `rules` (dated data) `checks` (what WeChat would refuse) · `facts` · `drafts` `pictures` ·
`building` (the form in WeChat's words) `sending` (promise, reach out, record, follow) · `provider` (the number that
applies, banks, keys handed on) · `queries` · `routes` · `reactions`.
"""
