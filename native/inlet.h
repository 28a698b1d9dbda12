/* How the bytes of a client are wrapped (src/live/streamlet/inlet.ts). */
#ifndef HEADRACE_INLET_H
#define HEADRACE_INLET_H

#include <stddef.h>
#include <stdint.h>

struct stream;

enum chunk_state { SIZE, EXTENSION, SIZE_LF, DATA, DATA_CR, DATA_LF, TRAILER, TRAILER_LF, DONE };

/* The wrapping of a client's bytes. */
struct inlet {
  enum { RAW, LENGTH, CHUNKED } kind;
  enum chunk_state state;
  double left;
  unsigned digits, line_bytes, trailer_bytes, trailer_line;
};

/* Gives the payload of the next bytes to `sink`; 0 when they break the rules. */
int push_inlet(struct inlet *, struct stream *, const uint8_t *bytes, size_t length,
               void (*sink)(struct stream *, const uint8_t *, size_t));
int inlet_done(const struct inlet *);
int inlet_may_end(const struct inlet *);

#endif
