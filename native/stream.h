/* One stream of the native streamlet, as src/live/streamlet/stream.ts has it. */
#ifndef HEADRACE_STREAM_H
#define HEADRACE_STREAM_H

#include <stddef.h>
#include <stdint.h>

#include "decoder.h"
#include "inlet.h"
#include "websocket.h"

struct stream;

/* One socket of a stream, and what could not be sent on it yet. */
struct end {
  struct stream *stream;
  int fd;
  int connecting, readable_done, want_write, paused;
  /* Nothing more is written once what is pending has gone; then our side is shut. */
  int finishing, shut;
  uint8_t *pending;
  size_t pending_length, pending_size;
};

struct stream {
  double id;
  struct stream *next;
  struct end client, upstream;
  struct end *source, *sink;
  struct inlet inlet;
  int chunked_answer, source_done, over;
  /* The whole answer, sent once the source has ended; NULL where the answer began with the order. */
  uint8_t *final_reply;
  size_t final_length;
  double max_bytes, idle_ms, last_ms, deadline_ms;
  /* From its assignment until we had it; −1 = we never did. */
  double hand_over_ms;
  /* Until then nothing more is read: the network cap is reached. 0 = it is not. */
  double resume_ms;
  uint64_t bytes_in, bytes_out;
  struct decoder *decoder;
  /* NULL where the client does not speak it. */
  struct websocket *websocket;
};

struct totals {
  int open;
  uint64_t bytes_in, bytes_out;
  int64_t errors;
};

extern struct totals totals;

/* Begins a stream from its order; on refusal it reports and closes the socket. */
void open_stream(const char *json, int socket);
void close_stream(double id);
void end_streams(void);
/* All streams together send no more than this; 0 = any. */
void limit_network(double bits_per_second);
/* Something can be read from or written to one of its sockets. */
void serve(struct end *end, uint32_t events);
/* Writes the ids of open streams that have had an error so far, with commas, as many as have room; returns the length. */
size_t list_degraded(char *text, size_t size);
/* Ends what is silent or overdue; returns ms until the next look is due (−1 = none). */
int look_after_streams(void);
/* Frees streams that are over; call it when no event of this turn can refer to them. */
void sweep_streams(void);

#endif
