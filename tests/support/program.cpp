#include "tests/support/program.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <stdexcept>

namespace pj::test {

namespace {

/// A file without a name that holds `content`.
int nameless_file(std::string_view content = {}) {
  const int fd = ::memfd_create("pj-test", MFD_CLOEXEC);
  if (fd < 0)
    throw std::runtime_error("memfd_create failed");
  for (auto rest = content; !rest.empty();) {
    const auto n = ::write(fd, rest.data(), rest.size());
    if (n < 0)
      throw std::runtime_error("cannot write the input of a program");
    rest.remove_prefix(static_cast<std::size_t>(n));
  }
  ::lseek(fd, 0, SEEK_SET);
  return fd;
}

std::string content_of(int fd) {
  std::string all;
  char part[65536];
  for (ssize_t n; (n = ::pread(fd, part, sizeof part,
                               static_cast<off_t>(all.size()))) > 0;)
    all.append(part, static_cast<std::size_t>(n));
  return all;
}

std::vector<char*> pointers(const std::vector<std::string>& strings) {
  std::vector<char*> out;
  for (const auto& s : strings)
    out.push_back(const_cast<char*>(s.c_str()));
  out.push_back(nullptr);
  return out;
}

} // namespace

program::program(std::vector<std::string> argv,
                 const std::map<std::string, std::string>& environment,
                 std::string_view input) {
  std::vector<std::string> variables;
  for (const auto& [name, value] : environment)
    variables.push_back(name + '=' + value);
  const int in = nameless_file(input);
  out_ = nameless_file();
  err_ = nameless_file();
  posix_spawn_file_actions_t files;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawn_file_actions_adddup2(&files, in, 0);
  ::posix_spawn_file_actions_adddup2(&files, out_, 1);
  ::posix_spawn_file_actions_adddup2(&files, err_, 2);
  const int error =
    ::posix_spawnp(&pid_, argv.at(0).c_str(), &files, nullptr,
                   pointers(argv).data(), pointers(variables).data());
  ::posix_spawn_file_actions_destroy(&files);
  ::close(in);
  if (error != 0) {
    ::close(out_);
    ::close(err_);
    throw std::runtime_error(argv[0] + ": " + std::strerror(error));
  }
  waiter_ = std::thread([this] { reap(); });
}

program::~program() {
  signal(SIGKILL);
  waiter_.join();
  ::close(out_);
  ::close(err_);
}

void program::signal(int number) {
  const std::lock_guard lock(mutex_);
  if (!ended_)
    ::kill(pid_, number);
}

bool program::running() const {
  const std::lock_guard lock(mutex_);
  return !ended_;
}

std::string program::err() const {
  return content_of(err_);
}

ending program::wait(std::chrono::milliseconds longest) {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_for(lock, longest, [this] { return ended_; }))
    throw std::runtime_error("still running after " +
                             std::to_string(longest.count()) + " ms:\n" +
                             err());
  ending x;
  x.code = WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_);
  x.out = content_of(out_);
  x.err = content_of(err_);
  return x;
}

/// The pid stays ours until the lock is held, so no signal meets a stranger.
void program::reap() {
  siginfo_t info{};
  const auto id = static_cast<id_t>(pid_);
  while (::waitid(P_PID, id, &info, WEXITED | WNOWAIT) < 0 && errno == EINTR) {
  }
  const std::lock_guard lock(mutex_);
  ::waitpid(pid_, &status_, 0);
  ended_ = true;
  changed_.notify_all();
}

} // namespace pj::test
