"""A saved run in other forms: to read, to share, to go on with elsewhere."""
