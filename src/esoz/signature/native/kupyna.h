/* DSTU 7564:2014 "Kupyna"; the tables come from kupyna.py. */
#include <stdint.h>
#include <string.h>

typedef uint64_t KupynaTables[8][256];

static void kupyna_mix(KupynaTables *t, uint64_t *state, int columns)
{
    uint64_t next[16];
    const uint8_t *bytes = (const uint8_t *)state;
    for (int c = 0; c < columns; c++) {
        next[c] = 0;
        for (int row = 0; row < 8; row++) {
            int shift = row == 7 && columns == 16 ? 11 : row;
            next[c] ^= (*t)[row][bytes[8 * ((c - shift + columns) % columns) + row]];
        }
    }
    memcpy(state, next, 8 * (size_t)columns);
}

static void kupyna_xor(KupynaTables *t, uint64_t *state, int columns)
{
    for (int n = 0; n < (columns == 8 ? 10 : 14); n++) {
        for (int c = 0; c < columns; c++) state[c] ^= (uint64_t)(c << 4 ^ n);
        kupyna_mix(t, state, columns);
    }
}

static void kupyna_add(KupynaTables *t, uint64_t *state, int columns)
{
    for (int n = 0; n < (columns == 8 ? 10 : 14); n++) {
        for (int c = 0; c < columns; c++)
            state[c] += 0x00F0F0F0F0F0F0F3u + ((uint64_t)((columns - 1 - c) << 4 ^ n) << 56);
        kupyna_mix(t, state, columns);
    }
}

static void kupyna_block(KupynaTables *t, uint64_t *h, const uint8_t *data, int columns)
{
    uint64_t p[16], q[16];
    memcpy(q, data, 8 * (size_t)columns);
    for (int c = 0; c < columns; c++) p[c] = h[c] ^ q[c];
    kupyna_xor(t, p, columns);
    kupyna_add(t, q, columns);
    for (int c = 0; c < columns; c++) h[c] ^= p[c] ^ q[c];
}

static void kupyna(KupynaTables *t, const uint8_t *data, size_t size, int columns, uint64_t *h)
{
    size_t width = 8 * (size_t)columns, tail;
    uint8_t last[256] = {0};
    uint64_t bits = 8 * (uint64_t)size, p[16];
    memset(h, 0, width);
    h[0] = width;
    for (; size >= width; size -= width, data += width) kupyna_block(t, h, data, columns);
    memcpy(last, data, size);
    last[size] = 0x80;
    tail = size + 13 <= width ? width : 2 * width;
    memcpy(last + tail - 12, &bits, 8);
    for (size_t i = 0; i < tail; i += width) kupyna_block(t, h, last + i, columns);
    memcpy(p, h, width);
    kupyna_xor(t, p, columns);
    for (int c = 0; c < columns; c++) h[c] ^= p[c];
}
