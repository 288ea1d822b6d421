"""Floor 0, the shared kernel: money, time, ids, problems. Standard library only."""
