/* Sends one input through the whole C streamlet: channel, hand-over, transport, WebSocket,
   decoders. The manager, the gateway and a client are the other ends of socket pairs in this
   process. An input is a list of steps: one byte for the kind, two bytes for the length, then
   the bytes. Built by scripts/build-fuzz.mjs for AFL++ (persistent mode) or, with REPLAY, to
   run the files named as arguments. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "channel.h"
#include "checksums.h"
#include "stream.h"
#include "watch.h"

#define MAX_INPUT 65536
#define MAX_TURNS 64
#define DRAIN_BYTES 65536

static int manager, client = -1;
static double stream_id;

/* What a test of the whole program does by its arguments. */
void begin_for_fuzzing(int fd);
void turn_for_fuzzing(void);
int is_over_for_fuzzing(void);

static void drain(int fd) {
  static char ignored[DRAIN_BYTES];
  while (fd >= 0 && recv(fd, ignored, sizeof ignored, MSG_DONTWAIT) > 0) continue;
}

static void turn(void) {
  for (int i = 0; i < MAX_TURNS && !is_over_for_fuzzing(); i++) {
    turn_for_fuzzing();
    drain(manager);
    drain(client);
  }
}

/* As Node sends a message with a handle, and as one without. */
static void send_with_socket(const char *line, size_t length, int fd) {
  char control[CMSG_SPACE(sizeof fd)] = {0};
  struct iovec bytes = {(void *)(uintptr_t)line, length};
  struct msghdr message = {.msg_iov = &bytes, .msg_iovlen = 1};
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  struct cmsghdr *part = CMSG_FIRSTHDR(&message);
  part->cmsg_level = SOL_SOCKET;
  part->cmsg_type = SCM_RIGHTS;
  part->cmsg_len = CMSG_LEN(sizeof fd);
  memcpy(CMSG_DATA(part), &fd, sizeof fd);
  if (sendmsg(manager, &message, MSG_NOSIGNAL) < 0) return;
}

/* Opens a stream whose transport, format and destination are chosen by a byte. An upload is
   answered at its end, or with the reason of its failure. */
static void open_one(uint8_t choice) {
  static const char *const transports[] = {"raw", "chunked", "length", "websocket", "download"};
  static const char *const formats[] = {"mpegts", "frames"};
  static const char *const ways[] = {"client", "nowhere"};
  char line[512];
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) abort();
  if (client >= 0) close(client);
  client = pair[0];
  int length = snprintf(line, sizeof line,
                        "{\"cmd\":\"NODE_HANDLE\",\"type\":\"net.Socket\",\"msg\":{\"kind\":\"open\","
                        "\"stream\":%.0f,\"format\":\"%s\",\"transport\":\"%s\",\"forward\":{\"to\":\"%s\"},"
                        "\"head\":\"\",\"%s\":\"%s\","
                        "\"bodyBytes\":5000,\"maxBytes\":%d,\"idleTimeoutMs\":0,\"givenAtMs\":0}}\n",
                        ++stream_id, formats[choice & 1], transports[(choice >> 2) % 5], ways[choice >> 1 & 1],
                        choice & 2 ? "finalReply" : "reply", choice & 0x40 ? "SGVhZHJhY2U=" : "",
                        choice & 0x80 ? 20000 : 0);
  send_with_socket(line, (size_t)length, pair[1]);
  close(pair[1]);
}

static void step(uint8_t what, const uint8_t *bytes, size_t length) {
  switch (what & 7) {
    case 0:
      open_one((uint8_t)(what >> 3 | (length > 0 ? bytes[0] & 0xe0 : 0)));
      break;
    case 1:
      if (client >= 0) shutdown(client, SHUT_WR);
      break;
    case 2:
      if (client >= 0) close(client);
      client = -1;
      break;
    case 3:
      /* Whatever the manager might say. */
      if (send(manager, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL) < 0) return;
      break;
    default:
      if (client >= 0 && send(client, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL) < 0) return;
  }
  turn();
}

static void run(const uint8_t *bytes, size_t length) {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) abort();
  manager = pair[0];
  client = -1;
  begin_for_fuzzing(pair[1]);
  while (length >= 3 && !is_over_for_fuzzing()) {
    uint8_t what = bytes[0];
    size_t size = (size_t)bytes[1] << 8 | bytes[2];
    bytes += 3;
    length -= 3;
    if (size > length) size = length;
    step(what, bytes, size);
    bytes += size;
    length -= size;
  }
  if (client >= 0) close(client);
  client = -1;
  turn();
  close(manager);
  turn();
}

#ifdef REPLAY
int main(int count, char **names) {
  static uint8_t bytes[MAX_INPUT];
  init_checksums();
  for (int i = 1; i < count; i++) {
    FILE *file = fopen(names[i], "rb");
    if (file == NULL) return 2;
    size_t length = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    run(bytes, length);
  }
  printf("%d inputs\n", count - 1);
  return 0;
}
#else
__AFL_FUZZ_INIT();

int main(void) {
  init_checksums();
  __AFL_INIT();
  const uint8_t *bytes = __AFL_FUZZ_TESTCASE_BUF;
  while (__AFL_LOOP(2000)) run(bytes, (size_t)__AFL_FUZZ_TESTCASE_LEN);
  return 0;
}
#endif
