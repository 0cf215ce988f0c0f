"""The systems of Lindeveld as servers: ZGW, Klantinteracties and KISS on this machine alone.

What belongs here: the simulated registrations in the shapes of those APIs, and servers that behave
as the real ones do, habits and faults included. What does not: the simulation itself.
"""
