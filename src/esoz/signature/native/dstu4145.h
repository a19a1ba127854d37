/* DSTU 4145-2002 over a ready digest: verification and signing; the same as dstu4145.py.
 *
 * `ladder`, `base_times`, `multiply_add` and `sign` take secrets. They do the same work in the same order whatever
 * the secret is: no branch on it, no table indexed by it, only masks.
 */
#include "curve.h"

/* a - b over all words; answers the borrow */
static uint64_t subtract(const uint64_t *a, const uint64_t *b, uint64_t *out)
{
    uint64_t borrow = 0;
    for (int i = 0; i < WORDS; i++) {
        uint64_t first = a[i] - b[i], less = a[i] < b[i];
        out[i] = first - borrow;
        borrow = less | (first < borrow);
    }
    return borrow;
}

/* a += b; the sum fits */
static void increase(uint64_t *a, const uint64_t *b, uint64_t mask)
{
    uint64_t carry = 0;
    for (int i = 0; i < WORDS; i++) {
        uint64_t value = b[i] & mask, sum = a[i] + value;
        uint64_t over = sum < value;
        a[i] = sum + carry;
        carry = over | (a[i] < sum);
    }
}

/* out = mask ? b : out */
static void choose(uint64_t *out, const uint64_t *b, uint64_t mask)
{
    for (int i = 0; i < WORDS; i++) out[i] ^= (out[i] ^ b[i]) & mask;
}

/* a mod n for a < 2n */
static void once_modulo(const Curve *c, uint64_t *a)
{
    Element less;
    uint64_t borrow = subtract(a, c->order, less);
    choose(a, less, borrow - 1);
}

/* e + d*r modulo the order, digit by digit of the public r */
static void multiply_add(const Curve *c, const uint64_t *e, const uint64_t *d, const uint64_t *r, uint64_t *out)
{
    memset(out, 0, BYTES);
    for (int i = c->order_bits - 1; i >= 0; i--) {
        increase(out, out, ~(uint64_t)0);
        once_modulo(c, out);
        increase(out, d, -(r[i / 64] >> i % 64 & 1));
        once_modulo(c, out);
    }
    increase(out, e, ~(uint64_t)0);
    once_modulo(c, out);
}

/* Whether 0 < k < n. */
static int in_range(const Curve *c, const uint64_t *k)
{
    Element unused;
    return !is_zero(k) && subtract(k, c->order, unused);
}

/* The low bits of a field element, one fewer than the order has (DSTU 4145-2002, 5.8). */
static void shorten(const Curve *c, uint64_t *element)
{
    int word = (c->order_bits - 1) / 64;
    element[word] &= ((uint64_t)1 << (c->order_bits - 1) % 64) - 1;
    for (int i = word + 1; i < WORDS; i++) element[i] = 0;
}

/* DSTU 4145-2002, 13: whether r is the low bits of h * x(s*base + r*Q) */
static int verify(const Curve *c, const Affine *key, const uint64_t *h, const uint64_t *r, const uint64_t *s)
{
    const Field *f = &c->field;
    Point total;
    Element x;
    if (!in_range(c, r) || !in_range(c, s)) return 0;
    combine(c, s, r, key, &total);
    if (is_zero(total.z)) return 0;
    invert(f, total.z, x);
    multiply(f, x, total.x, x);
    multiply(f, x, h, x);
    shorten(c, x);
    add_to(x, r);
    return is_zero(x);
}

/* k + n or k + 2n, whichever has one bit more than n: scalars of one length for the ladder */
static void lengthen(const Curve *c, const uint64_t *k, uint64_t *out)
{
    Element longer;
    memcpy(out, k, BYTES);
    increase(out, c->order, ~(uint64_t)0);
    memcpy(longer, out, BYTES);
    increase(longer, c->order, ~(uint64_t)0);
    choose(out, longer, (out[c->order_bits / 64] >> c->order_bits % 64 & 1) - 1);
}

typedef struct {
    Element x1, z1, x2, z2;
} Pair;

static void swap(uint64_t *a, uint64_t *b, uint64_t mask)
{
    for (int i = 0; i < WORDS; i++) {
        uint64_t both = (a[i] ^ b[i]) & mask;
        a[i] ^= both;
        b[i] ^= both;
    }
}

/* One step of the ladder: (P1, P2) with P2 - P1 = P become (2P1, P1 + P2). */
static void ladder_step(const Curve *c, Pair *p)
{
    const Field *f = &c->field;
    Element t, u;
    multiply(f, p->x1, p->z2, t);
    multiply(f, p->x2, p->z1, u);
    multiply(f, t, u, p->x2);
    add_to(t, u);
    square(f, t, p->z2);
    multiply(f, c->base[0].x, p->z2, t);
    add_to(p->x2, t);
    square(f, p->x1, t);
    square(f, p->z1, u);
    multiply(f, t, u, p->z1);
    square(f, t, p->x1);
    square(f, u, u);
    multiply(f, c->b, u, u);
    add_to(p->x1, u);
}

