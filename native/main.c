/* The ultra-light streamlet: a small static program with the same messages and channel as
 * src/live/streamlet/main.ts. Arguments: heartbeat period in ms, formats (comma-separated), most
 * bits per second to send (0 = no limit), isolation (confine.h). It ends when its parent ends; with
 * `--launched` after these arguments, when its channel closes. With `--zygote SOCKET` or
 * `--launcher SOCKET` it starts streamlets instead (zygote.c). */
#ifndef FUZZING
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "check.h"
#include "checksums.h"
#include "confine.h"
#include "formats.h"
#include "pids.h"
#include "streamlet.h"
#include "transfer.h"
#include "wrap.h"
#include "zygote.h"

static struct isolation isolation;

/* Starts streamlets with the arguments of this process. */
static int make_streamlets(int fd, char **arguments) {
  char *const launched[] = {arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], "--launched", NULL};
  const int is_launcher = strcmp(arguments[5], "--launcher") == 0;
  pid_t first = 0;
  /* A stopped process must also see that its manager has ended, so that it can end its
   * streamlets. */
  prctl(PR_SET_PDEATHSIG, SIGCONT);
  if (leave_namespaces(&isolation) & OWN_PIDS) first = start_first_process(&isolation, arguments);
  if (first < 0) {
    perror("streamlet: no first process of a PID namespace");
    return 1;
  }
  return run_zygote(fd, arguments[6], atof(arguments[1]), first, is_launcher ? launched : NULL);
}

int main(int count, char **arguments) {
  init_checksums();
  if (count == 3 && strcmp(arguments[1], "--check") == 0) return check_decoder(arguments[2]);
  if (count == 3 && strcmp(arguments[1], "--isolation") == 0) return probe_isolation(arguments[2]);
  if (count == 3 && strcmp(arguments[1], "--wrap") == 0) return probe_wrap(arguments[2]);
  if (count > 6 && strcmp(arguments[1], "--wrap") == 0 && strcmp(arguments[5], "--") == 0)
    return run_wrapped(arguments[2], arguments[3], arguments[4], arguments + 6);
  const char *fd = getenv("NODE_CHANNEL_FD");
  int maker = count == 7 && (strcmp(arguments[5], "--zygote") == 0 || strcmp(arguments[5], "--launcher") == 0);
  int launched = count == 6 && strcmp(arguments[5], "--launched") == 0;
  if ((count != 5 && !maker && !launched) || fd == NULL || !read_isolation(arguments[4], &isolation)) {
    fprintf(stderr, "streamlet: started by the manager only\n");
    return 2;
  }
  signal(SIGPIPE, SIG_IGN);
  signal(SIGINT, SIG_IGN);
  set_isolation(&isolation);
  if (!serve_formats(arguments[2])) return 1;
  limit_network(atof(arguments[3]));
  if (maker) return make_streamlets(atoi(fd), arguments);
  pid_t parent = getppid();
  if (!launched) prctl(PR_SET_PDEATHSIG, SIGKILL);
  /* The parent may have ended before prctl. */
  if (!launched && getppid() != parent) return 0;
  prepare_to_serve();
  greet_manager(atoi(fd));
  serve_manager(atof(arguments[1]));
}
#endif
