"""Tables in common: column types and the body of every migration environment."""
