/* One socket of a stream, and the bytes that still wait to be sent on it. */
#ifndef HEADRACE_END_H
#define HEADRACE_END_H

#include <stddef.h>
#include <stdint.h>

/* While more than this waits to be sent, the source is not read. */
#define HIGH_WATER 65536

struct stream;

struct end {
  struct stream *stream;
  /* −1 = closed or never opened. */
  int fd;
  enum { CONNECTING, WRITABLE, SHUT } out;
  enum { READING, PAUSED, ENDED } in;
  uint8_t *pending;
  size_t pending_length, pending_size;
};

/* Takes over a socket. 0 = it cannot be watched; the end owns and closes it even then. */
int begin_end(struct end *, struct stream *, int fd, int connecting);
/* `broken`: the other side gets a reset. No effect on a closed end. */
void close_end(struct end *, int broken);
/* Starts or stops reading. No effect on an end whose other side has ended. */
void set_reading(struct end *, int paused);
/* The other side sends no more. */
void end_reading(struct end *);
/* Sends what it can and keeps the rest. 0 = the other side has closed. */
int write_end(struct end *, const uint8_t *bytes, size_t length);
/* Sends as much as possible of what was kept. 0 = the other side has closed. */
int flush_end(struct end *);
/* Completes a connection that was begun; 0 = it failed. */
int connected(struct end *);
/* Shuts down our side if all is sent; 1 = it did so in this call. */
int shut_end(struct end *);

#endif
