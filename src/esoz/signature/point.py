"""Points of a binary curve, as every part of the arithmetic knows them."""

Point = tuple[int, int]
# Lopez-Dahab projective coordinates: x = X/Z, y = Y/Z²; Z = 0 is the point at infinity.
Projective = tuple[int, int, int]

INFINITY: Projective = (1, 0, 0)
