/* Acts as a compromised streamlet: only in the build of test/native/compromised.test.ts, which
   asks for it by the manager's message `hog`. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <unistd.h>

void attempt(const char *what);

static int try_connect(int domain) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(80)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int fd = socket(domain, SOCK_STREAM, 0);
  return fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
}

/* The attempt succeeded, or failed without an effect: both end in an exit code that no test
   accepts. */
void attempt(const char *what) {
  if (strcmp(what, "open") == 0 && open("/etc/hostname", O_RDONLY) >= 0) _exit(90);
  if (strcmp(what, "connect") == 0 && try_connect(AF_INET)) _exit(91);
  if (strcmp(what, "unix") == 0 && try_connect(AF_UNIX)) _exit(92);
  if (strcmp(what, "ptrace") == 0 && ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) == 0) _exit(93);
  if (strcmp(what, "fork") == 0 && fork() >= 0) _exit(94);
  if (strcmp(what, "exec") == 0) execl("/bin/true", "true", (char *)NULL);
  if (strcmp(what, "kill") == 0 && kill(getppid(), SIGKILL) == 0) _exit(95);
  if (strcmp(what, "setuid") == 0 && setuid(0) == 0) _exit(96);
  const int all = PROT_READ | PROT_WRITE | PROT_EXEC;
  if (strcmp(what, "code") == 0 && mmap(NULL, 4096, all, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED) _exit(97);
  if (strcmp(what, "dumpable") == 0 && prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == 0) _exit(98);
  _exit(99);
}
