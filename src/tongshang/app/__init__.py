"""The top floor: the only place that knows all contexts, and the processes made of them."""
