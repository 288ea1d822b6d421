"""Changes others ask of agents: people and teams, their groups, the shop's sales rules."""
