#include "system_calls.hpp"

#include <array>
#include <cerrno>
#include <memory>

#include <fcntl.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace tocsin::cli {
namespace {

// libseccomp gives numbers below zero to calls that an architecture does not have, and skips them.
constexpr std::array kForbidden{
    // The network.
    SCMP_SYS(socket), SCMP_SYS(socketpair), SCMP_SYS(connect), SCMP_SYS(bind), SCMP_SYS(listen), SCMP_SYS(accept),
    SCMP_SYS(accept4), SCMP_SYS(sendto), SCMP_SYS(sendmsg), SCMP_SYS(sendmmsg), SCMP_SYS(recvmsg), SCMP_SYS(recvmmsg),
    SCMP_SYS(setsockopt),
    // Programs and processes. clone is looked at below.
    SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(fork), SCMP_SYS(vfork), SCMP_SYS(kill), SCMP_SYS(tkill),
    SCMP_SYS(rt_sigqueueinfo), SCMP_SYS(rt_tgsigqueueinfo), SCMP_SYS(pidfd_open), SCMP_SYS(pidfd_getfd),
    SCMP_SYS(pidfd_send_signal), SCMP_SYS(ptrace), SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev),
    SCMP_SYS(process_madvise), SCMP_SYS(kcmp), SCMP_SYS(setns), SCMP_SYS(unshare),
    // What Landlock does not see, or not in every version.
    SCMP_SYS(chmod), SCMP_SYS(fchmod), SCMP_SYS(fchmodat), SCMP_SYS(chown), SCMP_SYS(fchown), SCMP_SYS(lchown),
    SCMP_SYS(fchownat), SCMP_SYS(utime), SCMP_SYS(utimes), SCMP_SYS(futimesat), SCMP_SYS(utimensat), SCMP_SYS(setxattr),
    SCMP_SYS(lsetxattr), SCMP_SYS(fsetxattr), SCMP_SYS(removexattr), SCMP_SYS(lremovexattr), SCMP_SYS(fremovexattr),
    SCMP_SYS(truncate), SCMP_SYS(link), SCMP_SYS(linkat), SCMP_SYS(symlink), SCMP_SYS(symlinkat), SCMP_SYS(mknod),
    SCMP_SYS(mknodat), SCMP_SYS(open_by_handle_at), SCMP_SYS(io_uring_setup), SCMP_SYS(io_uring_enter),
    SCMP_SYS(io_uring_register),
    // The machine.
    SCMP_SYS(mount), SCMP_SYS(umount2), SCMP_SYS(pivot_root), SCMP_SYS(chroot), SCMP_SYS(open_tree),
    SCMP_SYS(move_mount), SCMP_SYS(fsopen), SCMP_SYS(fsmount), SCMP_SYS(fsconfig), SCMP_SYS(mount_setattr),
    SCMP_SYS(bpf), SCMP_SYS(perf_event_open), SCMP_SYS(userfaultfd), SCMP_SYS(keyctl), SCMP_SYS(add_key),
    SCMP_SYS(request_key), SCMP_SYS(init_module), SCMP_SYS(finit_module), SCMP_SYS(delete_module), SCMP_SYS(kexec_load),
    SCMP_SYS(kexec_file_load), SCMP_SYS(reboot), SCMP_SYS(swapon), SCMP_SYS(swapoff), SCMP_SYS(acct),
    SCMP_SYS(quotactl), SCMP_SYS(syslog), SCMP_SYS(settimeofday), SCMP_SYS(clock_settime), SCMP_SYS(clock_adjtime),
    SCMP_SYS(adjtimex), SCMP_SYS(sethostname), SCMP_SYS(setdomainname), SCMP_SYS(iopl), SCMP_SYS(ioperm)};

class Filter {
 public:
  Filter() : context_(seccomp_init(SCMP_ACT_ALLOW)) {
    if (context_ == nullptr) error_ = ENOMEM;
  }
  template <class... Conditions>
  void refuse(int error, int call, Conditions... conditions) {
    if (error_ != 0) return;
    error_ = -seccomp_rule_add(context_.get(), SCMP_ACT_ERRNO(static_cast<unsigned>(error)), call,
                               sizeof...(conditions), conditions...);
  }
  [[nodiscard]] int load() const { return error_ != 0 ? error_ : -seccomp_load(context_.get()); }

 private:
  struct Release {
    void operator()(void* context) const { seccomp_release(context); }
  };
  std::unique_ptr<void, Release> context_;
  int error_ = 0;
};

scmp_arg_cmp masked(unsigned argument, std::uint64_t mask, std::uint64_t value) {
  return {argument, SCMP_CMP_MASKED_EQ, mask, value};
}

}  // namespace

bool can_forbid_system_calls() {
  const unsigned action = SECCOMP_RET_ERRNO;
  return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0U, &action) == 0;
}

int forbid_system_calls() {
  constexpr std::uint64_t kLow = 0xFFFFFFFF;  // the kernel reads no more of an ioctl's number
  Filter filter;
  for (const int call : kForbidden) filter.refuse(EPERM, call);
  // Threads only. What clone3 is asked for cannot be seen; without it the C library uses clone.
  filter.refuse(EPERM, SCMP_SYS(clone), masked(0, CLONE_THREAD, 0));
  filter.refuse(ENOSYS, SCMP_SYS(clone3));
  // Opening for reading with O_TRUNC empties the file, and Landlock sees it from its third version on only.
  filter.refuse(EPERM, SCMP_SYS(open), masked(1, O_ACCMODE | O_TRUNC, O_RDONLY | O_TRUNC));
  filter.refuse(EPERM, SCMP_SYS(openat), masked(2, O_ACCMODE | O_TRUNC, O_RDONLY | O_TRUNC));
  filter.refuse(ENOSYS, SCMP_SYS(openat2));
  filter.refuse(EPERM, SCMP_SYS(ioctl), masked(1, kLow, TIOCSTI));
  filter.refuse(EPERM, SCMP_SYS(ioctl), masked(1, kLow, TIOCLINUX));
  return filter.load();
}

}  // namespace tocsin::cli
