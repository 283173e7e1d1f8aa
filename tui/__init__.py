"""The operator's seat: the command line and what a person sees."""
