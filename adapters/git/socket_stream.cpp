#include "adapters/git/socket_stream.hpp"

#include "adapters/git/errors.hpp"

#include <git2.h>
#include <git2/sys/errors.h>
#include <git2/sys/stream.h>

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <string>

namespace pj::git {

namespace {

/// As much as is collected before it is sent.
constexpr std::size_t most_collected = 64u << 10;

int failed(const std::string& what) {
  git_error_set_str(GIT_ERROR_NET, what.c_str());
  return -1;
}

int failed(const std::string& what, int error) {
  return failed(what + ": " + std::strerror(error));
}

/// What libgit2's own sockets look like: its ssh (ssh_libssh2.c) takes the
/// descriptor from there, whoever made the stream.
struct socket_layout {
  git_stream stream{};
  char* host = nullptr;
  char* port = nullptr;
  int fd = -1;
};

/// One connection.
struct socket_stream : socket_layout {
  socket_stream(const char* to, const char* at) : name(to), service(at) {
    host = name.data();
    port = service.data();
  }

  std::string name;
  std::string service;
  std::string collected;

  ~socket_stream() { shut(); }
  socket_stream(const socket_stream&) = delete;
  socket_stream& operator=(const socket_stream&) = delete;

  int dial();
  int dial(const addrinfo& where);

  /// 0 once `events` came; a signal ends it with a failure, since that is how
  /// a stop wakes the thread (wake_on_stop.hpp).
  int wait_for(short events, int longest) const;
  int flush();
  ssize_t take(void* to, std::size_t size);
  ssize_t collect(std::string_view bytes);
  void shut();
};

int socket_stream::dial() {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_family = AF_UNSPEC;
  addrinfo* found = nullptr;
  if (const int code = ::getaddrinfo(host, port, &wanted, &found); code != 0)
    return failed("failed to resolve address for " + name + ": " +
                  ::gai_strerror(code));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> all(
    found, &::freeaddrinfo);
  for (const auto* one = found; one; one = one->ai_next)
    if (dial(*one) == 0)
      return 0;
  return failed("failed to connect to " + name, errno);
}

int socket_stream::dial(const addrinfo& where) {
  shut();
  fd =
    ::socket(where.ai_family, where.ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
             where.ai_protocol);
  if (fd < 0)
    return -1;
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(fd, where.ai_addr, where.ai_addrlen) == 0)
    return 0;
  if (errno != EINPROGRESS || wait_for(POLLOUT, stream.connect_timeout) != 0)
    return -1;
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
  errno = error;
  return error == 0 ? 0 : -1;
}

int socket_stream::wait_for(short events, int longest) const {
  pollfd one{fd, events, 0};
  const int n = ::poll(&one, 1, longest > 0 ? longest : -1);
  if (n == 0)
    errno = ETIMEDOUT;
  return n > 0 ? 0 : -1;
}

int socket_stream::flush() {
  std::string_view rest = collected;
  while (!rest.empty()) {
    const auto n = ::send(fd, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (n >= 0)
      rest.remove_prefix(static_cast<std::size_t>(n));
    else if (errno != EAGAIN || wait_for(POLLOUT, stream.timeout) != 0)
      return errno == ETIMEDOUT ? GIT_TIMEOUT
                                : failed("could not write to socket", errno);
  }
  collected.clear();
  return 0;
}

ssize_t socket_stream::take(void* to, std::size_t size) {
  if (const int code = flush(); code != 0)
    return code;
  for (;;) {
    const auto n = ::recv(fd, to, size, 0);
    if (n >= 0)
      return n;
    if (errno != EAGAIN || wait_for(POLLIN, stream.timeout) != 0)
      return errno == ETIMEDOUT
               ? GIT_TIMEOUT
               : failed("error receiving data from socket", errno);
  }
}

ssize_t socket_stream::collect(std::string_view bytes) {
  collected += bytes;
  if (collected.size() >= most_collected)
    if (const int code = flush(); code != 0)
      return code;
  return static_cast<ssize_t>(bytes.size());
}

void socket_stream::shut() {
  if (fd >= 0)
    ::close(fd);
  fd = -1;
}

socket_stream& self(git_stream* stream) {
  return static_cast<socket_stream&>(
    *reinterpret_cast<socket_layout*>(stream)); // its first member
}

int make(git_stream** out, const char* host, const char* port) {
  auto made = std::make_unique<socket_stream>(host, port);
  auto& base = made->stream;
  base.version = GIT_STREAM_VERSION;
  git_libgit2_opts(GIT_OPT_GET_SERVER_CONNECT_TIMEOUT, &base.connect_timeout);
  git_libgit2_opts(GIT_OPT_GET_SERVER_TIMEOUT, &base.timeout);
  base.connect = [](git_stream* s) { return self(s).dial(); };
  base.read = [](git_stream* s, void* to, std::size_t n) {
    return self(s).take(to, n);
  };
  base.write = [](git_stream* s, const char* from, std::size_t n, int) {
    return self(s).collect({from, n});
  };
  base.close = [](git_stream* s) {
    self(s).flush();
    self(s).shut();
    return 0;
  };
  base.free = [](git_stream* s) { delete &self(s); };
  *out = &made.release()->stream;
  return 0;
}

} // namespace

result<done> use_our_sockets() {
  git_stream_registration ours{GIT_STREAM_VERSION, make, nullptr};
  if (git_stream_register(GIT_STREAM_STANDARD, &ours) == 0)
    return done{};
  return local_failure("libgit2 does not take another kind of socket");
}

} // namespace pj::git
