/* The system calls that a serving streamlet makes, as a filter of the kernel (seccomp(2)). It is
 * written in BPF, since libseccomp would add 200 kB to each process for 40 comparisons. */
#define _GNU_SOURCE
#include "syscalls.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(SANITIZED)
/* The sanitizers' reports make other calls. */
#elif defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#ifndef ARCHITECTURE
int has_syscall_filter(void) { return 0; }
int filter_syscalls(int may_connect, int listener) { return may_connect + listener > -2; }
int forbid_syscalls(int may_connect) { return may_connect >= 0; }
#else

#define MAX_FILTER 256

static const int allowed[] = {
    /* Sockets and what waits on them. */
    SYS_epoll_pwait, SYS_epoll_ctl, SYS_recvfrom, SYS_recvmsg, SYS_sendto, SYS_sendmsg, SYS_close, SYS_shutdown,
    SYS_setsockopt, SYS_getsockopt, SYS_bind, SYS_listen, SYS_accept4, SYS_ppoll,
    /* Its own load; last words. */
    SYS_pread64, SYS_getrusage, SYS_clock_gettime, SYS_write, SYS_writev, SYS_getpid, SYS_gettid,
    /* Memory, without code: mmap and mprotect are below. */
    SYS_brk, SYS_munmap, SYS_mremap, SYS_madvise,
    SYS_exit, SYS_exit_group, SYS_rt_sigreturn, SYS_rt_sigprocmask, SYS_restart_syscall,
#ifdef __x86_64__
    SYS_epoll_wait, SYS_poll,
#endif
};

struct filter {
  struct sock_filter code[MAX_FILTER];
  unsigned short length;
};

static void add(struct filter *self, struct sock_filter one) { self->code[self->length++] = one; }

static void load(struct filter *self, unsigned offset) {
  add(self, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset));
}

static void end(struct filter *self, uint32_t verdict) {
  add(self, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, verdict));
}

/* Only the lower half: the values are small numbers, and the kernel reads these arguments as 32
 * bits. */
static void load_argument(struct filter *self, unsigned which) {
  load(self, (unsigned)(offsetof(struct seccomp_data, args) + which * sizeof(uint64_t)));
}

static void equals_or_skip(struct filter *self, uint32_t value, uint8_t skipped) {
  add(self, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skipped));
}

static void bits_skip(struct filter *self, uint32_t bits, uint8_t skipped) {
  add(self, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, bits, skipped, 0));
}

static void load_number(struct filter *self) { load(self, offsetof(struct seccomp_data, nr)); }

/* A call whose argument must be one of two values; with others it ends the process. */
static void only(struct filter *self, int number, unsigned argument, uint32_t one, uint32_t other) {
  equals_or_skip(self, (uint32_t)number, 6);
  load_argument(self, argument);
  equals_or_skip(self, one, 1);
  end(self, SECCOMP_RET_ALLOW);
  equals_or_skip(self, other, 1);
  end(self, SECCOMP_RET_ALLOW);
  end(self, SECCOMP_RET_KILL_PROCESS);
}

/* Memory that holds no code. */
static void allow_without_exec(struct filter *self, int number) {
  equals_or_skip(self, (uint32_t)number, 4);
  load_argument(self, 2);
  bits_skip(self, PROT_EXEC, 1);
  end(self, SECCOMP_RET_ALLOW);
  end(self, SECCOMP_RET_KILL_PROCESS);
}

/* A spare of the zygote continues after its parent's end once it serves, and sets that here. */
static void allow_death_signal(struct filter *self) {
  equals_or_skip(self, SYS_prctl, 6);
  load_argument(self, 0);
  equals_or_skip(self, PR_SET_PDEATHSIG, 3);
  load_argument(self, 1);
  equals_or_skip(self, SIGCONT, 1);
  end(self, SECCOMP_RET_ALLOW);
  end(self, SECCOMP_RET_KILL_PROCESS);
}

