#include "adapters/http/server.hpp"

#include <catch2/catch_test_macros.hpp>

#include <arpa/inet.h>
#include <atomic>
#include <future>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace {

using namespace pj;

/// A blocking client without any HTTP of its own.
class raw_client {
public:
  explicit raw_client(std::uint16_t port) {
    fd_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(port);
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(fd_, reinterpret_cast<sockaddr*>(&where), sizeof where) ==
            0);
    timeval limit{10, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  }

  raw_client(const raw_client&) = delete;
  raw_client& operator=(const raw_client&) = delete;
  ~raw_client() { ::close(fd_); }

  void send(std::string_view text) {
    REQUIRE(::send(fd_, text.data(), text.size(), MSG_NOSIGNAL) ==
            static_cast<ssize_t>(text.size()));
  }

  /// Reads until `end` was seen, or the end; -1 in `last` means an error.
  std::string read_until(std::string_view end) {
    char room[4096];
    while (seen_.find(end) == std::string::npos) {
      last = ::recv(fd_, room, sizeof room, 0);
      if (last <= 0)
        return std::exchange(seen_, {});
      seen_.append(room, static_cast<std::size_t>(last));
    }
    const auto cut = seen_.find(end) + end.size();
    auto text = seen_.substr(0, cut);
    seen_.erase(0, cut);
    return text;
  }

  std::string read_all() { return read_until("\x01never\x01"); }

  ssize_t last = 1;

private:
  int fd_ = -1;
  std::string seen_;
};

struct fixture {
  explicit fixture(request_handler handler, server_options options = {}) {
    server = loop->listen(options, std::move(handler));
  }

  std::shared_ptr<server_loop> loop = server_loop::make();
  std::unique_ptr<http_server> server;
};

void echo(server_request request, std::shared_ptr<responder> answer) {
  answer->reply(200, {{"content-type", "text/plain"}},
                request.method + " " + request.target + " " + request.body);
}

} // namespace

