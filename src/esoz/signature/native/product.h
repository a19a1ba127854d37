/* Products of polynomials over GF(2): included by field.h once for every way to multiply two words.
 *
 * WIDE is a type of 128 bits that knows ^, TIMES(a, b) and SQUARE(a) give it, TARGET is what the compiler must allow.
 * n is a constant wherever these functions are used, so every loop is unrolled. Nothing depends on the values.
 */

/* c[k] holds the low half of column k and the high half of column k - 1. */
INLINE TARGET void NAMED(join)(int n, const WIDE *column, uint64_t *c)
{
    uint64_t halves[2 * (2 * WORDS - 1)];
    memcpy(halves, column, 16 * (size_t)(2 * n - 1));
    c[0] = halves[0];
    UNROLL
    for (int k = 1; k < 2 * n - 1; k++) c[k] = halves[2 * k] ^ halves[2 * k - 1];
    c[2 * n - 1] = halves[4 * n - 3];
}

/* c = a * b; of the n * n products of words n * (n + 1) / 2 are made (Karatsuba for every pair). */
INLINE TARGET void NAMED(product)(int n, const uint64_t *a, const uint64_t *b, uint64_t *c)
{
    WIDE column[2 * WORDS - 1], diagonal[WORDS];
    UNROLL
    for (int i = 0; i < n; i++) {
        diagonal[i] = TIMES(a[i], b[i]);
        if (i) diagonal[i] ^= diagonal[i - 1];
    }
    UNROLL
    for (int k = 0; k < 2 * n - 1; k++) {
        WIDE sum = diagonal[k < n ? k : n - 1];
        if (k >= n) sum ^= diagonal[k - n];
        UNROLL
        for (int i = k < n ? 0 : k - n + 1; 2 * i < k; i++) sum ^= TIMES(a[i] ^ a[k - i], b[i] ^ b[k - i]);
        column[k] = sum;
    }
    NAMED(join)(n, column, c);
}

/* c = a * a */
INLINE TARGET void NAMED(product_square)(int n, const uint64_t *a, uint64_t *c)
{
    UNROLL
    for (int i = 0; i < n; i++) {
        WIDE square = SQUARE(a[i]);
        memcpy(c + 2 * i, &square, 16);
    }
}

#define MULTIPLY(n, count)                                                                                          \
    TARGET static void NAMED(multiply_##n##_##count)(const Field *f, const uint64_t *a, const uint64_t *b,         \
                                                     uint64_t *out)                                                \
    {                                                                                                               \
        uint64_t c[2 * WORDS];                                                                                      \
        NAMED(product)(n, a, b, c);                                                                                 \
        reduce(f, n, count, c, out);                                                                                \
    }                                                                                                               \
    TARGET static void NAMED(square_##n##_##count)(const Field *f, const uint64_t *a, uint64_t *out)               \
    {                                                                                                               \
        uint64_t c[2 * WORDS];                                                                                      \
        NAMED(product_square)(n, a, c);                                                                             \
        reduce(f, n, count, c, out);                                                                                \
    }
SHAPES(MULTIPLY)
#undef MULTIPLY

#define ROW(n, count) {n, count, NAMED(multiply_##n##_##count), NAMED(square_##n##_##count)},
static const Shape NAMED(shapes)[] = {SHAPES(ROW)};
#undef ROW

#undef NAMED
#undef WIDE
#undef TIMES
#undef SQUARE
#undef TARGET
