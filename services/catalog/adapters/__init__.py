"""What leads out of the house, or was brought in: where pictures are kept, and the files that imports read."""
