"""After-sales over HTTP: the customer's side, the merchant's desk, and the provider's."""
