/* One stream of the native streamlet, as src/live/streamlet/stream.ts has it. */
#ifndef HEADRACE_STREAM_H
#define HEADRACE_STREAM_H

#include <stddef.h>
#include <stdint.h>

#include "decoder.h"
#include "end.h"
#include "inlet.h"
#include "websocket.h"

enum phase {
  /* The source sends. */
  RECEIVING,
  /* The source is done; what is left goes out. */
  SENDING,
  /* It has failed and that is reported; its client is told why, and what it still sends is dropped. */
  ANSWERING,
  OVER
};

struct stream {
  double id;
  struct stream *next;
  enum phase phase;
  struct end client, upstream;
  struct end *source, *sink;
  struct inlet inlet;
  /* Of the answer's body. */
  int chunked_answer;
  /* The answer that is still to be sent: whole, once the source has ended, or the head of a download, once there is a connection to its
   * source. NULL where it was sent, or began with the order. */
  uint8_t *answer;
  size_t answer_length;
  double max_bytes, idle_ms, last_ms, deadline_ms;
  /* From its assignment until we had it; −1 = we never did. */
  double hand_over_ms;
  /* Until then nothing more is read: the network cap is reached. 0 = it is not. */
  double resume_ms;
  uint64_t bytes_in, bytes_out;
  /* NULL once the stream was reported. */
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

/* A new one, in the list of streams; it has neither ends nor decoder yet. */
struct stream *add_stream(double id);
/* Reports its end and closes its sockets; a client that was not answered yet is told the reason first. */
void finish_stream(struct stream *, const char *how, const char *detail);
/* The source sends no more; what is left goes out. */
void finish_source(struct stream *);
/* The next bytes of its client, as they came. */
void take_from_client(struct stream *, const uint8_t *bytes, size_t length);
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
