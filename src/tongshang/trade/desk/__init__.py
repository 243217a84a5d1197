"""The merchant's desk of orders: finding them among millions, views that are kept, bulk work, and export."""
