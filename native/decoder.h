/* An incremental check of one stream, as in src/live/formats/format.ts: the counts are the same,
 * and do not depend on how the bytes are cut. */
#ifndef HEADRACE_DECODER_H
#define HEADRACE_DECODER_H

#include <stddef.h>
#include <stdint.h>

#define MAX_ERROR_KINDS 12

struct quality {
  uint64_t units;
  /* The received bytes contained nothing of the format. */
  int unrecognised;
  double jitter_ms;
  int kinds;
  /* Kinds in the order of the TypeScript decoder; the last one, skippedBytes, is no error. */
  const char *kind[MAX_ERROR_KINDS];
  int64_t count[MAX_ERROR_KINDS];
};

struct decoder {
  void (*push)(struct decoder *, const uint8_t *bytes, size_t length, double at_ms);
  void (*end)(struct decoder *);
  void (*quality)(const struct decoder *, struct quality *);
  void (*destroy)(struct decoder *);
};

static inline void add_kind(struct quality *quality, const char *kind, int64_t count) {
  quality->kind[quality->kinds] = kind;
  quality->count[quality->kinds++] = count;
}

#endif
