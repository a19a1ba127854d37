/* The field GF(2^m) and s*P + r*Q on a curve over it; the same as gf2m.py and curves.py. */
#include <stdint.h>
#include <string.h>

enum { WORDS = 7, BYTES = 8 * WORDS };

typedef uint64_t Element[WORDS];

typedef struct {
    int m, n, count, exponents[3], a;
    Element b;
} Curve;

typedef struct {
    Element x, y, z;
} Point;

static void add_to(uint64_t *a, const uint64_t *b)
{
    for (int i = 0; i < WORDS; i++) a[i] ^= b[i];
}

static int is_zero(const uint64_t *a)
{
    uint64_t any = 0;
    for (int i = 0; i < WORDS; i++) any |= a[i];
    return !any;
}

/* c += t * x^position */
static void scatter(uint64_t *c, uint64_t t, int position)
{
    int word = position / 64, shift = position % 64;
    c[word] ^= t << shift;
    if (shift) c[word + 1] ^= t >> (64 - shift);
}

static void reduce(const Curve *f, uint64_t *c, uint64_t *out)
{
    int word = f->m / 64, shift = f->m % 64;
    for (int i = 2 * f->n - 1; i > word; i--) {
        uint64_t t = c[i];
        c[i] = 0;
        scatter(c, t, 64 * i - f->m);
        for (int k = 0; k < f->count; k++) scatter(c, t, 64 * i - f->m + f->exponents[k]);
    }
    uint64_t t = c[word] >> shift;
    c[word] &= ((uint64_t)1 << shift) - 1;
    c[0] ^= t;
    for (int k = 0; k < f->count; k++) scatter(c, t, f->exponents[k]);
    memset(out, 0, BYTES);
    memcpy(out, c, 8 * (size_t)f->n);
}

static void multiply(const Curve *f, const uint64_t *a, const uint64_t *b, uint64_t *out)
{
    uint64_t table[16][WORDS + 1], c[2 * WORDS + 2] = {0};
    int n = f->n;
    memset(table[0], 0, sizeof table[0]);
    memcpy(table[1], a, 8 * (size_t)n);
    table[1][n] = 0;
    for (int i = 2; i < 16; i++)
        for (int j = 0; j <= n; j++)
            table[i][j] = i % 2 ? table[i - 1][j] ^ table[1][j]
                                : table[i / 2][j] << 1 | (j ? table[i / 2][j - 1] >> 63 : 0);
    for (int shift = 60; shift >= 0; shift -= 4) {
        for (int i = 0; i < n; i++) {
            const uint64_t *row = table[b[i] >> shift & 15];
            for (int j = 0; j <= n; j++) c[i + j] ^= row[j];
        }
        if (shift)
            for (int j = 2 * n; j >= 0; j--) c[j] = c[j] << 4 | (j ? c[j - 1] >> 60 : 0);
    }
    reduce(f, c, out);
}

static uint64_t spread(uint32_t v)
{
    uint64_t x = v;
    x = (x | x << 16) & 0x0000FFFF0000FFFFu;
    x = (x | x << 8) & 0x00FF00FF00FF00FFu;
    x = (x | x << 4) & 0x0F0F0F0F0F0F0F0Fu;
    x = (x | x << 2) & 0x3333333333333333u;
    return (x | x << 1) & 0x5555555555555555u;
}

static void square(const Curve *f, const uint64_t *a, uint64_t *out)
{
    uint64_t c[2 * WORDS + 2] = {0};
    for (int i = 0; i < f->n; i++) {
        c[2 * i] = spread((uint32_t)a[i]);
        c[2 * i + 1] = spread((uint32_t)(a[i] >> 32));
    }
    reduce(f, c, out);
}

/* The same formulas as in curves.py. */
static void point_double(const Curve *f, Point *p)
{
    Element z3, bz4, x3, inner;
    multiply(f, p->x, p->z, z3);
    square(f, z3, z3);
    square(f, p->z, bz4);
    square(f, bz4, bz4);
    multiply(f, bz4, f->b, bz4);
    square(f, p->x, x3);
    square(f, x3, x3);
    add_to(x3, bz4);
    square(f, p->y, inner);
    add_to(inner, bz4);
    if (f->a) add_to(inner, z3);
    multiply(f, x3, inner, inner);
    multiply(f, bz4, z3, p->y);
    add_to(p->y, inner);
    memcpy(p->x, x3, BYTES);
    memcpy(p->z, z3, BYTES);
}

static void point_add(const Curve *f, Point *p, const uint64_t *x2, const uint64_t *y2)
{
    Element s, t, c, z3, d, e, zz;
    if (is_zero(p->z)) {
        memcpy(p->x, x2, BYTES);
        memcpy(p->y, y2, BYTES);
        memset(p->z, 0, BYTES);
        p->z[0] = 1;
        return;
    }
    square(f, p->z, zz);
    multiply(f, y2, zz, s);
    add_to(s, p->y);
    multiply(f, x2, p->z, t);
    add_to(t, p->x);
    if (is_zero(t)) {
        if (is_zero(s))
            point_double(f, p);
        else
            memset(p->z, 0, BYTES);
        return;
    }
    multiply(f, t, p->z, c);
    square(f, c, z3);
    square(f, t, t);
    add_to(t, s);
    if (f->a) add_to(t, c);
    multiply(f, c, t, t);
    square(f, s, p->x);
    add_to(p->x, t);
    multiply(f, x2, z3, d);
    add_to(d, p->x);
    multiply(f, s, c, e);
    add_to(e, z3);
    multiply(f, d, e, p->y);
    memcpy(d, x2, BYTES);
    add_to(d, y2);
    square(f, z3, e);
    multiply(f, d, e, d);
    add_to(p->y, d);
    memcpy(p->z, z3, BYTES);
}

/* 3k, whose bits together with those of k give the non-adjacent form of k. */
static void triple(const uint64_t *k, uint64_t *out)
{
    unsigned carry = 0;
    for (int i = 0; i <= WORDS; i++) {
        uint64_t low = i < WORDS ? k[i] : 0;
        uint64_t twice = low << 1 | (i ? k[i - 1] >> 63 : 0);
        uint64_t total = low + twice;
        unsigned over = total < low;
        out[i] = total + carry;
        carry = over | (out[i] < total);
    }
}

static int naf_digit(const uint64_t *k, const uint64_t *k3, int i)
{
    int high = (int)(k3[i / 64] >> i % 64 & 1), low = i / 64 < WORDS ? (int)(k[i / 64] >> i % 64 & 1) : 0;
    return high - low;
}

/* numbers: b, s, r, px, py, qx, qy of BYTES bytes each, little endian */
static void combine(const Curve *f, uint64_t numbers[7][WORDS], Point *total)
{
    uint64_t *s = numbers[1], *r = numbers[2], s3[WORDS + 1], r3[WORDS + 1];
    Element minus_p, minus_q;
    triple(s, s3);
    triple(r, r3);
    memcpy(minus_p, numbers[3], BYTES);
    add_to(minus_p, numbers[4]);
    memcpy(minus_q, numbers[5], BYTES);
    add_to(minus_q, numbers[6]);
    memset(total, 0, sizeof *total);
    total->x[0] = 1;
    for (int i = f->m + 2; i > 0; i--) {
        int ds = naf_digit(s, s3, i), dr = naf_digit(r, r3, i);
        if (!is_zero(total->z)) point_double(f, total);
        if (ds) point_add(f, total, numbers[3], ds > 0 ? numbers[4] : minus_p);
        if (dr) point_add(f, total, numbers[5], dr > 0 ? numbers[6] : minus_q);
    }
}
