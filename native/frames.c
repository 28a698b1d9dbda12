/* Length-prefixed frames with CRC-32C; the layout and every rule are those of
 * src/live/formats/decoders/frames.ts. */
#include <stdlib.h>
#include <string.h>

#include "checksums.h"
#include "formats.h"

#define HEADER_BYTES 12
#define TRAILER_BYTES 4
#define MAX_PAYLOAD_BYTES 1048576u
#define LATE_WINDOW 32
#define MAX_GAP 65536

struct frames {
  struct decoder base;
  uint64_t frames;
  int64_t crc_errors, header_errors, lost, reordered, duplicates, jumps, truncated, skipped;
  uint8_t header[HEADER_BYTES];
  unsigned header_length;
  int searching, begun;
  uint32_t payload_left;
  unsigned trailer_left;
  uint32_t crc, trailer, expected, missing;
};

static uint32_t uint32_at(const uint8_t *bytes) {
  return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static int may_be_header(const struct frames *self) {
  const uint8_t *header = self->header;
  if (header[0] != 'H' || (self->header_length > 1 && header[1] != 'R')) return 0;
  if (self->header_length < HEADER_BYTES) return 1;
  unsigned check = (unsigned)header[10] << 8 | header[11];
  if ((~crc32c(CRC32C_START, header, 10) & 0xffff) != check) return 0;
  return uint32_at(header + 2) <= MAX_PAYLOAD_BYTES;
}

static void follow(struct frames *self, uint32_t sequence) {
  int32_t ahead = self->begun ? (int32_t)(sequence - self->expected) : 0;
  self->begun = 1;
  if (ahead < 0 && ahead >= -LATE_WINDOW) {
    uint32_t bit = 1u << (-ahead - 1);
    if (!(self->missing & bit)) {
      self->duplicates++;
      return;
    }
    self->missing &= ~bit;
    self->lost--;
    self->reordered++;
    return;
  }
  if (ahead < 0 || ahead > MAX_GAP) {
    self->jumps++;
    self->missing = 0;
  } else {
    self->missing = ahead + 1 >= LATE_WINDOW ? 0 : self->missing << (ahead + 1) | ((1u << ahead) - 1) << 1;
    self->lost += ahead;
  }
  self->expected = sequence + 1;
}

static void take_header(struct frames *self, uint8_t byte) {
  self->header[self->header_length++] = byte;
  while (self->header_length > 0 && !may_be_header(self)) {
    if (!self->searching) self->header_errors++;
    self->searching = 1;
    self->skipped++;
    memmove(self->header, self->header + 1, --self->header_length);
  }
  if (self->header_length < HEADER_BYTES) return;
  self->payload_left = uint32_at(self->header + 2);
  self->trailer_left = TRAILER_BYTES;
  self->crc = CRC32C_START;
  self->trailer = 0;
  self->header_length = 0;
  self->searching = 0;
  follow(self, uint32_at(self->header + 6));
}

static void push(struct decoder *base, const uint8_t *bytes, size_t length, double at_ms) {
  struct frames *self = (struct frames *)base;
  (void)at_ms;
  for (size_t at = 0; at < length;) {
    if (self->payload_left > 0) {
      size_t taken = length - at < self->payload_left ? length - at : self->payload_left;
      self->crc = crc32c(self->crc, bytes + at, taken);
      self->payload_left -= (uint32_t)taken;
      at += taken;
    } else if (self->trailer_left > 0) {
      self->trailer = self->trailer << 8 | bytes[at++];
      if (--self->trailer_left > 0) continue;
      self->frames++;
      if (self->trailer != ~self->crc) self->crc_errors++;
    } else {
      take_header(self, bytes[at++]);
    }
  }
}

static void end(struct decoder *base) {
  struct frames *self = (struct frames *)base;
  if (self->payload_left > 0 || self->trailer_left > 0) self->truncated++;
  else if (self->header_length > 0) {
    if (self->searching) self->skipped += self->header_length;
    else self->truncated++;
  }
  self->payload_left = 0;
  self->trailer_left = 0;
  self->header_length = 0;
}

static void quality(const struct decoder *base, struct quality *out) {
  const struct frames *self = (const struct frames *)base;
  out->units = self->frames;
  out->unrecognised = self->skipped > 0 && !self->begun && self->truncated == 0;
  out->jitter_ms = 0;
  out->kinds = 0;
  add_kind(out, "crcErrors", self->crc_errors);
  add_kind(out, "headerErrors", self->header_errors);
  add_kind(out, "lostFrames", self->lost);
  add_kind(out, "reorderedFrames", self->reordered);
  add_kind(out, "duplicateFrames", self->duplicates);
  add_kind(out, "sequenceJumps", self->jumps);
  add_kind(out, "truncatedFrames", self->truncated);
  add_kind(out, "skippedBytes", self->skipped);
}

static void destroy(struct decoder *base) { free(base); }

struct decoder *create_frames_decoder(void) {
  struct frames *self = calloc(1, sizeof *self);
  if (self == NULL) return NULL;
  self->base = (struct decoder){push, end, quality, destroy};
  self->crc = CRC32C_START;
  return &self->base;
}
