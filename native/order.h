/* Orders to carry a stream (src/live/wire/stream-order.ts, StreamOrder). */
#ifndef HEADRACE_ORDER_H
#define HEADRACE_ORDER_H

/* Begins a stream from its order; on refusal it reports and closes the socket (−1: it was lost on
 * its way). */
void open_stream(const char *json, int socket);

#endif
