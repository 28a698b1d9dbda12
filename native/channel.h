/* The IPC channel to the manager: JSON lines over NODE_CHANNEL_FD as Node's child_process speaks them, sockets as SCM_RIGHTS. The direct line
 * of the gateway: bare lines, each with a socket (src/live/wire/raw-pipe.ts). */
#ifndef HEADRACE_CHANNEL_H
#define HEADRACE_CHANNEL_H

#include <stddef.h>
#include <stdint.h>

/* A line longer than this is no message of ours: at most 128 KiB of head in base64, and room for the rest. */
#define MAX_LINE 262144
#define MAX_WAITING_FDS 16
/* Reads at one turn before other descriptors are looked at again. */
#define MAX_READS 16
/* What the manager has not read yet. It reads always, unless it is stopped or hangs: then 4 MiB hold the ends of some 6000 streams. A channel
 * that is fuller counts as broken. */
#define MAX_UNSENT 4194304
/* What must still be sent before an exit gets this long. */
#define LAST_WORDS_MS 200

struct channel {
  int fd;
  /* Of the gateway: no wrapping, no acknowledgement. */
  int direct;
  size_t length;
  char line[MAX_LINE];
  int fds[MAX_WAITING_FDS];
  int fd_count;
  /* Waits until the other side reads. */
  char *unsent;
  size_t unsent_length, unsent_size;
  /* By what epoll reports it; watched only from `watch_channel` on. */
  void *as;
  int watched;
};

/* Has epoll report it as `as`, also when what is unsent can be sent. 0 if it cannot be watched. */
int watch_channel(struct channel *, void *as);
/* Closes it with all that came by it and was not taken; it can be used for another connection. */
void close_channel(struct channel *);

/* Reads what is there; calls back once per message, with its socket or −1. Returns 0 when the manager is gone. */
int read_channel(struct channel *, void (*receive)(const char *json, int socket));
/* Sends one line, or keeps it until the manager reads; never waits. Returns 0 when the manager is gone, or has not read for too long. */
int send_line(struct channel *, const char *line, size_t length);
/* Sends what was kept, as far as it goes; 0 when the manager is gone. */
int flush_channel(struct channel *);
/* Sends what was kept, and waits for that, but no longer than LAST_WORDS_MS. */
void send_last_words(struct channel *);

/* A socket that can listen for the gateway's direct line, made before a streamlet gives up its rights; −1 if there is none. */
int make_line_socket(void);
/* Has it listen there; 0 if that cannot be. */
int listen_for_line(int fd, const char *path);

/* The value of a top-level or nested key, the first of that name: our keys are unique in a message. */
int json_text(const char *json, const char *key, char *out, size_t size);
double json_number(const char *json, const char *key, double otherwise);
/* Decodes in place of `out`; returns the length, or −1 for what is no base64 or too long. */
long decode_base64(const char *text, uint8_t *out, size_t size);

#endif
