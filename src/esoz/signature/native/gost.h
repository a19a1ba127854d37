/* GOST 28147 with any S-box, GOST 34.311 over it, HMAC and PBKDF2; the same as gost28147.py and gost34311.py. */
#include <stdint.h>
#include <string.h>

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

static uint64_t encrypt(const Sbox *box, const uint32_t *key, uint64_t block)
{
    uint32_t a = (uint32_t)block, b = (uint32_t)(block >> 32), x;
    for (int i = 0; i < 32; i++) {
        x = a + key[i < 24 ? i & 7 : 31 - i];
        x = b ^ box->t[0][x & 255] ^ box->t[1][x >> 8 & 255] ^ box->t[2][x >> 16 & 255] ^ box->t[3][x >> 24];
        b = a;
        a = x;
    }
    return (uint64_t)a << 32 | b;
}

static void mix_words(uint64_t *y)
{
    uint64_t first = y[0] ^ y[1];
    y[0] = y[1];
    y[1] = y[2];
    y[2] = y[3];
    y[3] = first;
}

static void shuffle(void *y, int steps)
{
    uint16_t line[16 + 61];
    memcpy(line, y, 32);
    for (int i = 0; i < steps; i++)
        line[i + 16] = line[i] ^ line[i + 1] ^ line[i + 2] ^ line[i + 3] ^ line[i + 12] ^ line[i + 15];
    memcpy(y, line + steps, 32);
}

static void gost_step(const Sbox *box, uint64_t *h, const uint64_t *m)
{
    static const uint64_t c3[4] = {0xFF00FF00FF00FF00u, 0x00FF00FF00FF00FFu, 0xFF0000FF00FFFF00u, 0xFF00FFFF000000FFu};
    uint64_t u[4], v[4], s[4], w[4];
    memcpy(u, h, 32);
    memcpy(v, m, 32);
    for (int i = 0; i < 4; i++) {
        uint8_t mixed[32], key[32];
        uint32_t words[8];
        if (i) {
            mix_words(u);
            if (i == 2)
                for (int j = 0; j < 4; j++) u[j] ^= c3[j];
            mix_words(v);
            mix_words(v);
        }
        for (int j = 0; j < 4; j++) w[j] = u[j] ^ v[j];
        memcpy(mixed, w, 32);
        for (int j = 0; j < 32; j++) key[j] = mixed[8 * (j % 4) + j / 4];
        memcpy(words, key, 32);
        s[i] = encrypt(box, words, h[i]);
    }
    memcpy(w, s, 32);
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
