"""One file per resource; each operation is one ask, or one gather of asks."""
