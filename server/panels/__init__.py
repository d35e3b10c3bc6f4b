"""What a session computes for one panel of the page: surfaces, lines, inspection, slow motion, laboratory."""
