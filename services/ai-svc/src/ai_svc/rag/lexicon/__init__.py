"""Portuguese words: tokens, stems, folded accents. Pure."""
