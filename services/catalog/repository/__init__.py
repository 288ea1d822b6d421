"""Every query of catalog, as functions of a session; set-based, no rules."""
