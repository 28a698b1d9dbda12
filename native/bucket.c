/* The token bucket of src/live/limits/token-bucket.ts: the balance may fall below zero by one
 * piece, which the sender then waits for. */
#include "bucket.h"

#define BURST_MS 100
#define MIN_BURST_BYTES 4096

struct bucket make_bucket(double bits_per_second) {
  struct bucket self = {.bytes_per_ms = bits_per_second / 8000, .at_ms = -1};
  self.burst_bytes = self.bytes_per_ms * BURST_MS > MIN_BURST_BYTES ? self.bytes_per_ms * BURST_MS : MIN_BURST_BYTES;
  self.tokens = self.burst_bytes;
  return self;
}

double take_tokens(struct bucket *self, size_t bytes, double now_ms) {
  if (self->bytes_per_ms <= 0) return 0;
  if (self->at_ms >= 0) self->tokens += (now_ms - self->at_ms) * self->bytes_per_ms;
  if (self->tokens > self->burst_bytes) self->tokens = self->burst_bytes;
  self->at_ms = now_ms;
  self->tokens -= (double)bytes;
  return self->tokens >= 0 ? 0 : -self->tokens / self->bytes_per_ms;
}
