#include "end.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "watch.h"

static uint32_t wanted(const struct end *end) {
  uint32_t events = 0;
  if (end->in == READING && end->out != CONNECTING) events |= EPOLLIN;
  if (end->pending_length > 0 || end->out == CONNECTING) events |= EPOLLOUT;
  return events;
}

static void want(struct end *end) {
  if (end->fd >= 0) watch_for(end->fd, wanted(end), end);
}

int begin_end(struct end *end, struct stream *stream, int fd, int connecting) {
  int yes = 1;
  end->stream = stream;
  end->fd = fd;
  end->out = connecting ? CONNECTING : WRITABLE;
  end->in = READING;
  fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  return watch(fd, wanted(end), end);
}

void close_end(struct end *end, int broken) {
  if (end->fd < 0) return;
  struct linger reset = {1, 0};
  if (broken) setsockopt(end->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  close_watched(end->fd);
  end->fd = -1;
  free(end->pending);
  end->pending = NULL;
  end->pending_length = 0;
}

void set_reading(struct end *end, int paused) {
  if (end->in == ENDED || (end->in == PAUSED) == paused) return;
  end->in = paused ? PAUSED : READING;
  want(end);
}

void end_reading(struct end *end) {
  end->in = ENDED;
  want(end);
}

/* Keeps what cannot be sent now; 0 = no memory. */
static int keep_pending(struct end *end, const uint8_t *bytes, size_t length) {
  if (end->pending_length + length > end->pending_size || end->pending == NULL) {
    size_t size = end->pending_length + length + HIGH_WATER;
    uint8_t *grown = realloc(end->pending, size);
    if (grown == NULL) return 0;
    end->pending = grown;
    end->pending_size = size;
  }
  memcpy(end->pending + end->pending_length, bytes, length);
  end->pending_length += length;
  want(end);
  return 1;
}

static int must_wait(void) { return errno == EAGAIN || errno == EWOULDBLOCK; }

int write_end(struct end *end, const uint8_t *bytes, size_t length) {
  if (end->fd < 0) return 0;
  while (length > 0 && end->pending_length == 0 && end->out != CONNECTING) {
    ssize_t sent = send(end->fd, bytes, length, MSG_NOSIGNAL);
    if (sent > 0) {
      bytes += sent;
      length -= (size_t)sent;
    } else if (must_wait()) break;
    else if (errno != EINTR) return 0;
  }
  return length == 0 || keep_pending(end, bytes, length);
}

int flush_end(struct end *end) {
  if (end->pending_length > 0) {
    ssize_t sent = send(end->fd, end->pending, end->pending_length, MSG_NOSIGNAL);
    if (sent < 0) return must_wait() || errno == EINTR;
    end->pending_length -= (size_t)sent;
    memmove(end->pending, end->pending + sent, end->pending_length);
  }
  want(end);
  return 1;
}

int connected(struct end *end) {
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(end->fd, SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) return 0;
  end->out = WRITABLE;
  return 1;
}

int shut_end(struct end *end) {
  if (end->fd < 0 || end->out != WRITABLE || end->pending_length > 0) return 0;
  end->out = SHUT;
  shutdown(end->fd, SHUT_WR);
  return 1;
}
