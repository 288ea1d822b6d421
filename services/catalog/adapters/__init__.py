"""What leads out of the house: where the pictures of products are kept."""
