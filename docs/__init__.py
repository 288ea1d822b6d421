"""What is written about Courtier by hand, and the program that writes the rest from the code."""
