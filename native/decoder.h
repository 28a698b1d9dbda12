/* An incremental check of one stream, as src/live/formats/format.ts has it: however the bytes are cut, the counts are the same as there. */
#ifndef HEADRACE_DECODER_H
#define HEADRACE_DECODER_H

#include <stddef.h>
#include <stdint.h>

#define MAX_ERROR_KINDS 12

struct quality {
  uint64_t units;
  /* Nothing of the format was found in what came. */
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

/* NULL when there is no such format, or no memory. */
struct decoder *create_decoder(const char *format);
struct decoder *create_mpegts_decoder(void);
struct decoder *create_frame_decoder(void);

uint32_t crc32_mpeg(const uint8_t *bytes, size_t length);
#define CRC32C_START 0xffffffffu
uint32_t crc32c(uint32_t state, const uint8_t *bytes, size_t length);
void init_checksums(void);

static inline void add_kind(struct quality *quality, const char *kind, int64_t count) {
  quality->kind[quality->kinds] = kind;
  quality->count[quality->kinds++] = count;
}

#endif
