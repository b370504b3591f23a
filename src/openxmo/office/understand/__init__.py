"""Why is it so: scores, moves, the catalogue of measures, one area, one person."""
