"""The doors of tenancy: everybody's own (log-in, password, second factor, devices), a shop's team, the provider's."""

from tongshang.tenancy.routes import mine, provider, team

console = [*mine.console, *team.console, *provider.console]
