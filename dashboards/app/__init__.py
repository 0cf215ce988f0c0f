"""The app: the published figures with filters that live in the address.

What belongs here: choosing, adding up and showing what was published. What does not: the figures
themselves (`dashboards`), and anything that reads the warehouse.
"""
