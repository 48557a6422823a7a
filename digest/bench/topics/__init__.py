"""What the starter topics would have sent in the last days of a file of papers."""
