/* One stream of the native streamlet, as src/live/streamlet/stream.ts has it. */
#ifndef HEADRACE_STREAM_H
#define HEADRACE_STREAM_H

#include <stddef.h>
#include <stdint.h>

#include "decoder.h"
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

enum chunk_state { SIZE, EXTENSION, SIZE_LF, DATA, DATA_CR, DATA_LF, TRAILER, TRAILER_LF, DONE };

/* The wrapping of a client's bytes. */
struct inlet {
  enum { RAW, LENGTH, CHUNKED } kind;
  enum chunk_state state;
  double left;
  unsigned digits, line_bytes, trailer_bytes, trailer_line;
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

/* The limit was one of address space, which kills nobody: the manager knows this code. */
#define OUT_OF_MEMORY 71
_Noreturn void out_of_memory(void);
double now_ms(void);
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
int check_decoder(const char *format);
/* What can be done before there is a channel to the manager; its first words there; its life on it. */
void prepare_to_serve(void);
/* Gives up what a streamlet does not need, once; `serve_manager` does it at the latest. A spare of the zygote has the time before. */
void confine_streamlet(void);
void greet_manager(int fd);
_Noreturn void serve_manager(double beat_ms);
/* The life of a zygote, or, with the arguments of a streamlet to start anew, of a launcher: its channel to the manager, and where it
 * listens. Returns an exit code if it cannot begin. */
int run_zygote(int fd, const char *path, double beat_ms, char *const arguments[]);
/* Runs another program, confined as far as that goes; returns an exit code if it cannot. */
int run_wrapped(const char *isolation, char *readable, char *sockets, char *command[]);
/* `streamlet --wrap TEXT`: prints what of that holds. */
int probe_wrap(const char *isolation);
void report_line(const char *line, size_t length);

/* Gives the payload of the next bytes to `sink`; 0 when they break the rules. */
int push_inlet(struct inlet *, struct stream *, const uint8_t *bytes, size_t length,
               void (*sink)(struct stream *, const uint8_t *, size_t));
int inlet_done(const struct inlet *);
int inlet_may_end(const struct inlet *);

#endif
