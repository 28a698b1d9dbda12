/* One socket of a stream, and what could not be sent on it yet. */
#ifndef HEADRACE_END_H
#define HEADRACE_END_H

#include <stddef.h>
#include <stdint.h>

/* More than this waiting to be sent: the source is read no further. */
#define HIGH_WATER 65536

struct stream;

struct end {
  struct stream *stream;
  /* −1 = closed, or there is none. */
  int fd;
  enum { CONNECTING, WRITABLE, SHUT } out;
  enum { READING, PAUSED, ENDED } in;
  uint8_t *pending;
  size_t pending_length, pending_size;
};

/* Takes over a socket. 0 if it cannot be watched; the end has it all the same, and closes it. */
int begin_end(struct end *, struct stream *, int fd, int connecting);
/* `broken`: the other side gets a reset. Does nothing to one that is closed. */
void close_end(struct end *, int broken);
/* Changes what is read from it; one that has ended stays so. */
void set_reading(struct end *, int paused);
/* The other side sends no more. */
void end_reading(struct end *);
/* Sends what it can and keeps the rest. 0 = the other side is gone. */
int write_end(struct end *, const uint8_t *bytes, size_t length);
/* Sends what was kept, as far as it goes. 0 = the other side is gone. */
int flush_end(struct end *);
/* The connection that was begun is there; 0 if it failed. */
int connected(struct end *);
/* Shuts our side if all is sent; 1 if it did so now. */
int shut_end(struct end *);

#endif
