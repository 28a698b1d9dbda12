/* The IPC channel to the manager: JSON lines over NODE_CHANNEL_FD in the format of Node's
 * child_process, sockets as SCM_RIGHTS. The direct connection of the gateway: plain lines, each
 * with a socket (src/live/wire/raw-pipe.ts). */
#ifndef HEADRACE_CHANNEL_H
#define HEADRACE_CHANNEL_H

#include <stddef.h>
#include <stdint.h>

/* A longer line is not one of our messages: they have at most 128 KiB of base64 and a little
 * more. */
#define MAX_LINE 262144
#define MAX_WAITING_FDS 16
/* Most reads in one turn, before other descriptors are served. */
#define MAX_READS 16
/* Most bytes that wait for the manager. It falls behind only when it is stopped or hangs; 4 MiB
 * then hold the ends of about 6,000 streams. A channel with more counts as broken. */
#define MAX_UNSENT 4194304
/* Longest wait to send the rest before an exit. */
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
/* Closes it, with received sockets that were not used. It can then take another connection. */
void close_channel(struct channel *);

/* Reads what has arrived; calls back once per message, with its socket or −1. 0 = the manager has
 * ended. */
int read_channel(struct channel *, void (*receive)(const char *json, int socket));
/* Sends one line, or keeps it until the manager reads; never waits. 0 = the manager has ended, or
 * has not read for too long. */
int send_line(struct channel *, const char *line, size_t length);
/* Sends as much as possible of what was kept. 0 = the manager has ended. */
int flush_channel(struct channel *);
/* Sends what was kept, and waits for that, but no longer than LAST_WORDS_MS. */
void send_last_words(struct channel *);

/* A socket that can listen for the gateway's direct connection, made before a streamlet gives up
 * its rights; −1 on failure. */
int make_direct_socket(void);
/* Makes it listen there; 0 on failure. */
int listen_for_direct(int fd, const char *path);

/* The value of a top-level or nested key, the first of that name: our keys are unique in a
 * message. */
int json_text(const char *json, const char *key, char *out, size_t size);
double json_number(const char *json, const char *key, double otherwise);
/* Decodes into `out`; returns the length, or −1 if it is not base64 or too long. */
long decode_base64(const char *text, uint8_t *out, size_t size);

#endif
