#include "watch.h"

#include <unistd.h>

static int epoll_fd = -1;

int make_watch_set(void) {
  epoll_fd = epoll_create1(EPOLL_CLOEXEC);
  return epoll_fd >= 0;
}

void leave_watch_set(void) {
  close(epoll_fd);
  epoll_fd = -1;
}

int watch(int fd, uint32_t events, void *as) {
  struct epoll_event event = {.events = events, .data.ptr = as};
  return epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0;
}

void watch_for(int fd, uint32_t events, void *as) {
  struct epoll_event event = {.events = events, .data.ptr = as};
  epoll_ctl(epoll_fd, EPOLL_CTL_MOD, fd, &event);
}

void close_watched(int fd) {
  epoll_ctl(epoll_fd, EPOLL_CTL_DEL, fd, NULL);
  close(fd);
}

void unwatch(int fd) { epoll_ctl(epoll_fd, EPOLL_CTL_DEL, fd, NULL); }

int wait_for_events(struct epoll_event *events, int room, int timeout_ms) {
  return epoll_wait(epoll_fd, events, room, timeout_ms);
}
