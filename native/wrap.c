/* `streamlet --wrap UID:GID[,connect] READABLE SOCKETS -- COMMAND…`: runs the Node streamlet
 * without rights. A filter kills it (SIGSYS) on a call that no streamlet makes. Node needs some 90
 * system calls, and others in each version, so this file lists the forbidden ones. READABLE: files
 * and folders, one a line, that it may read and run. SOCKETS: folders, one a line, in which it may
 * create sockets. It has no access to other files (Landlock), unless READABLE is empty. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "confine.h"
#include "wrap.h"
#include "syscalls.h"

#define READING (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_EXECUTE)
/* All access rights of the first version of Landlock. */
#define EVERYTHING ((LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1)
#define FIRST_LANDLOCK 0

static int has_landlock(void) {
  return syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) > FIRST_LANDLOCK;
}

/* Allows something on each of the paths, which are separated by newlines; a missing one is
 * skipped. */
static void allow_paths(int rules, char *paths, uint64_t on_file, uint64_t on_folder) {
  for (char *path = strtok(paths, "\n"); path != NULL; path = strtok(NULL, "\n")) {
    struct stat kind;
    int fd = open(path, O_PATH | O_CLOEXEC);
    if (fd < 0) continue;
    uint64_t access = fstat(fd, &kind) == 0 && S_ISDIR(kind.st_mode) ? on_folder : on_file;
    struct landlock_path_beneath_attr rule = {.allowed_access = access, .parent_fd = fd};
    if (access != 0) syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    close(fd);
  }
}

/* 1 = no other files can be reached from here on. */
static int leave_files(char *readable, char *sockets) {
  struct landlock_ruleset_attr all = {.handled_access_fs = EVERYTHING};
  if (readable[0] == 0 || !has_landlock()) return 0;
  int rules = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0);
  if (rules < 0) return 0;
  allow_paths(rules, readable, READING, READING | LANDLOCK_ACCESS_FS_READ_DIR);
  allow_paths(rules, sockets, 0, LANDLOCK_ACCESS_FS_MAKE_SOCK);
  int left = syscall(SYS_landlock_restrict_self, rules, 0) == 0;
  close(rules);
  return left;
}

int probe_wrap(const char *isolation) {
  struct isolation how;
  if (!read_isolation(isolation, &how) || !how.wanted) return 2;
  int root = geteuid() == 0;
  int files = has_landlock();
  give_up_rights(&how);
  int filter = has_syscall_filter() && forbid_syscalls(how.may_connect);
  return printf("no-new-privs no-capabilities%s%s%s\n", filter ? " seccomp" : "", files ? " landlock" : "",
                root && how.uid > 0 ? " own-user" : "") > 0 ? 0 : 1;
}

int run_wrapped(const char *isolation, char *readable, char *sockets, char *command[]) {
  struct isolation how;
  pid_t parent = getppid();
  if (!read_isolation(isolation, &how)) return 2;
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) perror("streamlet");
  /* It may have died before the kernel was asked. */
  if (getppid() != parent) return 0;
  give_up_rights(&how);
  if (how.wanted) leave_files(readable, sockets);
  if (how.wanted && !forbid_syscalls(how.may_connect)) perror("streamlet: no system-call filter");
  execvp(command[0], command);
  perror(command[0]);
  return 127;
}
