"""What the catalogue costs as it grows: lists, searches, prices and holds, as ratios within one run."""
