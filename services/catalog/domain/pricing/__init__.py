"""What one unit costs a buyer: the one computation behind every list, detail, quote, cart and placement (rules 3.1)."""
