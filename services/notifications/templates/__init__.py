"""The words of every mail, by language; `rendering` puts a letter's facts into them."""
