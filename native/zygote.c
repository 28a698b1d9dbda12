/* The zygote: a streamlet that is loaded and set up but for its channel, and forks a ready one for each connection to its socket: the
 * connection is the new streamlet's channel to the manager. It never sees a client's socket: those go over that channel. Its own channel to
 * the manager tells who has ended, and how; when that channel closes, every streamlet that it forked is killed. When the zygote itself is
 * killed, its streamlets go on: they end with their channels. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "channel.h"
#include "stream.h"

#define BACKLOG 128
#define EVENTS 8

static struct channel manager;
static pid_t *children;
static size_t child_count, child_room;
static struct sockaddr_un address = {.sun_family = AF_UNIX};

static int listen_at(const char *path) {
  if (path[0] != '/' || strlen(path) >= sizeof address.sun_path) return -1;
  strcpy(address.sun_path, path);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, BACKLOG) != 0) return -1;
  return fd;
}

/* Its folder was made for the socket alone. */
static void end_all(void) {
  for (size_t i = 0; i < child_count; i++) kill(children[i], SIGKILL);
  unlink(address.sun_path);
  *strrchr(address.sun_path, '/') = 0;
  rmdir(address.sun_path);
  exit(0);
}

static void reap(void) {
  int status;
  pid_t pid;
  while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
    for (size_t i = 0; i < child_count; i++)
      if (children[i] == pid) children[i] = children[--child_count];
    char line[96];
    int length = snprintf(line, sizeof line, "{\"kind\":\"gone\",\"pid\":%d,\"code\":%d,\"signal\":%d}\n", (int)pid,
                          WIFEXITED(status) ? WEXITSTATUS(status) : 0, WIFSIGNALED(status) ? WTERMSIG(status) : 0);
    if (!send_line(&manager, line, (size_t)length)) end_all();
  }
}

/* Only the manager may ask: the socket's folder is its own, and this is to be sure. */
static int from_manager(int fd) {
  struct ucred peer;
  socklen_t size = sizeof peer;
  return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.pid == getppid();
}

static int make_room(void) {
  if (child_count < child_room) return 1;
  size_t room = child_room * 2 + 64;
  pid_t *grown = realloc(children, room * sizeof *children);
  if (grown == NULL) return 0;
  children = grown;
  child_room = room;
  return 1;
}

/* Forks a streamlet for each connection that waits; what cannot be forked is closed, and the manager sees that. */
static void give_birth(int listener, int signals, const sigset_t *mask, double beat_ms) {
  int fd;
  while ((fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
    pid_t pid = from_manager(fd) && make_room() ? fork() : -1;
    if (pid == 0) {
      /* Should its zygote die it must not stay stopped, or it would not see its channel close. */
      prctl(PR_SET_PDEATHSIG, SIGCONT);
      sigprocmask(SIG_SETMASK, mask, NULL);
      close(listener);
      close(signals);
      close(epoll_fd);
      close(manager.fd);
      serve_manager(fd, beat_ms);
    }
    if (pid > 0) children[child_count++] = pid;
    close(fd);
  }
}

static int manager_is_there(void) {
  char ignored[256];
  ssize_t got = recv(manager.fd, ignored, sizeof ignored, MSG_DONTWAIT);
  return got > 0 || (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR));
}

int run_zygote(int fd, const char *path, double beat_ms) {
  sigset_t child, before;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  sigprocmask(SIG_BLOCK, &child, &before);
  manager.fd = fd;
  int listener = listen_at(path);
  int signals = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
  epoll_fd = epoll_create1(EPOLL_CLOEXEC);
  if (listener < 0 || signals < 0 || epoll_fd < 0) {
    perror("zygote");
    return 1;
  }
  int watched[] = {fd, listener, signals};
  for (int i = 0; i < 3; i++) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = watched[i]};
    epoll_ctl(epoll_fd, EPOLL_CTL_ADD, watched[i], &event);
  }
  static const char ready[] = "{\"kind\":\"ready\"}\n";
  if (!send_line(&manager, ready, sizeof ready - 1)) return 0;
  for (;;) {
    struct epoll_event events[EVENTS];
    int count = epoll_wait(epoll_fd, events, EVENTS, -1);
    for (int i = 0; i < count; i++) {
      struct signalfd_siginfo info;
      if (events[i].data.fd == fd && !manager_is_there()) end_all();
      if (events[i].data.fd == signals && read(signals, &info, sizeof info) > 0) reap();
      if (events[i].data.fd == listener) give_birth(listener, signals, &before, beat_ms);
    }
  }
}
