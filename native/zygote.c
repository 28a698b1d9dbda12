/* Makes streamlets in the manager's place, whom a fork of its own blocks for 1 to 6 ms. A connection to its socket is a new streamlet's
 * channel to the manager. The zygote is a streamlet that is loaded and set up but for its channel: it keeps some forked ahead, which wait for
 * that connection themselves. The launcher starts the program anew for each. Neither ever sees a client's socket: those go over that
 * channel. Its own channel to the manager tells who has ended, and how; when that channel closes, every streamlet that came of it is
 * killed. When it is killed itself, its streamlets go on: they end with their channels. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "channel.h"
#include "pids.h"
#include "process.h"
#include "streamlet.h"
#include "zygote.h"
#include "watch.h"

#define BACKLOG 128
#define EVENTS 8
/* A burst of so many is served without a fork; a spare is 0.1 MB. */
#define SPARES 8
/* Spares that die one after the other and never served: something is wrong that forking more does not mend. */
#define MAX_LOST_SPARES 16
/* One spare is replaced after so long without news, unless it was the last: forking takes the processor that the new streamlet needs. */
#define FORK_DELAY_MS 2

struct child {
  pid_t pid;
  /* It waits for its connection, and has this place in `served`. */
  int spare, place;
};

static struct channel manager;
static pid_t manager_pid;
static uid_t manager_uid;
/* Of the PID namespace of its children; 0 = they have none. */
static pid_t first_process;
static struct child *children;
static size_t child_count, child_room;
static int is_zygote, spare_count, lost_spares;
/* The manager starts as many at once as there are cores: where there are no spares left, so many are forked. */
static int cores;
/* Shared with the spares: nonzero where one is none any more, which it must not die without having said. */
static volatile char *served;
static char place_used[SPARES];
static struct sockaddr_un address = {.sun_family = AF_UNIX};
static int listener, signals;
/* The same, said aloud: their numbers. */
static int taken[2];
static sigset_t first_mask;
static double beat_ms;

/* A spare waits in accept(), so that a connection wakes one of them and no other; a launcher must not wait there. */
static int listen_at(const char *path, int flags) {
  if (path[0] != '/' || strlen(path) >= sizeof address.sun_path) return -1;
  strcpy(address.sun_path, path);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
  if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, BACKLOG) != 0) return -1;
  return fd;
}

/* Its folder was made for the socket alone. */
static void end_all(void) {
  if (first_process > 0) kill(first_process, SIGKILL);
  for (size_t i = 0; i < child_count; i++) kill(children[i].pid, SIGKILL);
  unlink(address.sun_path);
  *strrchr(address.sun_path, '/') = 0;
  rmdir(address.sun_path);
  /* Who hears that the zygote is gone may rely on the others being gone, too. */
  while (waitpid(-1, NULL, 0) > 0 || errno == EINTR) continue;
  exit(0);
}

static struct child *find(pid_t pid) {
  for (size_t i = 0; i < child_count; i++)
    if (children[i].pid == pid) return &children[i];
  return NULL;
}

static void give_up_place(struct child *spare) {
  spare->spare = 0;
  spare_count--;
  served[spare->place] = 0;
  place_used[spare->place] = 0;
}

static void note_taken(void) {
  pid_t pid;
  while (read(taken[0], &pid, sizeof pid) == sizeof pid) {
    struct child *child = find(pid);
    if (child == NULL || !child->spare) continue;
    give_up_place(child);
    lost_spares = 0;
  }
}

static void tell_gone(pid_t pid, int status) {
  char line[96];
  int length = snprintf(line, sizeof line, "{\"kind\":\"gone\",\"pid\":%d,\"code\":%d,\"signal\":%d}\n", (int)pid,
                        WIFEXITED(status) ? WEXITSTATUS(status) : 0, WIFSIGNALED(status) ? WTERMSIG(status) : 0);
  if (!send_line(&manager, line, (size_t)length)) end_all();
}

static void reap(void) {
  int status;
  pid_t pid;
  while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
    if (pid == first_process) {
      /* The kernel has killed the others before; no further one can be forked. */
      fprintf(stderr, "zygote: the first process of its PID namespace has ended\n");
      exit(1);
    }
    struct child *child = find(pid);
    if (child == NULL) continue;
    int lost = child->spare && !served[child->place];
    if (child->spare) give_up_place(child);
    *child = children[--child_count];
    if (!lost) {
      tell_gone(pid, status);
      continue;
    }
    if (++lost_spares > MAX_LOST_SPARES) {
      fprintf(stderr, "zygote: %d spares in a row died before they served\n", lost_spares);
      exit(1);
    }
  }
}

/* Only the manager may ask: the socket's folder is its own, and this is to be sure. To a process of a PID namespace all outside it have the
 * number 0. */
static int from_manager(int fd, pid_t known_as) {
  struct ucred peer;
  socklen_t size = sizeof peer;
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return 0;
  return peer.pid == known_as && peer.uid == manager_uid;
}

static int make_room(void) {
  if (child_count < child_room) return 1;
  size_t room = child_room * 2 + 64;
  struct child *grown = realloc(children, room * sizeof *children);
  if (grown == NULL) return 0;
  children = grown;
  child_room = room;
  return 1;
}

