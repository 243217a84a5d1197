"""Waiting one's turn when more orders arrive than can be answered in time: the line, its tickets, and the door."""
