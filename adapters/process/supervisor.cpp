#include "adapters/process/supervisor.hpp"

#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <csignal>
#include <cstddef>
#include <cstring>

namespace pj::supervisor {

namespace {

// What one command may write into one file, and how much likelier than the
// engine it is to be killed when memory runs out.
constexpr rlim_t max_file_bytes = rlim_t{8} << 30;
constexpr char oom_score[] = "500";

// After SIGKILL, processes that the kernel cannot end are given up.
constexpr int give_up_ms = 5000;

void close_range_or_each(unsigned first, unsigned last) noexcept {
  if (first > last || close_range(first, last, 0) == 0)
    return;
  for (unsigned fd = first; fd <= last && fd < 65536; ++fd)
    close(static_cast<int>(fd));
}

/// Closes all descriptors but these four.
void keep_only(const launch& what) noexcept {
  int kept[] = {what.input, what.output, what.control, what.status};
  unsigned next = 0;
  for (std::size_t done = 0; done < 4; ++done) {
    unsigned least = UINT_MAX;
    for (const int fd : kept)
      if (static_cast<unsigned>(fd) >= next &&
          static_cast<unsigned>(fd) < least)
        least = static_cast<unsigned>(fd);
    if (least == UINT_MAX)
      break;
    if (least > 0)
      close_range_or_each(next, least - 1);
    next = least + 1;
  }
  close_range_or_each(next, UINT_MAX);
}

void write_all(int fd, const void* bytes, std::size_t size) noexcept {
  while (write(fd, bytes, size) < 0 && errno == EINTR)
    ;
}

void lower_limits() noexcept {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  rlimit files{};
  if (getrlimit(RLIMIT_FSIZE, &files) == 0 && files.rlim_max > max_file_bytes) {
    files = {max_file_bytes, max_file_bytes};
    setrlimit(RLIMIT_FSIZE, &files);
  }
  if (const int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
      fd >= 0) {
    write_all(fd, oom_score, sizeof oom_score - 1);
    close(fd);
  }
}

/// Without a sandbox even root gets no capability: it cannot look into the
/// engine's memory or environment.
void drop_privileges() noexcept {
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  for (unsigned long cap = 0; cap <= 63; ++cap)
    prctl(PR_CAPBSET_DROP, cap, 0, 0, 0);
}

void reset_signals() noexcept {
  for (int signal = 1; signal < NSIG; ++signal)
    ::signal(signal, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

[[noreturn]] void become_command(const launch& what) noexcept {
  setsid();
  reset_signals();
  lower_limits();
  const bool ready = dup2(what.input, 0) == 0 && dup2(what.output, 1) == 1 &&
                     dup2(what.output, 2) == 2 && chdir(what.folder) == 0;
  if (ready) {
    if (!what.in_sandbox)
      drop_privileges();
    execve(what.argv[0], what.argv, what.environment);
  }
  const report failed{errno, 0};
  write_all(what.status, &failed, sizeof failed);
  _exit(127);
}

/// Reads a list of numbers such as /proc/…/children; gives how many.
std::size_t read_numbers(const char* path, pid_t* to,
                         std::size_t room) noexcept {
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return 0;
  char text[1024];
  std::size_t count = 0;
  pid_t number = 0;
  for (ssize_t n = 0; (n = read(fd, text, sizeof text)) > 0;)
    for (ssize_t i = 0; i < n; ++i)
      if (text[i] >= '0' && text[i] <= '9') {
        number = number * 10 + (text[i] - '0');
      } else if (number > 0) {
        if (count < room)
          to[count++] = number;
        number = 0;
      }
  close(fd);
  return count;
}

/// "/proc/PID/task/PID/children" in `out`.
void children_path(pid_t of, char* out) noexcept {
  char digits[16];
  std::size_t count = 0;
  for (auto rest = of; rest > 0; rest /= 10)
    digits[count++] = static_cast<char>('0' + rest % 10);
  const auto put = [&out](const char* text) {
    const auto size = std::strlen(text);
    std::memcpy(out, text, size);
    out += size;
  };
  put("/proc/");
  for (auto i = count; i > 0; --i)
    *out++ = digits[i - 1];
  put("/task/");
  for (auto i = count; i > 0; --i)
    *out++ = digits[i - 1];
  put("/children");
  *out = '\0';
}

/// SIGTERM to the command's group. Inside bubblewrap that is the group of the
/// namespace's first process, which itself ignores it.
void ask_to_end(const launch& what, pid_t main) noexcept {
  if (!what.in_sandbox) {
    kill(-main, SIGTERM);
    return;
  }
  char path[64];
  children_path(main, path);
  pid_t first = 0;
  if (read_numbers(path, &first, 1) == 1)
    kill(-first, SIGTERM);
}

/// SIGKILL to every child; orphans have become children by now.
void kill_children() noexcept {
  pid_t children[256];
  const auto count = read_numbers("/proc/thread-self/children", children, 256);
  for (std::size_t i = 0; i < count; ++i)
    kill(children[i], SIGKILL);
}

class guard {
public:
  guard(const launch& what, pid_t main) noexcept : what_(what), main_(main) {
    sigset_t ended;
    sigemptyset(&ended);
    sigaddset(&ended, SIGCHLD);
    signals_ = signalfd(-1, &ended, SFD_CLOEXEC | SFD_NONBLOCK);
  }

  /// Until the command has ended. Gives its status.
  int watch() noexcept {
    while (!reap_until_main()) {
      pollfd wait[] = {{signals_, POLLIN, 0}, {what_.control, POLLIN, 0}};
      poll(wait, 2, -1);
      if (wait[1].revents != 0)
        obey();
      drain_signals();
    }
    return status_;
  }

  /// Ends whatever is left.
  void clear() noexcept {
    for (int waited = 0; waited < give_up_ms; waited += 10) {
      kill_children();
      pid_t gone = 0;
      while ((gone = waitpid(-1, nullptr, WNOHANG)) > 0)
        ;
      if (gone < 0 && errno == ECHILD)
        return;
      pollfd wait = {signals_, POLLIN, 0};
      poll(&wait, 1, 10);
      drain_signals();
    }
  }

private:
  void obey() noexcept {
    char order = 0;
    const auto n = read(what_.control, &order, 1);
    if (n == 1 && order == terminate) {
      ask_to_end(what_, main_);
      return;
    }
    kill(-main_, SIGKILL);
    kill_children();
  }

  /// The group is killed before its leader is reaped: until then no other
  /// process can have that number.
  bool reap_until_main() noexcept {
    for (;;) {
      siginfo_t info{};
      if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0)
        return true;
      if (info.si_pid == 0)
        return false;
      const bool last = info.si_pid == main_;
      if (last)
        kill(-main_, SIGKILL);
      waitpid(info.si_pid, last ? &status_ : nullptr, 0);
      if (last)
        return true;
    }
  }

  void drain_signals() noexcept {
    signalfd_siginfo info;
    while (read(signals_, &info, sizeof info) > 0)
      ;
  }

  const launch& what_;
  pid_t main_;
  int signals_ = -1;
  int status_ = 0;
};

} // namespace

void run(const launch& what) noexcept {
  setsid();
  prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  keep_only(what);
  const pid_t main = fork();
  if (main < 0) {
    const report failed{errno, 0};
    write_all(what.status, &failed, sizeof failed);
    _exit(1);
  }
  if (main == 0)
    become_command(what);
  close(what.input);
  close(what.output);
  guard all(what, main);
  const report ended{0, all.watch()};
  all.clear();
  write_all(what.status, &ended, sizeof ended);
  _exit(0);
}

} // namespace pj::supervisor
