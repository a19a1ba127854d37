/* GOST 28147 with any S-box, GOST 34.311 over it, HMAC and PBKDF2; the same as gost28147.py and gost34311.py. */
#include <stdint.h>
#include <string.h>

#include "inline.h"

typedef struct {
    uint32_t t[4][256];
} Sbox;

static void sbox_init(Sbox *box, const uint8_t *packed)
{
    uint8_t row[8][16];
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 16; j++)
            row[i][j] = j % 2 ? packed[8 * i + j / 2] & 15 : packed[8 * i + j / 2] >> 4;
    for (int part = 0; part < 4; part++)
        for (int i = 0; i < 256; i++) {
            uint32_t v = (uint32_t)(row[2 * part][i & 15] | row[2 * part + 1][i >> 4] << 4) << (8 * part);
            box->t[part][i] = v << 11 | v >> 21;
        }
}

/* Four blocks under four keys at once: each waits for its tables, and meanwhile the processor does the others. */
static void encrypt(const Sbox *box, uint32_t keys[4][8], const uint64_t *blocks, uint64_t *out)
{
    uint32_t a[4], b[4];
    for (int j = 0; j < 4; j++) {
        a[j] = (uint32_t)blocks[j];
        b[j] = (uint32_t)(blocks[j] >> 32);
    }
    for (int i = 0; i < 32; i++)
        for (int j = 0; j < 4; j++) {
            uint32_t x = a[j] + keys[j][i < 24 ? i & 7 : 31 - i];
            x = b[j] ^ box->t[0][x & 255] ^ box->t[1][x >> 8 & 255] ^ box->t[2][x >> 16 & 255] ^ box->t[3][x >> 24];
            b[j] = a[j];
            a[j] = x;
        }
    for (int j = 0; j < 4; j++) out[j] = (uint64_t)a[j] << 32 | b[j];
}

/* A(y4|y3|y2|y1) = (y1 ^ y2)|y4|y3|y2 */
INLINE void mix_words(uint64_t *y)
{
    uint64_t first = y[0] ^ y[1];
    y[0] = y[1];
    y[1] = y[2];
    y[2] = y[3];
    y[3] = first;
}

/* Steps of the register psi over 16-bit words; the newest word waits in a register for the next step. */
INLINE void shuffle(void *y, int steps)
{
    uint16_t line[16 + 61], last;
    memcpy(line, y, 32);
    last = line[15];
    UNROLL
    for (int i = 0; i < steps; i++)
        line[i + 16] = last ^= line[i] ^ line[i + 1] ^ line[i + 2] ^ line[i + 3] ^ line[i + 12];
    memcpy(y, line + steps, 32);
}

/* Exchanges the parts of a that the mask, moved by `shift`, shows for those of b that it shows. */
INLINE void exchange(uint64_t *a, uint64_t *b, int shift, uint64_t mask)
{
    uint64_t t = (*a >> shift ^ *b) & mask;
    *b ^= t;
    *a ^= t << shift;
}

/* The permutation P: 4 by 8 bytes transposed, as two squares of 4 by 4 that stand side by side in the words. */
INLINE void transpose(uint64_t *w, uint32_t *key)
{
    exchange(&w[0], &w[2], 16, 0x0000FFFF0000FFFFu);
    exchange(&w[1], &w[3], 16, 0x0000FFFF0000FFFFu);
    exchange(&w[0], &w[1], 8, 0x00FF00FF00FF00FFu);
    exchange(&w[2], &w[3], 8, 0x00FF00FF00FF00FFu);
    for (int j = 0; j < 4; j++) {
        key[j] = (uint32_t)w[j];
        key[j + 4] = (uint32_t)(w[j] >> 32);
    }
}

/* The four keys of a step (GOST 34.311-95, 5.1). */
static void gost_keys(const uint64_t *h, const uint64_t *m, uint32_t keys[4][8])
{
    static const uint64_t c3[4] = {0xFF00FF00FF00FF00u, 0x00FF00FF00FF00FFu, 0xFF0000FF00FFFF00u, 0xFF00FFFF000000FFu};
    uint64_t u[4], v[4], w[4];
    memcpy(u, h, 32);
    memcpy(v, m, 32);
    for (int i = 0; i < 4; i++) {
        if (i) {
            mix_words(u);
            if (i == 2)
                for (int j = 0; j < 4; j++) u[j] ^= c3[j];
            mix_words(v);
            mix_words(v);
        }
        for (int j = 0; j < 4; j++) w[j] = u[j] ^ v[j];
        transpose(w, keys[i]);
    }
}

static void gost_step(const Sbox *box, uint64_t *h, const uint64_t *m)
{
    uint32_t keys[4][8];
    uint64_t w[4];
    gost_keys(h, m, keys);
    encrypt(box, keys, h, w);
    shuffle(w, 12);
    for (int j = 0; j < 4; j++) w[j] ^= m[j];
    shuffle(w, 1);
    for (int j = 0; j < 4; j++) w[j] ^= h[j];
    shuffle(w, 61);
    memcpy(h, w, 32);
}

typedef struct {
    uint64_t h[4], sum[4], bits;
} Gost;

static void gost_block(const Sbox *box, Gost *g, const uint8_t *data, size_t size)
{
    uint64_t m[4] = {0, 0, 0, 0};
    unsigned carry = 0;
    memcpy(m, data, size);
    for (int i = 0; i < 4; i++) {
        uint64_t total = g->sum[i] + m[i];
        unsigned over = total < m[i];
        g->sum[i] = total + carry;
        carry = over | (g->sum[i] < total);
    }
    g->bits += 8 * (uint64_t)size;
    gost_step(box, g->h, m);
}

static void gost_finish(const Sbox *box, const Gost *start, const uint8_t *data, size_t size, uint8_t *out)
{
    Gost g = *start;
    for (; size; ) {
        size_t part = size < 32 ? size : 32;
        gost_block(box, &g, data, part);
        data += part;
        size -= part;
    }
    uint64_t length[4] = {g.bits, 0, 0, 0};
    gost_step(box, g.h, length);
    gost_step(box, g.h, g.sum);
    memcpy(out, g.h, 32);
}

static void hmac(const Sbox *box, const Gost *pads, const uint8_t *data, size_t size, uint8_t *out)
{
    uint8_t inner[32];
    gost_finish(box, &pads[0], data, size, inner);
    gost_finish(box, &pads[1], inner, 32, out);
}

static void pbkdf2(const uint8_t *key, const uint8_t *salt, size_t size, unsigned long rounds, const uint8_t *packed, uint8_t *total)
{
    Sbox box;
    Gost pads[2];
    uint8_t block[32], first[68];
    memset(pads, 0, sizeof pads);
    sbox_init(&box, packed);
    for (int i = 0; i < 2; i++) {
        for (int j = 0; j < 32; j++) block[j] = key[j] ^ (i ? 0x5C : 0x36);
        gost_block(&box, &pads[i], block, 32);
    }
    memcpy(first, salt, size);
    memcpy(first + size, "\0\0\0\1", 4);
    hmac(&box, pads, first, size + 4, block);
    memcpy(total, block, 32);
    for (unsigned long n = 1; n < rounds; n++) {
        hmac(&box, pads, block, 32, block);
        for (int j = 0; j < 32; j++) total[j] ^= block[j];
    }
}
