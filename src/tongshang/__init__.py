"""Tongshang (通商): the platform that joins merchants with their customers on WeChat."""
