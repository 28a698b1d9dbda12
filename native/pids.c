#define _GNU_SOURCE
#include "pids.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "confine.h"

/* Descriptors that a maker has at its start: the standard ones and its channel. */
#define FIRST_DESCRIPTORS 64

static int maker = -1;
/* Only the maker and its streamlets hold the writing end. */
static int alive[2] = {-1, -1};

/* /proc shows process ids of the namespace in which it was mounted. */
static pid_t pid_in_proc(void) {
  char text[32];
  ssize_t length = readlink("/proc/self", text, sizeof text - 1);
  if (length <= 0) return -1;
  text[length] = 0;
  return (pid_t)atol(text);
}

pid_t outer_pid(void) {
  const pid_t pid = pid_in_proc();
  return pid > 0 ? pid : getpid();
}

static int open_maker(void) { return (int)syscall(SYS_pidfd_open, getpid(), 0); }

int may_have_own_pids(void) {
  const int fd = open_maker();
  if (fd < 0) return 0;
  close(fd);
  return pid_in_proc() == getpid();
}

int maker_has_ended(void) {
  struct pollfd ended = {maker, POLLIN, 0};
  return poll(&ended, 1, 0) != 0;
}

/* Closes the maker's descriptors: otherwise its channel or its listening socket would outlive
 * it. */
static void close_others(void) {
  for (int fd = 0; fd < FIRST_DESCRIPTORS; fd++)
    if (fd != alive[0]) close(fd);
}

static _Noreturn void wait_for_the_others(const struct isolation *how) {
  close_others();
  /* When the last writer is gone, the kernel sends SIGCONT, so that this process sees it even if
   * stopped. */
  fcntl(alive[0], F_SETSIG, SIGCONT);
  fcntl(alive[0], F_SETOWN, getpid());
  fcntl(alive[0], F_SETFL, O_ASYNC | O_NONBLOCK);
  confine(how, -1);
  struct pollfd others = {alive[0], 0, 0};
  while (poll(&others, 1, -1) != 1) continue;
  _exit(0);
}

pid_t start_first_process(const struct isolation *how, char **arguments) {
  maker = open_maker();
  if (maker < 0 || pipe(alive) != 0) return -1;
  /* Only the children of a zygote read it; a launched streamlet does not. */
  fcntl(maker, F_SETFD, FD_CLOEXEC);
  /* The forked process must have its own name from its first instruction on. */
  char own[16];
  snprintf(own, sizeof own, "%s", arguments[5]);
  strcpy(arguments[5], "--first");
  const pid_t pid = fork();
  if (pid == 0) wait_for_the_others(how);
  strcpy(arguments[5], own);
  close(alive[0]);
  return pid;
}
