#define _GNU_SOURCE
#include "process.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

double now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1000 + (double)now.tv_nsec / 1e6;
}

void out_of_memory(void) { exit(OUT_OF_MEMORY); }

int is_peer(int fd, pid_t pid, uid_t uid) {
  struct ucred peer;
  socklen_t size = sizeof peer;
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return 0;
  return peer.pid == pid && peer.uid == uid;
}
