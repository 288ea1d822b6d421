"""What identity does when asked, and of its own accord."""
