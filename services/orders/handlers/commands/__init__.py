"""Changes others ask of orders: placing, cancelling, recording what was paid."""
