"""WeChat's quotas: how many calls an account may make, counted here and honoured before WeChat refuses."""
