"""Agents: who sells, in which team, and what they earn.

Owner: services/agents. It alone handles the requests of this package and emits these events.
"""