/* x and z of k*base and of (k + 1)*base for 0 < k < n (Lopez and Dahab, CHES 1999).
 *
 * `blind` is two random elements, not zero: the coordinates start multiplied by them, so that the same scalar never
 * runs through the same values. */
static void ladder(const Curve *c, const uint64_t *k, const Element *blind, Pair *p)
{
    const Field *f = &c->field;
    const uint64_t *x = c->base[0].x;
    Element scalar, t;
    uint64_t before = 0;
    lengthen(c, k, scalar);
    memcpy(p->z1, blind[0], BYTES);
    multiply(f, x, blind[0], p->x1);
    square(f, x, t);
    multiply(f, t, blind[1], p->z2);
    square(f, t, t);
    add_to(t, c->b);
    multiply(f, t, blind[1], p->x2);
    for (int i = c->order_bits - 1; i >= 0; i--) {
        uint64_t bit = -(scalar[i / 64] >> i % 64 & 1);
        swap(p->x1, p->x2, bit ^ before);
        swap(p->z1, p->z2, bit ^ before);
        ladder_step(c, p);
        before = bit;
    }
    swap(p->x1, p->x2, before);
    swap(p->z1, p->z2, before);
}

/* k*base with both coordinates, from what the ladder leaves */
static void base_times(const Curve *c, const uint64_t *k, const Element *blind, Affine *out)
{
    const Field *f = &c->field;
    const Affine *base = &c->base[0];
    Pair p;
    Element t, u, v;
    ladder(c, k, blind, &p);
    if (is_zero(p.z2)) {
        /* Only for k = n - 1, which is no secret worth keeping: the point is -P. */
        *out = *base;
        add_to(out->y, base->x);
        return;
    }
    multiply(f, p.z1, p.z2, t);
    multiply(f, base->x, p.z1, u);
    add_to(u, p.x1);
    multiply(f, base->x, p.z2, v);
    add_to(v, p.x2);
    multiply(f, u, v, u);
    square(f, base->x, v);
    add_to(v, base->y);
    multiply(f, v, t, v);
    add_to(u, v);
    multiply(f, t, base->x, t);
    invert(f, t, t);
    multiply(f, u, t, u);
    multiply(f, t, base->x, t);
    multiply(f, t, p.z2, t);
    multiply(f, t, p.x1, out->x);
    memcpy(t, out->x, BYTES);
    add_to(t, base->x);
    multiply(f, t, u, out->y);
    add_to(out->y, base->y);
}

/* DSTU 4145-2002, 12, with the one-time number e; 0 when another e must be taken */
static int sign(const Curve *c, const uint64_t *d, const uint64_t *e, const uint64_t *h, const Element *blind,
                Affine *r_and_s)
{
    const Field *f = &c->field;
    uint64_t *r = r_and_s->x, *s = r_and_s->y;
    Pair p;
    ladder(c, e, blind, &p);
    invert(f, p.z1, r);
    multiply(f, p.x1, r, r);
    multiply(f, h, r, r);
    shorten(c, r);
    multiply_add(c, e, d, r, s);
    return !is_zero(r) && !is_zero(s);
}

/* Whether a point with slope z = y/x is of order n, when the trace of x is a: twice another point. With a = 1 that is
 * all, there are 2n points; with a = 0 there are 4n, and its half must be twice another point, too. */
static int has_order(const Curve *c, const uint64_t *x, const uint64_t *z)
{
    const Field *f = &c->field;
    Element t;
    if (c->a) return 1;
    half_trace(f, x, t);
    add_to(t, z);
    multiply(f, x, t, t);
    return !trace(f, t);
}

/* The point of order n with a compressed form (DSTU 4145-2002, 6.10); 0 when there is none */
static int expand(const Curve *c, const uint64_t *packed, Affine *p)
{
    const Field *f = &c->field;
    Element w, z;
    int bit = (int)(packed[0] & 1);
    memcpy(p->x, packed, BYTES);
    p->x[0] ^= (uint64_t)bit;
    p->x[0] ^= (uint64_t)(trace(f, p->x) != c->a);
    if (is_zero(p->x)) return 0;
    invert(f, p->x, w);
    square(f, w, w);
    multiply(f, c->b, w, w);
    add_to(w, p->x);
    w[0] ^= (uint64_t)c->a;
    half_trace(f, w, z);
    z[0] ^= (uint64_t)(trace(f, z) != bit);
    multiply(f, p->x, z, p->y);
    return contains(c, p) && has_order(c, p->x, z);
}
