"""What this machine can do at all: the same hops and rows as the house's, with as little as possible around them."""
