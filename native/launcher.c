#define _GNU_SOURCE
#include "launcher.h"

#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "children.h"
#include "process.h"

/* Executes the program again with `fd` as its channel; -1 if that fails. */
static pid_t start_again(int fd, char *const arguments[], const sigset_t *mask) {
  char channel[32];
  char *const environment[] = {channel, NULL};
  snprintf(channel, sizeof channel, "NODE_CHANNEL_FD=%d", fd);
  /* Takes half the time of fork(), which copies what exec discards. */
  pid_t pid = vfork();
  if (pid != 0) return pid;
  prctl(PR_SET_PDEATHSIG, SIGCONT);
  sigprocmask(SIG_SETMASK, mask, NULL);
  execve("/proc/self/exe", arguments, environment);
  _exit(127);
}

void launch_waiting(const struct launcher *launcher, char *const arguments[]) {
  int fd;
  while ((fd = accept4(launcher->listener, NULL, NULL, 0)) >= 0) {
    int is_manager = is_peer(fd, launcher->manager_pid, launcher->manager_uid);
    pid_t pid = is_manager && make_room_for_child() ? start_again(fd, arguments, &launcher->mask) : -1;
    if (pid > 0) note_child((struct child){pid, 0, 0});
    close(fd);
  }
}
