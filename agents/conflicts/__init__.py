"""Values that disagree: found, compared, explained."""
