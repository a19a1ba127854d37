/* Runs the signing of dstu4145.h and prints a digest of every basic block it enters and every address it touches.
 *
 * Compiled with -fsanitize-coverage=trace-pc (a call at every basic block) and -fsanitize=thread (a call at every
 * access of memory), whose functions stand here instead of in a library. Arguments: m a portable k...
 * Standard input: numbers of BYTES bytes: b, order, x, y of a curve, then d and e in pairs.
 */
#include <stdio.h>
#include <stdlib.h>

#include "dstu4145.h"

#define QUIET __attribute__((no_sanitize_thread, no_sanitize_coverage))

static uint64_t trace_digest, trace_length;

QUIET static void note(uint64_t kind, uint64_t value)
{
    trace_digest = (trace_digest ^ (value + kind)) * 0x9E3779B97F4A7C15u;
    trace_digest ^= trace_digest >> 29;
    trace_length++;
}

QUIET void __sanitizer_cov_trace_pc(void);
QUIET void __sanitizer_cov_trace_pc(void)
{
    note(1, (uint64_t)__builtin_return_address(0));
}

#define ACCESS(name)                                    \
    QUIET void __tsan_##name(void *address);            \
    QUIET void __tsan_##name(void *address)             \
    {                                                   \
        note(2, (uint64_t)address);                     \
    }
ACCESS(read1) ACCESS(read2) ACCESS(read4) ACCESS(read8) ACCESS(read16)
ACCESS(write1) ACCESS(write2) ACCESS(write4) ACCESS(write8) ACCESS(write16)
ACCESS(unaligned_read2) ACCESS(unaligned_read4) ACCESS(unaligned_read8) ACCESS(unaligned_read16)
ACCESS(unaligned_write2) ACCESS(unaligned_write4) ACCESS(unaligned_write8) ACCESS(unaligned_write16)
ACCESS(func_entry)

#define RANGE(name)                                             \
    QUIET void __tsan_##name(void *address, size_t size);       \
    QUIET void __tsan_##name(void *address, size_t size)        \
    {                                                           \
        note(3, (uint64_t)address);                             \
        note(4, size);                                          \
    }
RANGE(read_range) RANGE(write_range)

QUIET void __tsan_func_exit(void);
QUIET void __tsan_func_exit(void) {}
QUIET void __tsan_init(void);
QUIET void __tsan_init(void) {}

static int read_number(uint64_t *number)
{
    return fread(number, BYTES, 1, stdin) == 1;
}

static void print_trace(const char *what)
{
    printf("%s %llu %016llx\n", what, (unsigned long long)trace_length, (unsigned long long)trace_digest);
}

static void start_trace(void)
{
    trace_digest = trace_length = 0;
}

int main(int count, char **arguments)
{
    static Curve c;
    static Element d, e, h = {12345}, blind[2] = {{77}, {99}};
    static Affine base, out;
    static Window window;
    if (count < 5) return 2;
    c.field.m = atoi(arguments[1]);
    c.a = atoi(arguments[2]);
    for (int i = 4; i < count && i < 7; i++) c.field.k[c.field.count++] = atoi(arguments[i]);
    if (!field_init(&c.field, atoi(arguments[3])) || !read_number(c.b) || !read_number(c.order)) return 3;
    if (!read_number(base.x) || !read_number(base.y) || !contains(&c, &base)) return 4;
    for (c.order_bits = c.field.m; !(c.order[(c.order_bits - 1) / 64] >> (c.order_bits - 1) % 64 & 1);) c.order_bits--;
    odd_multiples(&c, &base, 1 << (BASE_WIDTH - 2), c.base);
    odd_multiples(&c, &base, 1 << (KEY_WIDTH - 2), window);
    while (read_number(d) && read_number(e)) {
        start_trace();
        if (!sign(&c, d, e, h, blind, &out)) return 5;
        print_trace("sign");
        start_trace();
        base_times(&c, d, blind, &out);
        print_trace("base_times");
        start_trace();
        verify(&c, window, h, d, e);
        print_trace("verify");
    }
    return 0;
}
