"""Every query of agents, as functions of a session: `agents` for people and teams, `ledger` for what they earn."""
