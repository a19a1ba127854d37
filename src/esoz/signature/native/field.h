/* The field GF(2^m) in polynomial basis; the same as gf2m.py. Running times do not depend on the elements. */
#include <stdint.h>
#include <string.h>

#include "inline.h"

enum { WORDS = 7, BYTES = 8 * WORDS };

/* Bit i is the coefficient of x^i; words above the field's own are zero. */
typedef uint64_t Element[WORDS];

typedef struct Field Field;
typedef void Multiply(const Field *f, const uint64_t *a, const uint64_t *b, uint64_t *out);
typedef void Square(const Field *f, const uint64_t *a, uint64_t *out);

/* Modulo x^m + x^k[0] + ... + 1 with 1 or 3 middle terms, all of them below 64; n words hold an element. */
struct Field {
    int m, n, count, k[3];
    Multiply *multiply;
    Square *square;
};

typedef struct {
    int n, count;
    Multiply *multiply;
    Square *square;
} Shape;

/* Words and middle terms of the fields of DSTU 4145-2002: 167 191, 163 173 179, 233, 257, 307, 367, 431. */
#define SHAPES(make) make(3, 1) make(3, 3) make(4, 3) make(5, 1) make(5, 3) make(6, 1) make(7, 3)

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

/* What stands above x^m is folded down twice; the second time it fits in a word, because m is above 128. */
INLINE void reduce(const Field *f, int n, int count, const uint64_t *c, uint64_t *out)
{
    int shift = f->m % 64;
    uint64_t sum[WORDS + 1], high = 0, last = 0, mask = ((uint64_t)1 << shift) - 1;
    UNROLL
    for (int i = 0; i < n; i++) {
        high = c[n - 1 + i] >> shift | c[n + i] << (64 - shift);
        sum[i] = (i < n - 1 ? c[i] : c[i] & mask) ^ high;
        UNROLL
        for (int j = 0; j < count; j++) sum[i] ^= high << f->k[j] | last >> (64 - f->k[j]);
        last = high;
    }
    sum[n] = 0;
    UNROLL
    for (int j = 0; j < count; j++) sum[n] ^= last >> (64 - f->k[j]);
    high = sum[n - 1] >> shift | sum[n] << (64 - shift);
    sum[n - 1] &= mask;
    sum[0] ^= high;
    UNROLL
    for (int j = 0; j < count; j++) {
        sum[0] ^= high << f->k[j];
        sum[1] ^= high >> (64 - f->k[j]);
    }
    UNROLL
    for (int i = 0; i < WORDS; i++) out[i] = i < n ? sum[i] : 0;
}

/* Bits moved apart: bit i to bit 2i. */
INLINE uint64_t spread(uint64_t x)
{
    x = (x | x << 16) & 0x0000FFFF0000FFFFu;
    x = (x | x << 8) & 0x00FF00FF00FF00FFu;
    x = (x | x << 4) & 0x0F0F0F0F0F0F0F0Fu;
    x = (x | x << 2) & 0x3333333333333333u;
    return (x | x << 1) & 0x5555555555555555u;
}

typedef unsigned __int128 Wide;

INLINE Wide square_word(uint64_t a)
{
    return (Wide)spread(a >> 32) << 64 | spread(a & 0xFFFFFFFFu);
}

/* The carry-less product by integer products of every fifth bit: at most 13 ones meet in a place, and the four bits
 * above it are free for the carries. Without tables, whose traces in the cache would tell about a secret. */
INLINE Wide times_word(uint64_t a, uint64_t b)
{
    const uint64_t every = 0x1084210842108421u;
    const Wide places = (Wide)(every << 1) << 64 | every;
    Wide result = 0;
    UNROLL
    for (int k = 0; k < 5; k++) {
        Wide sum = 0;
        UNROLL
        for (int i = 0; i < 5; i++) sum ^= (Wide)(a & every << i) * (b & every << (k + 5 - i) % 5);
        result ^= sum & places << k;
    }
    return result;
}

#define NAMED(name) portable_##name
#define WIDE Wide
#define TIMES(a, b) times_word(a, b)
#define SQUARE(a) square_word(a)
#define TARGET
#include "product.h"

#if defined(__x86_64__)
#include <wmmintrin.h>
#define NAMED(name) carryless_##name
#define WIDE __m128i
#define TIMES(a, b) _mm_clmulepi64_si128(_mm_cvtsi64_si128((long long)(a)), _mm_cvtsi64_si128((long long)(b)), 0)
#define SQUARE(a) TIMES(a, a)
#define TARGET __attribute__((target("pclmul")))
#include "product.h"

static int has_carryless(void)
{
    return __builtin_cpu_supports("pclmul") != 0;
}
#else
#define carryless_shapes portable_shapes
static int has_carryless(void)
{
    return 0;
}
#endif

/* Chooses the functions; 0 when no field of this kind is known. m and k must be set. */
static int field_init(Field *f, int portable)
{
    const Shape *shapes = portable || !has_carryless() ? portable_shapes : carryless_shapes;
    f->n = f->m / 64 + 1;
    if (f->m < 129 || f->m % 64 == 0) return 0;
    for (int j = 0; j < f->count; j++)
        if (f->k[j] < 1 || f->k[j] > 31) return 0;
    for (size_t i = 0; i < sizeof portable_shapes / sizeof *portable_shapes; i++)
        if (shapes[i].n == f->n && shapes[i].count == f->count) {
            f->multiply = shapes[i].multiply;
            f->square = shapes[i].square;
            return 1;
        }
    return 0;
}

static void multiply(const Field *f, const uint64_t *a, const uint64_t *b, uint64_t *out)
{
    f->multiply(f, a, b, out);
}

static void square(const Field *f, const uint64_t *a, uint64_t *out)
{
    f->square(f, a, out);
}

/* 1/a = a^(2^m - 2), by Itoh and Tsujii: power is a^(2^k - 1) for a growing k. 1/0 is 0. */
static void invert(const Field *f, const uint64_t *a, uint64_t *out)
{
    Element power, moved;
    int k = 1, top = 30;
    memcpy(power, a, BYTES);
    while (!((f->m - 1) >> top)) top--;
    for (int bit = top - 1; bit >= 0; bit--) {
        memcpy(moved, power, BYTES);
        for (int i = 0; i < k; i++) square(f, moved, moved);
        multiply(f, moved, power, power);
        k *= 2;
        if ((f->m - 1) >> bit & 1) {
            square(f, power, power);
            multiply(f, power, a, power);
            k++;
        }
    }
    square(f, power, out);
}

static int trace(const Field *f, const uint64_t *a)
{
    Element power, sum;
    memcpy(power, a, BYTES);
    memcpy(sum, a, BYTES);
    for (int i = 1; i < f->m; i++) {
        square(f, power, power);
        add_to(sum, power);
    }
    return (int)(sum[0] & 1);
}

/* z with z^2 + z = a when the trace of a is 0; m is odd */
static void half_trace(const Field *f, const uint64_t *a, uint64_t *z)
{
    Element power;
    memcpy(power, a, BYTES);
    memcpy(z, a, BYTES);
    for (int i = 0; i < f->m / 2; i++) {
        square(f, power, power);
        square(f, power, power);
        add_to(z, power);
    }
}
