#include "recorder.hpp"
#include "scripted_peer.hpp"

#include <catch2/catch_test_macros.hpp>

#include <poll.h>
#include <sys/socket.h>
#include <thread>

using namespace pj;
using namespace pj::test;
using namespace std::chrono_literals;

namespace {

recorder::seen against(scripted_server::script script, http_limits limits = {},
                       std::string method = "GET") {
  scripted_server server({std::move(script)});
  const auto http = make_http_client({});
  auto request = get(server.url("/secret-path"));
  request.method = std::move(method);
  auto seen = ask(*http, request, limits);
  CHECK(seen.ends == 1);
  CHECK(server.accepted() == 1);
  if (seen.why)
    CHECK(seen.why->what.find("secret-path") == std::string::npos);
  return seen;
}

scripted_server::script answer(std::string bytes) {
  return [bytes](scripted_peer& peer) {
    peer.read_request();
    peer.send(bytes);
  };
}

/// Sends `bytes`, then neither speaks nor closes.
scripted_server::script stall(std::string bytes) {
  return [bytes](scripted_peer& peer) {
    peer.read_request();
    peer.send(bytes);
    peer.wait_for_end();
  };
}

void check(const recorder::seen& seen, failure_class kind,
           std::string_view part) {
  REQUIRE(seen.why);
  CAPTURE(seen.why->what);
  CHECK(seen.why->kind == kind);
  CHECK(seen.why->code == failure_code::network);
  CHECK(seen.why->what.find(part) != std::string::npos);
  CHECK(seen.why->what.find('\n') == std::string::npos);
}

const std::string head = "HTTP/1.1 200 OK\r\n";

} // namespace

TEST_CASE("a connection cut before the response is worth another try",
          "[http]") {
  check(against([](scripted_peer& peer) { peer.read_request(); }),
        failure_class::retry, "closed before a response");
  check(against([](scripted_peer& peer) {
          peer.read_request();
          peer.reset();
        }),
        failure_class::retry, "reset");
  check(against(answer("HTTP/1.1 200 OK\r\nconte")), failure_class::retry,
        "inside the response");
}

TEST_CASE("a body cut short is never taken for whole", "[http]") {
  const auto with_length =
    against(answer(head + "content-length: 9\r\n\r\n12"));
  check(with_length, failure_class::retry, "inside the response");
  CHECK(with_length.status == 200);
  CHECK(with_length.body == "12");
  const std::string chunked = head + "transfer-encoding: chunked\r\n\r\n";
  check(against(answer(chunked)), failure_class::retry, "inside");
  check(against(answer(chunked + "5\r\nab")), failure_class::retry, "inside");
  check(against(answer(chunked + "2\r\nab\r\n0\r\n")), failure_class::retry,
        "inside");
  check(against([&](scripted_peer& peer) {
          peer.read_request();
          peer.send(head + "\r\npart");
          peer.reset();
        }),
        failure_class::retry, "reset");
}

TEST_CASE("what is not HTTP is said to be so", "[http]") {
  for (const auto* bytes :
       {"SSH-2.0-OpenSSH_9.2\r\n\r\n", "HTTP/2 200\r\n\r\n",
        "HTTP/1.1 999 Odd\r\n\r\n", "HTTP/1.1 99 Odd\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: "
        "chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
        "1\r\naX0\r\n\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
        "ffffffffffffffffff\r\na"}) {
    CAPTURE(bytes);
    check(against(answer(bytes)), failure_class::retry, "not valid HTTP");
  }
}

TEST_CASE("nothing is taken without bounds", "[http]") {
  http_limits small;
  small.max_body = 10;
  const auto chunked = head + "transfer-encoding: chunked\r\n\r\n";
  check(against(stall(head + "content-length: 11\r\n\r\n"), small),
        failure_class::fail, "larger than allowed");
  check(against(stall(chunked + "6\r\n123456\r\n6\r\n"), small),
        failure_class::fail, "larger than allowed");
  check(against(stall(head + "\r\n12345678901"), small), failure_class::fail,
        "larger than allowed");
  check(against(stall(head + "x: " + std::string(70'000, 'x'))),
        failure_class::fail, "head of the response is larger");
  check(against(stall(chunked + "1;" + std::string(200'000, 'x'))),
        failure_class::fail, "head of the response is larger");
  std::string interim;
  for (int i = 0; i < 40; ++i)
    interim += "HTTP/1.1 103 Early Hints\r\n\r\n";
  check(against(stall(interim)), failure_class::fail, "interim");
}

TEST_CASE("an endless body ends at its bound", "[http]") {
  http_limits small;
  small.max_body = 1'000'000;
  check(against(
          [](scripted_peer& peer) {
            peer.read_request();
            peer.send(head + "\r\n");
            for (int i = 0; i < 200; ++i)
              peer.send(std::string(10'000, 'x'));
          },
          small),
        failure_class::fail, "larger than allowed");
}

TEST_CASE("silence is bounded before, inside and after the head", "[http]") {
  http_limits limits;
  limits.idle = 50ms;
  for (const auto& bytes :
       {std::string(), head, head + "content-length: 5\r\n\r\n12"}) {
    CAPTURE(bytes);
    check(against(stall(bytes), limits), failure_class::retry,
          "nothing came for 50 ms");
  }
}

TEST_CASE("a trickle is bounded in all", "[http]") {
  http_limits limits;
  limits.idle = 10'000ms;
  limits.total = 100ms;
  const auto drip = [](scripted_peer& peer) {
    peer.read_request();
    peer.send(head + "\r\n");
    while (peer.fd() >= 0 && send(peer.fd(), "x", 1, MSG_NOSIGNAL) == 1)
      std::this_thread::sleep_for(5ms);
  };
  check(against(drip, limits), failure_class::retry, "not over after 100 ms");
}

TEST_CASE("bytes that come keep an exchange alive", "[http]") {
  http_limits limits;
  limits.idle = 2'000ms;
  const auto seen = against(
    [](scripted_peer& peer) {
      peer.read_request();
      peer.trickle(ok(std::string(500, 'x')));
    },
    limits);
  CHECK_FALSE(seen.why);
}

TEST_CASE("a server that stops reading is noticed", "[http]") {
  scripted_server server({[](scripted_peer& peer) {
    peer.read_some();
    pollfd gone{peer.fd(), POLLRDHUP, 0};
    poll(&gone, 1, -1);
  }});
  const auto http = make_http_client({});
  http_limits limits;
  limits.idle = 100ms;
  const auto seen =
    ask(*http, post(server.url(), std::string(40'000'000, 'x')), limits);
  check(seen, failure_class::retry, "nothing came for 100 ms");
}

TEST_CASE("an answer before the whole request was read still counts",
          "[http]") {
  scripted_server server({[](scripted_peer& peer) {
    peer.read_some();
    peer.send("HTTP/1.1 413 Too Large\r\ncontent-length: 3\r\n\r\nbig");
    shutdown(peer.fd(), SHUT_WR);
    peer.wait_for_end();
  }});
  const auto http = make_http_client({});
  const auto seen = ask(*http, post(server.url(), std::string(5'000'000, 'x')));
  CHECK_FALSE(seen.why);
  CHECK(seen.status == 413);
}

TEST_CASE("nobody listens", "[http]") {
  std::uint16_t port = 0;
  {
    scripted_server gone({});
    port = gone.port();
  }
  const auto http = make_http_client({});
  const auto seen =
    ask(*http, get("http://127.0.0.1:" + std::to_string(port) + "/"));
  check(seen, failure_class::retry, "cannot connect to 127.0.0.1");
}
