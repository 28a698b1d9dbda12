#ifndef HEADRACE_BUCKET_H
#define HEADRACE_BUCKET_H

#include <stddef.h>

struct bucket {
  double bytes_per_ms, burst_bytes, tokens, at_ms;
};

/* 0 bits per second = no limit. */
struct bucket make_bucket(double bits_per_second);
/* Takes that many; returns the ms to wait before the next bytes may be sent. */
double take_tokens(struct bucket *, size_t bytes, double now_ms);

#endif