/* A spare's life until it is a streamlet. */
static _Noreturn void wait_for_channel(pid_t zygote, int place) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  /* It may have died before the kernel was asked. A parent outside the PID namespace has no number. */
  if (first_process > 0 ? maker_has_ended() : getppid() != zygote) exit(0);
  sigprocmask(SIG_SETMASK, &first_mask, NULL);
  close(signals);
  leave_watch_set();
  close(manager.fd);
  close(taken[0]);
  prepare_to_serve();
  confine_streamlet();
  /* Its page is fetched now and not when the manager waits. */
  served[place] = 0;
  int fd;
  const pid_t known_as = first_process > 0 ? 0 : manager_pid;
  while ((fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC)) < 0 || !from_manager(fd, known_as)) {
    /* What trying again does not mend (no descriptor left) ends it: a few of these, and the zygote says so. */
    if (fd < 0 && errno != EINTR && errno != ECONNABORTED) exit(1);
    if (fd >= 0) close(fd);
  }
  /* Should its zygote die it must not stay stopped, or it would not see its channel close. */
  prctl(PR_SET_PDEATHSIG, SIGCONT);
  served[place] = 1;
  greet_manager(fd);
  /* Aloud afterwards, since it wakes the zygote, who would take a core from the manager. */
  pid_t self = own_number();
  if (write(taken[1], &self, sizeof self) != sizeof self) exit(0);
  close(taken[1]);
  close(listener);
  serve_manager(beat_ms);
}

/* What cannot be forked is closed, and the manager sees that; while there are spares, they accept. */
static void refuse_waiting(void) {
  struct pollfd waiting = {listener, POLLIN, 0};
  while (poll(&waiting, 1, 0) == 1) {
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0) return;
    close(fd);
  }
}

static void fork_spares(int wanted) {
  pid_t self = getpid();
  while (spare_count < wanted && spare_count < SPARES) {
    int place = 0;
    while (place_used[place]) place++;
    pid_t pid = make_room() ? fork() : -1;
    if (pid == 0) wait_for_channel(self, place);
    if (pid < 0) break;
    children[child_count++] = (struct child){pid, 1, place};
    place_used[place] = 1;
    spare_count++;
  }
  if (spare_count == 0) refuse_waiting();
}

/* Starts the program anew with `fd` as its channel; -1 if that cannot be. */
static pid_t start_anew(int fd, char *const arguments[]) {
  char channel[32];
  char *const environment[] = {channel, NULL};
  snprintf(channel, sizeof channel, "NODE_CHANNEL_FD=%d", fd);
  /* Half the time of fork(), which copies what exec throws away. */
  pid_t pid = vfork();
  if (pid != 0) return pid;
  prctl(PR_SET_PDEATHSIG, SIGCONT);
  sigprocmask(SIG_SETMASK, &first_mask, NULL);
  execve("/proc/self/exe", arguments, environment);
  _exit(127);
}

static void launch(char *const arguments[]) {
  int fd;
  while ((fd = accept4(listener, NULL, NULL, 0)) >= 0) {
    pid_t pid = from_manager(fd, manager_pid) && make_room() ? start_anew(fd, arguments) : -1;
    if (pid > 0) children[child_count++] = (struct child){pid, 0, 0};
    close(fd);
  }
}

static int manager_is_there(void) {
  char ignored[256];
  ssize_t got = recv(manager.fd, ignored, sizeof ignored, MSG_DONTWAIT);
  return got > 0 || (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR));
}

static int begin(int fd, const char *path, char *const arguments[]) {
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  sigprocmask(SIG_BLOCK, &child, &first_mask);
  manager.fd = fd;
  manager_pid = getppid();
  manager_uid = geteuid();
  /* A streamlet that is started anew must not hold it. */
  fcntl(fd, F_SETFD, FD_CLOEXEC);
  listener = listen_at(path, arguments == NULL ? 0 : SOCK_NONBLOCK);
  signals = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
  if (listener < 0 || signals < 0 || !make_watch_set() || pipe2(taken, O_CLOEXEC | O_NONBLOCK) != 0) return 0;
  int *asked = arguments == NULL ? &taken[0] : &listener;
  if (!watch_channel(&manager, &manager) || !watch(signals, EPOLLIN, &signals) || !watch(*asked, EPOLLIN, asked)) return 0;
  served = mmap(NULL, SPARES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (served == MAP_FAILED) return 0;
  long online = sysconf(_SC_NPROCESSORS_ONLN);
  cores = online < 1 ? 1 : (int)online;
  is_zygote = arguments == NULL;
  return 1;
}

int run_zygote(int fd, const char *path, double beat, pid_t first, char *const arguments[]) {
  beat_ms = beat;
  first_process = first;
  if (!begin(fd, path, arguments)) {
    perror("zygote");
    return 1;
  }
  if (is_zygote) fork_spares(SPARES);
  static const char ready[] = "{\"kind\":\"ready\"}\n";
  if (!send_line(&manager, ready, sizeof ready - 1)) end_all();
  for (;;) {
    struct epoll_event events[EVENTS];
    int count = wait_for_events(events, EVENTS, is_zygote && spare_count < SPARES ? FORK_DELAY_MS : -1);
    for (int i = 0; i < count; i++) {
      struct signalfd_siginfo info;
      void *what = events[i].data.ptr;
      if (what == &manager && (!flush_channel(&manager) || !manager_is_there())) end_all();
      if (what == &taken[0]) note_taken();
      if (what == &signals && read(signals, &info, sizeof info) > 0) reap();
      if (what == &listener) launch(arguments);
    }
    if (!is_zygote) continue;
    if (spare_count == 0) fork_spares(cores);
    else if (count == 0) fork_spares(spare_count + 1);
  }
}
