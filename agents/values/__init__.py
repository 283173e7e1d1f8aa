"""Values as they are written in text: numbers, units, scales, shares."""
