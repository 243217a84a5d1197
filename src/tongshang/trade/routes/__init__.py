"""The doors of trade: the customer's and the merchant's."""
