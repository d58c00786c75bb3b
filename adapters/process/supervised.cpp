#include "adapters/process/supervised.hpp"

#include "adapters/process/kept_output.hpp"
#include "adapters/process/supervisor.hpp"
#include "core/text.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>
#include <utility>

namespace pj {

namespace {

using clock = std::chrono::steady_clock;

/// A file descriptor with one owner.
class descriptor {
public:
  descriptor() = default;
  explicit descriptor(int fd) noexcept : fd_(fd) {}
  descriptor(descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  descriptor& operator=(descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~descriptor() { reset(); }
  int get() const noexcept { return fd_; }
  explicit operator bool() const noexcept { return fd_ >= 0; }

  void reset() noexcept {
    if (fd_ >= 0)
      close(std::exchange(fd_, -1));
  }

private:
  int fd_ = -1;
};

/// The same descriptor with a number above 2, out of the way of a command's
/// own three.
descriptor above_two(descriptor fd) {
  if (!fd || fd.get() > 2)
    return fd;
  return descriptor(fcntl(fd.get(), F_DUPFD_CLOEXEC, 3));
}

struct pipe_ends {
  descriptor read;
  descriptor write;
};

pipe_ends make_pipe() {
  int ends[2] = {-1, -1};
  if (pipe2(ends, O_CLOEXEC) != 0)
    return {};
  return {above_two(descriptor(ends[0])), above_two(descriptor(ends[1]))};
}

void never_block(const descriptor& fd) {
  fcntl(fd.get(), F_SETFL, fcntl(fd.get(), F_GETFL) | O_NONBLOCK);
}

failure cannot_start(const std::string& program, int error) {
  return {failure_class::fail,
          failure_code::configuration,
          "cannot run " + printable(program) + ": " + std::strerror(error),
          {},
          {}};
}

/// Pointers into `texts`, then null.
std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> out;
  out.reserve(texts.size() + 1);
  for (const auto& text : texts)
    out.push_back(const_cast<char*>(text.c_str()));
  out.push_back(nullptr);
  return out;
}

/// Forks the supervisor. No handler of the engine's may run in it, so signals
/// are blocked meanwhile; the supervisor leaves them so.
pid_t fork_supervisor(const supervisor::launch& what) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const pid_t pid = fork();
  if (pid == 0)
    supervisor::run(what);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return pid;
}

int exit_code(int status) noexcept {
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/// One run: the engine's side of the pipes.
class session {
public:
  session(const supervised_plan& plan, std::stop_token stop)
    : plan_(plan), stop_(std::move(stop)), kept_(plan.max_output),
      wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

  ~session() {
    control_.reset(); // the supervisor ends everything when this closes
    if (pid_ > 0)
      while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR)
        ;
  }

  result<command_result> run() {
    if (const int error = start(); error != 0)
      return cannot_start(plan_.argv[0], error);
    const auto begin = clock::now();
    const std::stop_callback on_stop(stop_, [this] {
      const std::uint64_t one = 1;
      [[maybe_unused]] const auto n = write(wake_.get(), &one, sizeof one);
    });
    next_order_ = begin + plan_.timeout;
    while (!ended_)
      step();
    read_output();
    if (ended_->error != 0)
      return cannot_start(plan_.argv[0], ended_->error);
    if (stopped_)
      return failure{failure_class::cancelled,
                     failure_code::interrupted,
                     "the command was stopped",
                     {},
                     {}};
    command_result out;
    out.exit_code = exit_code(ended_->status);
    out.timed_out = timed_out_;
    out.output = kept_.text();
    out.cut = kept_.cut();
    out.took = std::chrono::duration_cast<std::chrono::milliseconds>(
      clock::now() - begin);
    return out;
  }

private:
  /// Gives errno, or 0.
  int start() {
    auto input = make_pipe();
    auto output = make_pipe();
    auto control = make_pipe();
    auto status = make_pipe();
    if (!input.write || !output.write || !control.write || !status.write ||
        !wake_)
      return errno;
    auto argv = pointers(plan_.argv);
    auto environment = pointers(plan_.environment);
    const supervisor::launch what{argv.data(),          environment.data(),
                                  plan_.folder.c_str(), input.read.get(),
                                  output.write.get(),   control.read.get(),
                                  status.write.get(),   plan_.in_sandbox};
    pid_ = fork_supervisor(what);
    if (pid_ < 0)
      return errno;
    input_ = std::move(input.write);
    output_ = std::move(output.read);
    control_ = std::move(control.write);
    status_ = std::move(status.read);
    never_block(input_);
    never_block(output_);
    if (plan_.input.empty())
      input_.reset();
    return 0;
  }

  void step() {
    std::array<pollfd, 4> wait{{{status_.get(), POLLIN, 0},
                                {output_.get(), POLLIN, 0},
                                {input_.get(), POLLOUT, 0},
                                {stopped_ ? -1 : wake_.get(), POLLIN, 0}}};
    poll(wait.data(), wait.size(), patience());
    if (wait[1].revents != 0)
      read_output();
    if (wait[2].revents != 0)
      write_input();
    if (wait[3].revents != 0) {
      stopped_ = true;
      next_order_ = clock::now();
    }
    if (wait[0].revents != 0)
      read_report();
    else if (clock::now() >= next_order_)
      give_order();
  }

  /// Milliseconds until the next order is due.
  int patience() const {
    using std::chrono::milliseconds;
    const auto left =
      std::chrono::ceil<milliseconds>(next_order_ - clock::now());
    return static_cast<int>(
      std::clamp(left, milliseconds{0}, milliseconds{60'000}).count());
  }

  /// First asks the command to end, then ends it, then gives it up: the
  /// supervisor itself does not answer.
  void give_order() {
    if (!asked_ && !stopped_)
      timed_out_ = true;
    if (killed_) {
      kill(pid_, SIGKILL);
      ended_ = supervisor::report{0, SIGKILL};
      return;
    }
    const char order = asked_ ? supervisor::destroy : supervisor::terminate;
    [[maybe_unused]] const auto n = write(control_.get(), &order, 1);
    killed_ = std::exchange(asked_, true);
    next_order_ =
      clock::now() + (killed_ ? std::chrono::seconds{10} : plan_.grace);
  }

  void read_report() {
    supervisor::report got;
    const auto n = read(status_.get(), &got, sizeof got);
    if (n == static_cast<ssize_t>(sizeof got))
      ended_ = got;
    else if (n == 0)
      ended_ = supervisor::report{ECHILD, 0};
  }

  /// Takes what is there; never waits.
  void read_output() {
    std::array<char, 65536> bytes;
    for (int i = 0; output_ && i < 16; ++i) {
      const auto n = read(output_.get(), bytes.data(), bytes.size());
      if (n > 0)
        kept_.add({bytes.data(), static_cast<std::size_t>(n)});
      else if (n < 0 && errno == EINTR)
        continue;
      else {
        if (n == 0)
          output_.reset();
        return;
      }
    }
  }

  void write_input() {
    const auto n = write(input_.get(), plan_.input.data() + written_,
                         plan_.input.size() - written_);
    if (n > 0)
      written_ += static_cast<std::size_t>(n);
    const bool broken = n < 0 && errno != EAGAIN && errno != EINTR;
    if (broken || written_ == plan_.input.size())
      input_.reset();
  }

  const supervised_plan& plan_;
  std::stop_token stop_;
  kept_output kept_;
  descriptor wake_;
  descriptor input_;
  descriptor output_;
  descriptor control_;
  descriptor status_;
  pid_t pid_ = -1;
  std::size_t written_ = 0;
  clock::time_point next_order_;
  std::optional<supervisor::report> ended_;
  bool asked_ = false;
  bool killed_ = false;
  bool timed_out_ = false;
  bool stopped_ = false;
};

/// Writing to a command that has ended must not end the engine: SIGPIPE is
/// blocked for the thread meanwhile, and swallowed.
class no_pipe_signal {
public:
  no_pipe_signal() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }

  no_pipe_signal(const no_pipe_signal&) = delete;

  ~no_pipe_signal() {
    const timespec now{0, 0};
    if (sigismember(&before_, SIGPIPE) == 0)
      while (sigtimedwait(&pipe_, nullptr, &now) < 0 && errno == EINTR)
        ;
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

private:
  sigset_t pipe_;
  sigset_t before_;
};

} // namespace

result<command_result> run_supervised(const supervised_plan& plan,
                                      std::stop_token stop) {
  const no_pipe_signal quiet;
  return session(plan, std::move(stop)).run();
}

} // namespace pj
