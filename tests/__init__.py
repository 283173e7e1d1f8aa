"""The tests: behaviour, through the real parts."""
