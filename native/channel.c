#include "channel.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "watch.h"

/* How many bytes the kernel accepted; −1 = the manager has ended. */
static ssize_t send_some(int fd, const char *bytes, size_t length) {
  size_t sent = 0;
  while (sent < length) {
    ssize_t now = send(fd, bytes + sent, length - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (now > 0) sent += (size_t)now;
    else if (errno == EAGAIN || errno == EWOULDBLOCK) break;
    else if (errno != EINTR) return -1;
  }
  return (ssize_t)sent;
}

static void wait_for_room(struct channel *self, int wanted) {
  if (self->watched) watch_for(self->fd, wanted ? EPOLLIN | EPOLLOUT : EPOLLIN, self->as);
}

static int keep_unsent(struct channel *self, const char *bytes, size_t length) {
  if (length > MAX_UNSENT - self->unsent_length) return 0;
  if (self->unsent_length + length > self->unsent_size) {
    size_t size = (self->unsent_length + length) * 2;
    char *grown = realloc(self->unsent, size);
    if (grown == NULL) return 0;
    self->unsent = grown;
    self->unsent_size = size;
  }
  memcpy(self->unsent + self->unsent_length, bytes, length);
  if (self->unsent_length == 0) wait_for_room(self, 1);
  self->unsent_length += length;
  return 1;
}

int send_line(struct channel *self, const char *line, size_t length) {
  ssize_t sent = self->unsent_length == 0 ? send_some(self->fd, line, length) : 0;
  if (sent < 0) return 0;
  return (size_t)sent == length || keep_unsent(self, line + sent, length - (size_t)sent);
}

int flush_channel(struct channel *self) {
  if (self->unsent_length == 0) return 1;
  ssize_t sent = send_some(self->fd, self->unsent, self->unsent_length);
  if (sent < 0) return 0;
  self->unsent_length -= (size_t)sent;
  memmove(self->unsent, self->unsent + sent, self->unsent_length);
  if (self->unsent_length == 0) wait_for_room(self, 0);
  return 1;
}

void send_last_words(struct channel *self) {
  struct pollfd writable = {self->fd, POLLOUT, 0};
  while (self->unsent_length > 0 && poll(&writable, 1, LAST_WORDS_MS) == 1)
    if (!flush_channel(self)) return;
}

int watch_channel(struct channel *self, void *as) {
  self->as = as;
  self->watched = watch(self->fd, self->unsent_length > 0 ? EPOLLIN | EPOLLOUT : EPOLLIN, as);
  return self->watched;
}

void close_channel(struct channel *self) {
  if (self->watched) close_watched(self->fd);
  else close(self->fd);
  for (int i = 0; i < self->fd_count; i++) close(self->fds[i]);
  self->watched = self->direct = self->fd_count = 0;
  self->length = self->unsent_length = 0;
  self->fd = -1;
}

static int take_socket(struct channel *self) {
  int socket = self->fds[0];
  memmove(self->fds, self->fds + 1, sizeof(int) * (size_t)--self->fd_count);
  return socket;
}

static void dispatch(struct channel *self, char *json, void (*receive)(const char *, int)) {
  static const char ack[] = "{\"cmd\":\"NODE_HANDLE_ACK\"}\n";
  static const char nack[] = "{\"cmd\":\"NODE_HANDLE_NACK\"}\n";
  char cmd[32];
  if (self->direct) {
    receive(json, self->fd_count == 0 ? -1 : take_socket(self));
    return;
  }
  if (!json_text(json, "cmd", cmd, sizeof cmd)) {
    receive(json, -1);
    return;
  }
  if (strcmp(cmd, "NODE_HANDLE") != 0) return;
  if (self->fd_count == 0) {
    send_line(self, nack, sizeof nack - 1);
    return;
  }
  int socket = take_socket(self);
  send_line(self, ack, sizeof ack - 1);
  const char *inner = strstr(json, "\"msg\":");
  receive(inner == NULL ? json : inner + 6, socket);
}

int read_channel(struct channel *self, void (*receive)(const char *, int)) {
  for (int reads = 0; reads < MAX_READS; reads++) {
    char control[CMSG_SPACE(sizeof(int) * MAX_WAITING_FDS)];
    struct iovec room = {self->line + self->length, MAX_LINE - 1 - self->length};
    struct msghdr message = {.msg_iov = &room, .msg_iovlen = 1};
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    ssize_t got = recvmsg(self->fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (got < 0) return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    if (got == 0) return 0;
    for (struct cmsghdr *part = CMSG_FIRSTHDR(&message); part != NULL; part = CMSG_NXTHDR(&message, part)) {
      if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
      int count = (int)((part->cmsg_len - CMSG_LEN(0)) / sizeof(int));
      for (int i = 0; i < count; i++) {
        int fd;
        memcpy(&fd, CMSG_DATA(part) + sizeof(int) * (size_t)i, sizeof fd);
        if (self->fd_count < MAX_WAITING_FDS) self->fds[self->fd_count++] = fd;
        else close(fd);
      }
    }
    self->length += (size_t)got;
    char *begin = self->line;
    char *newline;
    while ((newline = memchr(begin, '\n', self->length - (size_t)(begin - self->line))) != NULL) {
      *newline = 0;
      dispatch(self, begin, receive);
      begin = newline + 1;
    }
    self->length -= (size_t)(begin - self->line);
    memmove(self->line, begin, self->length);
    if (self->length == MAX_LINE - 1) return 0;
  }
  return 1;
}

int make_direct_socket(void) { return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0); }

int listen_for_direct(int fd, const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address.sun_path) return 0;
  strcpy(address.sun_path, path);
  return bind(fd, (struct sockaddr *)&address, sizeof address) == 0 && listen(fd, 1) == 0;
}

/* Where the value of a key begins. Strings are skipped, so that text in a value is not mistaken for
 * a key. */
static const char *find_value(const char *json, const char *key) {
  size_t length = strlen(key);
  for (const char *at = json; *at != 0; at++) {
    if (*at != '"') continue;
    const char *word = at + 1;
    for (at = word; *at != 0 && *at != '"'; at++)
      if (*at == '\\' && at[1] != 0) at++;
    if (*at == 0) return NULL;
    if (at[1] == ':' && (size_t)(at - word) == length && memcmp(word, key, length) == 0) return at + 2;
  }
  return NULL;
}

int json_text(const char *json, const char *key, char *out, size_t size) {
  const char *value = find_value(json, key);
  if (value == NULL || *value != '"') return 0;
  size_t length = strcspn(++value, "\"\\");
  if (value[length] != '"' || length >= size) return 0;
  memcpy(out, value, length);
  out[length] = 0;
  return 1;
}

double json_number(const char *json, const char *key, double otherwise) {
  const char *value = find_value(json, key);
  if (value == NULL) return otherwise;
  char *end;
  double number = strtod(value, &end);
  return end == value ? otherwise : number;
}

long decode_base64(const char *text, uint8_t *out, size_t size) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  uint32_t bits = 0;
  int held = 0;
  size_t length = 0;
  for (; *text != 0 && *text != '='; text++) {
    const char *digit = strchr(digits, *text);
    if (digit == NULL) return -1;
    bits = bits << 6 | (uint32_t)(digit - digits);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    if (length == size) return -1;
    out[length++] = (uint8_t)(bits >> held);
  }
  return (long)length;
}
