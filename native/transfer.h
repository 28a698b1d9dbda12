/* How the bytes of a stream go from its source through its decoder to its sink. */
#ifndef HEADRACE_TRANSFER_H
#define HEADRACE_TRANSFER_H

#include "stream.h"

/* All streams together send at most this; 0 = no limit. */
void limit_network(double bits_per_second);
/* The next bytes of its client, as they came. */
void take_from_client(struct stream *, const uint8_t *bytes, size_t length);
/* The source has ended; the rest is sent. */
void finish_source(struct stream *);
/* Reads nothing from the source while `pausing`, or while the network cap is reached. */
void pause_source(struct stream *, int pausing);
/* Something can be read from or written to one of its sockets. */
void serve(struct end *end, uint32_t events);

#endif
