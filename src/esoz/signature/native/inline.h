/* Functions with a constant argument become loops of a constant length, and those are unrolled. */
#ifndef ESOZ_INLINE_H
#define ESOZ_INLINE_H

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("GCC unroll 16")

#endif
