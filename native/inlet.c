/* Transports: raw, a body of known length, HTTP/1.1 chunked; every rule is that of
 * src/live/streamlet/inlet.ts. */
#include "inlet.h"

#define MAX_SIZE_DIGITS 8
#define MAX_LINE_BYTES 4096
#define MAX_TRAILER_BYTES 8192

int inlet_done(const struct inlet *self) {
  return (self->kind == LENGTH && self->left == 0) || (self->kind == CHUNKED && self->state == DONE);
}

int inlet_may_end(const struct inlet *self) { return self->kind == RAW || inlet_done(self); }

static int hex_digit(uint8_t byte) {
  if (byte >= '0' && byte <= '9') return byte - '0';
  byte |= 0x20;
  return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

static int size_digit(struct inlet *self, uint8_t byte) {
  int digit = hex_digit(byte);
  if (digit >= 0) {
    self->left = self->left * 16 + digit;
    return ++self->digits <= MAX_SIZE_DIGITS;
  }
  if (self->digits == 0) return 0;
  if (byte == '\r') self->state = SIZE_LF;
  else if (byte == ';' || byte == ' ' || byte == '\t') self->state = EXTENSION;
  else return 0;
  return 1;
}

static int step(struct inlet *self, uint8_t byte) {
  switch (self->state) {
    case SIZE:
      return size_digit(self, byte);
    case EXTENSION:
      if (++self->line_bytes > MAX_LINE_BYTES || byte == '\n') return 0;
      if (byte == '\r') self->state = SIZE_LF;
      return 1;
    case SIZE_LF:
      self->state = self->left > 0 ? DATA : TRAILER;
      return byte == '\n';
    case DATA_CR:
      self->state = DATA_LF;
      return byte == '\r';
    case DATA_LF:
      self->state = SIZE;
      self->digits = 0;
      self->left = 0;
      self->line_bytes = 0;
      return byte == '\n';
    case TRAILER:
      if (++self->trailer_bytes > MAX_TRAILER_BYTES || byte == '\n') return 0;
      if (byte == '\r') self->state = TRAILER_LF;
      else self->trailer_line++;
      return 1;
    case TRAILER_LF:
      self->state = self->trailer_line == 0 ? DONE : TRAILER;
      self->trailer_line = 0;
      return byte == '\n';
    default:
      return 0;
  }
}

int push_inlet(struct inlet *self, struct stream *stream, const uint8_t *bytes, size_t length,
               void (*sink)(struct stream *, const uint8_t *, size_t)) {
  if (self->kind == RAW) {
    sink(stream, bytes, length);
    return 1;
  }
  for (size_t at = 0; at < length;) {
    if (self->kind == CHUNKED && self->state != DATA) {
      if (self->state == DONE) return 1;
      if (!step(self, bytes[at++])) return 0;
      continue;
    }
    size_t taken = self->left < (double)(length - at) ? (size_t)self->left : length - at;
    if (taken > 0) sink(stream, bytes + at, taken);
    self->left -= (double)taken;
    at += taken;
    if (self->kind == LENGTH && self->left == 0) return 1;
    if (self->kind == CHUNKED && self->left == 0) self->state = DATA_CR;
  }
  return 1;
}
