"""Lindeveld: an invented municipality of 27,000 residents, simulated, with known truth.

Nobody in it exists. People, queues and calendars make the figures (`simulation.py`); what was
planted in them stands in `truth.yaml`, which the simulation reads and no pipeline does.
"""