static void allow_connections(struct filter *self, int listener) {
  only(self, SYS_socket, 0, AF_INET, AF_INET6);
  equals_or_skip(self, SYS_connect, 4);
  load_argument(self, 0);
  equals_or_skip(self, (uint32_t)listener, 1);
  end(self, SECCOMP_RET_KILL_PROCESS);
  end(self, SECCOMP_RET_ALLOW);
}

static const int forbidden[] = {
    SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_pidfd_send_signal, SYS_pidfd_getfd, SYS_kcmp,
    SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_unshare, SYS_setns, SYS_reboot, SYS_swapon, SYS_swapoff,
    SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_kexec_load, SYS_bpf, SYS_perf_event_open, SYS_userfaultfd,
    SYS_rt_tgsigqueueinfo, SYS_open_by_handle_at, SYS_keyctl, SYS_add_key, SYS_request_key, SYS_setuid, SYS_setgid,
    SYS_setresuid, SYS_setresgid,
#ifdef __x86_64__
    SYS_fork, SYS_vfork,
#endif
};

static void begin_filter(struct filter *self) {
  load(self, offsetof(struct seccomp_data, arch));
  equals_or_skip(self, ARCHITECTURE, 1);
  add(self, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JA, 1, 0, 0));
  end(self, SECCOMP_RET_KILL_PROCESS);
  load_number(self);
}

static int install(struct filter *self) {
  struct sock_fprog program = {self->length, self->code};
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

int forbid_syscalls(int may_connect) {
  struct filter filter = {.length = 0};
  uint32_t self = (uint32_t)getpid();
  begin_filter(&filter);
#ifdef __x86_64__
  /* Numbers of the x32 interface would pass by the list. */
  add(&filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1));
  end(&filter, SECCOMP_RET_KILL_PROCESS);
#endif
  for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++) {
    equals_or_skip(&filter, (uint32_t)forbidden[i], 1);
    end(&filter, SECCOMP_RET_KILL_PROCESS);
  }
  /* Its flags are in memory, which a filter cannot read. The C library then calls clone instead. */
  equals_or_skip(&filter, SYS_clone3, 1);
  end(&filter, SECCOMP_RET_ERRNO | ENOSYS);
  /* No filter sees the calls of such a ring; libuv works without it. */
  equals_or_skip(&filter, SYS_io_uring_setup, 1);
  end(&filter, SECCOMP_RET_ERRNO | ENOSYS);
  equals_or_skip(&filter, SYS_clone, 4);
  load_argument(&filter, 0);
  bits_skip(&filter, CLONE_THREAD, 1);
  end(&filter, SECCOMP_RET_KILL_PROCESS);
  end(&filter, SECCOMP_RET_ALLOW);
  only(&filter, SYS_kill, 0, self, self);
  only(&filter, SYS_tgkill, 0, self, self);
  only(&filter, SYS_rt_sigqueueinfo, 0, self, self);
  equals_or_skip(&filter, SYS_tkill, 1);
  end(&filter, SECCOMP_RET_KILL_PROCESS);
  if (!may_connect) only(&filter, SYS_socket, 0, AF_UNIX, AF_UNIX);
  if (!may_connect) {
    equals_or_skip(&filter, SYS_connect, 1);
    end(&filter, SECCOMP_RET_KILL_PROCESS);
  }
  end(&filter, SECCOMP_RET_ALLOW);
  return install(&filter);
}

int has_syscall_filter(void) { return 1; }

int filter_syscalls(int may_connect, int listener) {
  struct filter filter = {.length = 0};
  begin_filter(&filter);
  for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++) {
    equals_or_skip(&filter, (uint32_t)allowed[i], 1);
    end(&filter, SECCOMP_RET_ALLOW);
  }
  /* No copies of descriptors: the filter recognises the listener by its number. */
  only(&filter, SYS_fcntl, 1, F_GETFL, F_SETFL);
  only(&filter, SYS_tgkill, 0, (uint32_t)getpid(), (uint32_t)getpid());
  allow_death_signal(&filter);
  allow_without_exec(&filter, SYS_mmap);
  allow_without_exec(&filter, SYS_mprotect);
  if (may_connect) allow_connections(&filter, listener);
  end(&filter, SECCOMP_RET_KILL_PROCESS);
  return install(&filter);
}
#endif
