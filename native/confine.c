/* Gives up rights in the only possible order: namespaces, user, capabilities, dumps, and last the
 * system calls. */
#define _GNU_SOURCE
#include "confine.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "pids.h"
#include "syscalls.h"

static _Noreturn void fail(const char *what) {
  fprintf(stderr, "streamlet: not confined: %s: %s\n", what, strerror(errno));
  exit(UNCONFINED);
}

int read_isolation(const char *text, struct isolation *out) {
  char rest[16] = "";
  *out = (struct isolation){.uid = -1, .gid = -1};
  if (strcmp(text, "none") == 0) return 1;
  out->wanted = 1;
  if (sscanf(text, "%ld:%ld%15s", &out->uid, &out->gid, rest) < 2) return 0;
  out->may_connect = strcmp(rest, ",connect") == 0;
  return rest[0] == 0 || out->may_connect;
}

int leave_namespaces(const struct isolation *how) {
  int left = 0;
  if (!how->wanted || geteuid() != 0) return 0;
  if (!how->may_connect && unshare(CLONE_NEWNET) == 0) left |= OWN_NETWORK;
  int is_apart = unshare(CLONE_NEWNS | CLONE_NEWIPC) == 0;
  if (is_apart && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0) left |= OWN_MOUNTS;
  if (may_have_own_pids() && unshare(CLONE_NEWPID) == 0) left |= OWN_PIDS;
  return left;
}

static void become_user(const struct isolation *how) {
  if (how->uid < 0) return;
  int signal = 0;
  prctl(PR_GET_PDEATHSIG, &signal);
  if (setgroups(0, NULL) != 0) fail("setgroups");
  if (setresgid((gid_t)how->gid, (gid_t)how->gid, (gid_t)how->gid) != 0) fail("setresgid");
  if (setresuid((uid_t)how->uid, (uid_t)how->uid, (uid_t)how->uid) != 0) fail("setresuid");
  /* A change of user makes the kernel forget it. */
  if (prctl(PR_SET_PDEATHSIG, signal) != 0) fail("PR_SET_PDEATHSIG");
}

static void drop_capabilities(void) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct none[2] = {{0, 0, 0}, {0, 0, 0}};
  /* Refused where there is nothing to drop: without CAP_SETPCAP the bounding set stays, and
   * no_new_privs makes it meaningless. */
  for (int capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; capability++)
    prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
  if (syscall(SYS_capset, &header, none) != 0) fail("capset");
}

void give_up_rights(const struct isolation *how) {
  if (!how->wanted) return;
  struct rlimit nothing = {0, 0};
  setrlimit(RLIMIT_CORE, &nothing);
  if (geteuid() == 0) become_user(how);
  drop_capabilities();
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) fail("PR_SET_NO_NEW_PRIVS");
}

void confine(const struct isolation *how, int listener) {
  if (!how->wanted) return;
  give_up_rights(how);
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) fail("PR_SET_DUMPABLE");
  if (!filter_syscalls(how->may_connect, listener)) fail("seccomp");
}

int probe_isolation(const char *text) {
  struct isolation how;
  char said[160];
  if (!read_isolation(text, &how)) return 2;
  if (!how.wanted) return 1;
  int root = geteuid() == 0;
  int spaces = leave_namespaces(&how);
  confine(&how, -1);
  int length = snprintf(said, sizeof said, "no-new-privs no-capabilities not-dumpable%s%s%s%s%s\n",
                        has_syscall_filter() ? " seccomp" : "", root && how.uid > 0 ? " own-user" : "",
                        spaces & OWN_NETWORK ? " own-network" : "", spaces & OWN_MOUNTS ? " own-mounts" : "",
                        spaces & OWN_PIDS ? " own-pids" : "");
  return write(1, said, (size_t)length) == length ? 0 : 1;
}
