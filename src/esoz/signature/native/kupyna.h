/* DSTU 7564:2014 "Kupyna"; the tables come from kupyna.py. */
#include <stdint.h>
#include <string.h>

#include "inline.h"

typedef uint64_t KupynaTables[8][256];

/* Inlined with a constant number of columns, so that every loop over them is unrolled. */
INLINE void kupyna_mix(const KupynaTables *t, uint64_t *state, int columns)
{
    uint64_t next[16];
    UNROLL
    for (int c = 0; c < columns; c++) {
        uint64_t sum = 0;
        UNROLL
        for (int row = 0; row < 8; row++) {
            int shift = row == 7 && columns == 16 ? 11 : row;
            sum ^= (*t)[row][state[(c - shift + columns) % columns] >> 8 * row & 255];
        }
        next[c] = sum;
    }
    UNROLL
    for (int c = 0; c < columns; c++) state[c] = next[c];
}

INLINE void kupyna_xor(const KupynaTables *t, uint64_t *state, int columns)
{
    for (int n = 0; n < (columns == 8 ? 10 : 14); n++) {
        UNROLL
        for (int c = 0; c < columns; c++) state[c] ^= (uint64_t)(c << 4 ^ n);
        kupyna_mix(t, state, columns);
    }
}

INLINE void kupyna_add(const KupynaTables *t, uint64_t *state, int columns)
{
    for (int n = 0; n < (columns == 8 ? 10 : 14); n++) {
        UNROLL
        for (int c = 0; c < columns; c++)
            state[c] += 0x00F0F0F0F0F0F0F3u + ((uint64_t)((columns - 1 - c) << 4 ^ n) << 56);
        kupyna_mix(t, state, columns);
    }
}

INLINE void kupyna_block(const KupynaTables *t, uint64_t *h, const uint8_t *data, int columns)
{
    uint64_t p[16], q[16];
    memcpy(q, data, 8 * (size_t)columns);
    for (int c = 0; c < columns; c++) p[c] = h[c] ^ q[c];
    kupyna_xor(t, p, columns);
    kupyna_add(t, q, columns);
    for (int c = 0; c < columns; c++) h[c] ^= p[c] ^ q[c];
}

INLINE void kupyna_with(const KupynaTables *t, const uint8_t *data, size_t size, int columns, uint64_t *h)
{
    size_t width = 8 * (size_t)columns, tail;
    uint8_t last[256] = {0};
    uint64_t bits = 8 * (uint64_t)size, p[16];
    memset(h, 0, width);
    h[0] = width;
    for (; size >= width; size -= width, data += width) kupyna_block(t, h, data, columns);
    if (size) memcpy(last, data, size);
    last[size] = 0x80;
    tail = size + 13 <= width ? width : 2 * width;
    memcpy(last + tail - 12, &bits, 8);
    for (size_t i = 0; i < tail; i += width) kupyna_block(t, h, last + i, columns);
    memcpy(p, h, width);
    kupyna_xor(t, p, columns);
    for (int c = 0; c < columns; c++) h[c] ^= p[c];
}

/* h: the whole last state, 8 or 16 words */
static void kupyna(const KupynaTables *t, const uint8_t *data, size_t size, int columns, uint64_t *h)
{
    if (columns == 8)
        kupyna_with(t, data, size, 8, h);
    else
        kupyna_with(t, data, size, 16, h);
}
