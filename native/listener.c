#define _GNU_SOURCE
#include "listener.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 128

static struct sockaddr_un address = {.sun_family = AF_UNIX};

int listen_at(const char *path, int flags) {
  if (path[0] != '/' || strlen(path) >= sizeof address.sun_path) return -1;
  strcpy(address.sun_path, path);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
  if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, BACKLOG) != 0) return -1;
  return fd;
}

void remove_listener(void) {
  unlink(address.sun_path);
  *strrchr(address.sun_path, '/') = 0;
  rmdir(address.sun_path);
}
