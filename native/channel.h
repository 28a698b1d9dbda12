/* The IPC channel to the manager: JSON lines over NODE_CHANNEL_FD as Node's child_process speaks them, sockets as SCM_RIGHTS. The direct line
 * of the gateway: bare lines, each with a socket (src/live/raw-pipe.ts). */
#ifndef HEADRACE_CHANNEL_H
#define HEADRACE_CHANNEL_H

#include <stddef.h>
#include <stdint.h>

/* A line longer than this is no message of ours: at most 128 KiB of head in base64, and room for the rest. */
#define MAX_LINE 262144
#define MAX_WAITING_FDS 16

struct channel {
  int fd;
  /* Of the gateway: no wrapping, no acknowledgement. */
  int direct;
  size_t length;
  char line[MAX_LINE];
  int fds[MAX_WAITING_FDS];
  int fd_count;
};

/* Reads what is there; calls back once per message, with its socket or −1. Returns 0 when the manager is gone. */
int read_channel(struct channel *, void (*receive)(const char *json, int socket));
/* Sends one line (blocking: the manager always reads). Returns 0 when the manager is gone. */
int send_line(const struct channel *, const char *line, size_t length);

/* Listens for the gateway's direct line; −1 if that cannot be. */
int listen_for_line(const char *path);

/* The value of a top-level or nested key, the first of that name: our keys are unique in a message. */
int json_text(const char *json, const char *key, char *out, size_t size);
double json_number(const char *json, const char *key, double otherwise);
/* Decodes in place of `out`; returns the length, or −1 for what is no base64 or too long. */
long decode_base64(const char *text, uint8_t *out, size_t size);

#endif