TEST_CASE("a server answers several requests on one connection") {
  fixture f{echo};
  raw_client c{f.server->port()};
  c.send("GET /a?b=1 HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE(c.read_until("GET /a?b=1 ").starts_with("HTTP/1.1 200 OK\r\n"));
  c.send("POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
  REQUIRE(c.read_until("POST /p hello").find("content-length: 13\r\n") !=
          std::string::npos);
}

TEST_CASE("pipelined requests are answered in order") {
  fixture f{echo};
  raw_client c{f.server->port()};
  c.send(
    "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE(c.read_until("GET /1 ").find("GET /2") == std::string::npos);
  REQUIRE_FALSE(c.read_until("GET /2 ").empty());
}

TEST_CASE("a client that waits for 100 Continue gets it before the answer") {
  fixture f{echo};
  raw_client c{f.server->port()};
  c.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
         "Content-Length: 2\r\n\r\n");
  REQUIRE(c.read_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
  c.send("ok");
  REQUIRE(c.read_until("POST / ok").starts_with("HTTP/1.1 200"));
}

TEST_CASE("a stream is sent in chunks, from another thread too") {
  std::thread writer;
  fixture f{[&](server_request, std::shared_ptr<responder> r) {
    writer = std::thread([r] {
      r->begin(200, {{"content-type", "text/event-stream"}});
      r->write("data: 1\n\n");
      r->write("");
      r->write("data: 2\n\n");
      r->end();
      r->write("too late");
    });
  }};
  raw_client c{f.server->port()};
  c.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  const auto all = c.read_until("0\r\n\r\n");
  writer.join();
  REQUIRE(all.ends_with("9\r\ndata: 1\n\n\r\n9\r\ndata: 2\n\n\r\n0\r\n\r\n"));
}

TEST_CASE("HTTP/1.0 gets a plain body that ends with the connection") {
  fixture f{[](server_request, std::shared_ptr<responder> r) {
    r->begin(200, {});
    r->write("abc");
    r->end();
  }};
  raw_client c{f.server->port()};
  c.send("GET / HTTP/1.0\r\n\r\n");
  const auto all = c.read_all();
  REQUIRE(all.find("chunked") == std::string::npos);
  REQUIRE(all.ends_with("\r\n\r\nabc"));
  REQUIRE(c.last == 0);
}

TEST_CASE("a reset arrives as an error after the bytes before it") {
  fixture f{[](server_request, std::shared_ptr<responder> r) {
    r->begin(200, {});
    r->write("partial");
    r->reset();
  }};
  raw_client c{f.server->port()};
  c.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE(c.read_all().ends_with("7\r\npartial\r\n"));
  REQUIRE(c.last == -1);
  REQUIRE(errno == ECONNRESET);
}

TEST_CASE("a handler learns that its client went away") {
  std::promise<void> gone;
  std::function<void(std::shared_ptr<responder>)> poll =
    [&](std::shared_ptr<responder> r) {
      if (r->closed())
        return gone.set_value();
      r->after(std::chrono::milliseconds{1}, [&, r] { poll(r); });
    };
  fixture f{[&](server_request, std::shared_ptr<responder> r) { poll(r); }};
  {
    raw_client c{f.server->port()};
    c.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  }
  REQUIRE(gone.get_future().wait_for(std::chrono::seconds{10}) ==
          std::future_status::ready);
}

TEST_CASE("broken and oversized requests are refused, not crashed on") {
  server_options o;
  o.max_body = 10;
  std::atomic<int> handled = 0;
  fixture f{[&](server_request q, std::shared_ptr<responder> r) {
              ++handled;
              echo(std::move(q), r);
            },
            o};
  const auto ask = [&](const std::string& text) {
    raw_client c{f.server->port()};
    c.send(text);
    return c.read_all();
  };
  CHECK(ask("\x16\x03\x01 nonsense\r\n\r\n").starts_with("HTTP/1.1 400 "));
  CHECK(ask("GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n")
          .starts_with("HTTP/1.1 400 "));
  CHECK(ask("POST / HTTP/1.1\r\nContent-Length: 11\r\n\r\nhello world")
          .starts_with("HTTP/1.1 413 "));
  CHECK(ask("GET / HTTP/1.1\r\nX: " + std::string(70'000, 'a') + "\r\n\r\n")
          .starts_with("HTTP/1.1 431 "));
  CHECK(handled == 0);
}

TEST_CASE("an answer that is dropped closes the connection") {
  fixture f{[](server_request, std::shared_ptr<responder>) {}};
  raw_client c{f.server->port()};
  c.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE(c.read_all().empty());
  REQUIRE(c.last == 0);
}

TEST_CASE("an exception of a handler is an answer with 500") {
  fixture f{[](server_request, std::shared_ptr<responder>) {
    throw std::runtime_error("boom");
  }};
  raw_client c{f.server->port()};
  c.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE(c.read_until("boom").starts_with("HTTP/1.1 500 "));
}

TEST_CASE("a server ends while answers and timers are pending") {
  std::promise<std::shared_ptr<responder>> arrived;
  std::atomic<bool> called = false;
  auto f = std::make_unique<fixture>(
    [&](server_request, std::shared_ptr<responder> r) {
      r->after(std::chrono::hours{1}, [&called] { called = true; });
      arrived.set_value(r);
    });
  raw_client c{f->server->port()};
  c.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  auto kept = arrived.get_future().get();
  f.reset();
  REQUIRE(kept->closed());
  kept->reply(200, {}, "nobody listens");
  REQUIRE(c.read_all().empty());
  REQUIRE_FALSE(called);
}

TEST_CASE("a port in use is an error that names the address") {
  fixture f{echo};
  server_options o;
  o.port = f.server->port();
  try {
    auto second = f.loop->listen(o, echo);
    FAIL("two servers on one port");
  } catch (const std::runtime_error& e) {
    REQUIRE(std::string_view{e.what()}.starts_with(
      "cannot listen on 127.0.0.1:" + std::to_string(o.port)));
  }
}
