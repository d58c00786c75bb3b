#include "apps/mock/child.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace pj::doubles {
namespace {

/// A file descriptor that closes itself.
struct descriptor {
  int fd = -1;
  descriptor() = default;
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() { close(); }
  void close() {
    if (fd >= 0)
      ::close(std::exchange(fd, -1));
  }
};

/// Both ends close on exec. Sockets, so that writing to a child that is gone
/// is an error and no signal.
bool make_pair(descriptor& ours, descriptor& theirs) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return false;
  ours.fd = ends[0];
  theirs.fd = ends[1];
  return ::fcntl(ours.fd, F_SETFL, O_NONBLOCK) == 0;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> list;
  for (auto& s : strings)
    list.push_back(s.data());
  list.push_back(nullptr);
  return list;
}

pid_t start(const child& what, int in, int out) {
  auto argv = what.argv;
  std::vector<std::string> environment;
  for (const auto* kept : {"PATH", "TMPDIR"})
    if (const auto* value = std::getenv(kept))
      environment.push_back(std::string{kept} + '=' + value);
  for (const auto& [name, value] : what.environment)
    environment.push_back(name + '=' + value);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in, 0);
  posix_spawn_file_actions_adddup2(&actions, out, 1);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  // A caller that waits for signals has them blocked; the child must not.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  pid_t pid = -1;
  const auto error =
    ::posix_spawnp(&pid, argv[0].c_str(), &actions, &attributes,
                   pointers(argv).data(), pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  return error == 0 ? pid : -1;
}

/// Writes what fits; false when no more can be written.
bool feed(descriptor& to, std::string_view& input) {
  const auto n =
    ::send(to.fd, input.data(), input.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (n > 0)
    input.remove_prefix(static_cast<std::size_t>(n));
  return !input.empty() && (n > 0 || errno == EAGAIN || errno == EINTR);
}

void converse(descriptor& to, descriptor& from, std::string_view input,
              const std::function<void(std::string_view)>& output) {
  std::array<char, 64 << 10> room;
  if (input.empty())
    ::shutdown(to.fd, SHUT_WR);
  for (;;) {
    std::array<pollfd, 2> watched{
      {{from.fd, POLLIN, 0}, {input.empty() ? -1 : to.fd, POLLOUT, 0}}};
    if (::poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR)
      return;
    if (watched[1].revents != 0 && !feed(to, input)) {
      input = {};
      ::shutdown(to.fd, SHUT_WR);
    }
    if (watched[0].revents == 0)
      continue;
    const auto n = ::read(from.fd, room.data(), room.size());
    if (n > 0)
      output({room.data(), static_cast<std::size_t>(n)});
    else if (n == 0 || (errno != EAGAIN && errno != EINTR))
      return;
  }
}

int wait_for(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0)
    if (errno != EINTR)
      return 127;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

} // namespace

int run(const child& what,
        const std::function<void(std::string_view)>& output) {
  descriptor to, child_in, from, child_out;
  if (!make_pair(to, child_in) || !make_pair(from, child_out))
    return 127;
  const auto pid = start(what, child_in.fd, child_out.fd);
  child_in.close();
  child_out.close();
  if (pid < 0)
    return 127;
  converse(to, from, what.input, output);
  to.close();
  from.close();
  return wait_for(pid);
}

std::string output_of(const std::vector<std::string>& argv, bool& ok) {
  std::string text;
  child what;
  what.argv = argv;
  ok = run(what, [&](std::string_view bytes) { text += bytes; }) == 0;
  while (text.ends_with('\n'))
    text.pop_back();
  return text;
}

} // namespace pj::doubles
