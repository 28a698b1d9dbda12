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
  /* The source has ended; the rest is sent. */
  SENDING,
  /* It has failed, and the failure is reported. The client gets the reason; its further bytes are
   * dropped. */
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
  /* The answer that is still to be sent: the whole answer once the source has ended, or the head of
   * a download once its source is connected. NULL if it was sent, or began with the order. */
  uint8_t *answer;
  size_t answer_length;
  double max_bytes, idle_ms, last_ms, deadline_ms;
  /* Time from its assignment until it arrived here; −1 = it never did. */
  double hand_over_ms;
  /* Nothing is read until this instant, because the network cap is reached. 0 = not reached. */
  double resume_ms;
  uint64_t bytes_in, bytes_out;
  /* NULL once the stream was reported. */
  struct decoder *decoder;
  /* NULL if the client does not use it. */
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
/* Reports its end and closes its sockets. A client that has no answer yet first gets the reason. */
void finish_stream(struct stream *, const char *how, const char *detail);
/* Closes the client's socket and takes the stream off the list. */
void drop_stream(struct stream *, int broken);
/* How a stream ended whose source sent all: `client-done` or `upstream-done`. */
const char *done_detail(const struct stream *);
/* The newest open stream; the others follow by `next`. */
struct stream *first_stream(void);
void close_stream(double id);
void end_streams(void);
/* Writes the ids of open streams that have had an error so far, with commas, as many as have room;
 * returns the length. */
size_t list_degraded(char *text, size_t size);
/* Frees ended streams. Call it when no event of this turn can refer to them. */
void sweep_streams(void);

#endif
