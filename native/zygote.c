/* Starts streamlets for the manager, because a fork by the manager itself would block it for 1 to
 * 6 ms. The manager connects to this process's socket; the connection becomes the channel between
 * the manager and the new streamlet. There are two kinds:
 * - A zygote has loaded and prepared the program. It keeps spare processes, forked in advance, that
 *   accept the connections themselves.
 * - A launcher executes the program again for each streamlet.
 * Neither gets a client's socket: those go over the streamlet's channel. Both report to the manager
 * over a channel of their own which streamlet ended, and how. When that channel closes, they kill
 * their streamlets. If a zygote or launcher is killed, its streamlets continue, each until its
 * own channel closes. */
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
#include <sys/wait.h>
#include <unistd.h>

#include "channel.h"
#include "children.h"
#include "launcher.h"
#include "listener.h"
#include "pids.h"
#include "process.h"
#include "streamlet.h"
#include "zygote.h"
#include "watch.h"

#define EVENTS 8
/* A burst of this many starts needs no fork. A spare takes 0.1 MB. */
#define SPARES 8
/* After this many spares in a row have died unused, the zygote gives up: more forks would not
 * help. */
#define MAX_LOST_SPARES 16
/* A used spare is replaced after this time without events, because a fork takes the core that the
 * new streamlet needs. The last spare is replaced at once. */
#define FORK_DELAY_MS 2

static struct channel manager;
/* The first process of the children's PID namespace; 0 = they have no namespace. */
static pid_t first_process;
static int is_zygote, spare_count, lost_spares;
/* Number of cores. The manager starts at most this many streamlets at once, so this many spares are
 * forked when none is left. */
static int cores;
/* In memory shared with the spares: nonzero once the spare at that place has become a streamlet. It
 * is set before anything else, so that the death of that streamlet is always reported. */
static volatile char *served;
static char place_used[SPARES];
/* A zygote uses its fields, too: both accept connections of the manager only. */
static struct launcher launcher;
static int signals;
/* A pipe on which a spare that becomes a streamlet sends its process id. */
static int taken[2];
static double beat_ms;

static void end_all(void) {
  if (first_process > 0) kill(first_process, SIGKILL);
  kill_children();
  remove_listener();
  /* When the manager sees that the zygote has ended, all its children must have ended, too. */
  while (waitpid(-1, NULL, 0) > 0 || errno == EINTR) continue;
  exit(0);
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
    struct child *child = find_child(pid);
    if (child == NULL || !child->spare) continue;
    give_up_place(child);
    lost_spares = 0;
  }
}

static void report_end_of(pid_t pid, int status) {
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
      /* The kernel has already killed the others, and forbids further forks. */
      fprintf(stderr, "zygote: the first process of its PID namespace has ended\n");
      exit(1);
    }
    struct child *child = find_child(pid);
    if (child == NULL) continue;
    int lost = child->spare && !served[child->place];
    if (child->spare) give_up_place(child);
    forget_child(child);
    if (!lost) {
      report_end_of(pid, status);
      continue;
    }
    if (++lost_spares > MAX_LOST_SPARES) {
      fprintf(stderr, "zygote: %d spares in a row died before they served\n", lost_spares);
      exit(1);
    }
  }
}

/* What a spare does until it becomes a streamlet. */
static _Noreturn void wait_for_channel(pid_t zygote, int place) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  /* The zygote may have ended before prctl. A parent outside the PID namespace has no id here. */
  if (first_process > 0 ? maker_has_ended() : getppid() != zygote) exit(0);
  sigprocmask(SIG_SETMASK, &launcher.mask, NULL);
  close(signals);
  leave_watch_set();
  close(manager.fd);
  close(taken[0]);
  prepare_to_serve();
  confine_streamlet();
  /* This write faults the page in now, not while the manager waits. */
  served[place] = 0;
  int fd;
  /* The socket's folder is already private; is_peer is a second check. */
  const pid_t known_as = first_process > 0 ? 0 : launcher.manager_pid;
  while ((fd = accept4(launcher.listener, NULL, NULL, SOCK_CLOEXEC)) < 0 ||
         !is_peer(fd, known_as, launcher.manager_uid)) {
    /* Retrying does not help against other errors (no free descriptor). After MAX_LOST_SPARES such
     * exits the zygote reports it. */
    if (fd < 0 && errno != EINTR && errno != ECONNABORTED) exit(1);
    if (fd >= 0) close(fd);
  }
  /* If the zygote ends, SIGCONT wakes a stopped streamlet, so that it sees its channel close. */
  prctl(PR_SET_PDEATHSIG, SIGCONT);
  served[place] = 1;
  greet_manager(fd);
  /* Written last, because it wakes the zygote, which would take a core from the manager. */
  pid_t self = own_number();
  if (write(taken[1], &self, sizeof self) != sizeof self) exit(0);
  close(taken[1]);
  close(launcher.listener);
  serve_manager(beat_ms);
}

/* Closes the waiting connections when there is no spare and no fork succeeds. The manager sees
 * that. */
static void refuse_waiting(void) {
  struct pollfd waiting = {launcher.listener, POLLIN, 0};
  while (poll(&waiting, 1, 0) == 1) {
    int fd = accept4(launcher.listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0) return;
    close(fd);
  }
}

static void fork_spares(int wanted) {
  pid_t self = getpid();
  while (spare_count < wanted && spare_count < SPARES) {
    int place = 0;
    while (place_used[place]) place++;
    pid_t pid = make_room_for_child() ? fork() : -1;
    if (pid == 0) wait_for_channel(self, place);
    if (pid < 0) break;
    note_child((struct child){pid, 1, place});
    place_used[place] = 1;
    spare_count++;
  }
  if (spare_count == 0) refuse_waiting();
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
  sigprocmask(SIG_BLOCK, &child, &launcher.mask);
  manager.fd = fd;
  launcher.manager_pid = getppid();
  launcher.manager_uid = geteuid();
  /* A launched streamlet must not inherit it. */
  fcntl(fd, F_SETFD, FD_CLOEXEC);
  /* Spares block in accept(), so that a connection wakes only one of them. A launcher must not
   * block. */
  launcher.listener = listen_at(path, arguments == NULL ? 0 : SOCK_NONBLOCK);
  signals = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
  if (launcher.listener < 0 || signals < 0 || !make_watch_set() || pipe2(taken, O_CLOEXEC | O_NONBLOCK) != 0) return 0;
  int *asked = arguments == NULL ? &taken[0] : &launcher.listener;
  int is_watched = watch_channel(&manager, &manager) && watch(signals, EPOLLIN, &signals);
  if (!is_watched || !watch(*asked, EPOLLIN, asked)) return 0;
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
      if (what == &launcher.listener) launch_waiting(&launcher, arguments);
    }
    if (!is_zygote) continue;
    if (spare_count == 0) fork_spares(cores);
    else if (count == 0) fork_spares(spare_count + 1);
  }
}
