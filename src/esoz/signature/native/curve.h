/* Points of y^2 + xy = x^3 + ax^2 + b over GF(2^m) and sums of their multiples; the same as curves.py.
 *
 * All this is for public numbers: the work depends on them. Secret ones go through the ladder of dstu4145.h.
 */
#include "field.h"

enum { BASE_WIDTH = 8, KEY_WIDTH = 5, DIGITS = 64 * WORDS + BASE_WIDTH + 1 };

typedef struct {
    Element x, y;
} Affine;

/* Lopez-Dahab coordinates: x = X/Z, y = Y/Z^2; Z = 0 is the point at infinity. */
typedef struct {
    Element x, y, z;
} Point;

/* P, 3P, 5P ... of a public key */
typedef Affine Window[1 << (KEY_WIDTH - 2)];

typedef struct {
    Field field;
    int a, order_bits;
    Element b, order;
    Affine base[1 << (BASE_WIDTH - 2)];
} Curve;

static int contains(const Curve *c, const Affine *p)
{
    const Field *f = &c->field;
    Element left, right, xy;
    square(f, p->y, left);
    multiply(f, p->x, p->y, xy);
    add_to(left, xy);
    memcpy(right, p->x, BYTES);
    right[0] ^= (uint64_t)c->a;
    square(f, p->x, xy);
    multiply(f, right, xy, right);
    add_to(right, c->b);
    add_to(left, right);
    return is_zero(left);
}

static void point_double(const Curve *c, Point *p)
{
    const Field *f = &c->field;
    Element z3, bz4, x3, inner;
    multiply(f, p->x, p->z, z3);
    square(f, z3, z3);
    square(f, p->z, bz4);
    square(f, bz4, bz4);
    multiply(f, bz4, c->b, bz4);
    square(f, p->x, x3);
    square(f, x3, x3);
    add_to(x3, bz4);
    square(f, p->y, inner);
    add_to(inner, bz4);
    if (c->a) add_to(inner, z3);
    multiply(f, x3, inner, inner);
    multiply(f, bz4, z3, p->y);
    add_to(p->y, inner);
    memcpy(p->x, x3, BYTES);
    memcpy(p->z, z3, BYTES);
}

static void point_add(const Curve *c, Point *p, const uint64_t *x2, const uint64_t *y2)
{
    const Field *f = &c->field;
    Element s, t, v, z3, d, e;
    if (is_zero(p->z)) {
        memcpy(p->x, x2, BYTES);
        memcpy(p->y, y2, BYTES);
        memset(p->z, 0, BYTES);
        p->z[0] = 1;
        return;
    }
    square(f, p->z, e);
    multiply(f, y2, e, s);
    add_to(s, p->y);
    multiply(f, x2, p->z, t);
    add_to(t, p->x);
    if (is_zero(t)) {
        if (is_zero(s))
            point_double(c, p);
        else
            memset(p->z, 0, BYTES);
        return;
    }
    multiply(f, t, p->z, v);
    square(f, v, z3);
    square(f, t, t);
    add_to(t, s);
    if (c->a) add_to(t, v);
    multiply(f, v, t, t);
    square(f, s, p->x);
    add_to(p->x, t);
    multiply(f, x2, z3, d);
    add_to(d, p->x);
    multiply(f, s, v, e);
    add_to(e, z3);
    multiply(f, d, e, p->y);
    memcpy(d, x2, BYTES);
    add_to(d, y2);
    square(f, z3, e);
    multiply(f, d, e, d);
    add_to(p->y, d);
    memcpy(p->z, z3, BYTES);
}

/* Affine coordinates of `size` points for one inversion. */
static void to_affine(const Field *f, const Point *points, int size, Affine *out)
{
    Element product = {1}, inverse, one;
    for (int i = 0; i < size; i++) {
        memcpy(out[i].x, product, BYTES);
        multiply(f, product, points[i].z, product);
    }
    invert(f, product, inverse);
    for (int i = size - 1; i >= 0; i--) {
        multiply(f, inverse, out[i].x, one);
        multiply(f, inverse, points[i].z, inverse);
        multiply(f, points[i].x, one, out[i].x);
        square(f, one, one);
        multiply(f, points[i].y, one, out[i].y);
    }
}

/* out: `size` odd multiples of p, p itself the first */
static void odd_multiples(const Curve *c, const Affine *p, int size, Affine *out)
{
    Point points[1 << (BASE_WIDTH - 2)], twice;
    Affine step;
    memset(&twice, 0, sizeof twice);
    point_add(c, &twice, p->x, p->y);
    points[0] = twice;
    point_double(c, &twice);
    to_affine(&c->field, &twice, 1, &step);
    for (int i = 1; i < size; i++) {
        points[i] = points[i - 1];
        point_add(c, &points[i], step.x, step.y);
    }
    to_affine(&c->field, points, size, out);
}

/* Digits of k, lowest first: zero or odd and below 2^(width - 1); answers how many there are. */
static int wnaf(const uint64_t *k, int width, int8_t *digits)
{
    int carry = 0, length = 0, i = 0;
    memset(digits, 0, DIGITS);
    while (i <= 64 * WORDS) {
        int word = i / 64, shift = i % 64;
        uint64_t bits = word < WORDS ? k[word] >> shift : 0;
        if (shift && word + 1 < WORDS) bits |= k[word + 1] << (64 - shift);
        if ((int)(bits & 1) == carry) {
            i++;
            continue;
        }
        int digit = (int)(bits & ((1u << width) - 1)) + carry;
        carry = digit >> (width - 1);
        digits[i] = (int8_t)(digit - (carry << width));
        length = i + 1;
        i += width;
    }
    return length;
}

static void add_digit(const Curve *c, Point *total, const Affine *multiples, int digit)
{
    Element minus_y;
    const Affine *p = &multiples[(digit < 0 ? -digit : digit) / 2];
    if (!digit) return;
    memcpy(minus_y, p->y, BYTES);
    if (digit < 0) add_to(minus_y, p->x);
    point_add(c, total, p->x, minus_y);
}

/* s*base + r*Q in one chain of doublings */
static void combine(const Curve *c, const uint64_t *s, const uint64_t *r, const Affine *key, Point *total)
{
    int8_t digits_s[DIGITS], digits_r[DIGITS];
    int length_s = wnaf(s, BASE_WIDTH, digits_s), length_r = wnaf(r, KEY_WIDTH, digits_r);
    memset(total, 0, sizeof *total);
    for (int i = (length_s > length_r ? length_s : length_r) - 1; i >= 0; i--) {
        if (!is_zero(total->z)) point_double(c, total);
        add_digit(c, total, c->base, digits_s[i]);
        add_digit(c, total, key, digits_r[i]);
    }
}
