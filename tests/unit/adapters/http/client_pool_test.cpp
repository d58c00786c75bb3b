#include "recorder.hpp"
#include "scripted_peer.hpp"

#include <catch2/catch_test_macros.hpp>

#include <future>

using namespace pj;
using namespace pj::test;
using namespace std::chrono_literals;

namespace {

/// Answers that many requests on one connection, then closes it and says so.
scripted_server::script serve(int times, std::promise<void>* closed = nullptr) {
  return [=](scripted_peer& peer) {
    for (int i = 0; i < times; ++i)
      if (!peer.read_request().empty())
        peer.send(ok("x"));
    peer.close();
    if (closed)
      closed->set_value();
  };
}

/// Answers once, takes the second request and closes without an answer.
void answer_then_drop(scripted_peer& peer) {
  peer.read_request();
  peer.send(ok("x"));
  peer.read_request();
}

} // namespace

TEST_CASE("a connection is used again", "[http]") {
  scripted_server server({serve(3)});
  const auto http = make_http_client({});
  for (int i = 0; i < 3; ++i)
    CHECK_FALSE(ask(*http, post(server.url(), "b")).why);
  CHECK(server.accepted() == 1);
}

TEST_CASE("a connection that was closed meanwhile is not used, even by POST",
          "[http]") {
  std::promise<void> closed;
  scripted_server server({serve(1, &closed), serve(1)});
  const auto http = make_http_client({});
  CHECK_FALSE(ask(*http, post(server.url(), "b")).why);
  closed.get_future().wait();
  CHECK_FALSE(ask(*http, post(server.url(), "b")).why);
  CHECK(server.accepted() == 2);
}

TEST_CASE("a kept connection that dies under a request: GET again, POST never",
          "[http]") {
  scripted_server server({answer_then_drop, serve(1)});
  const auto http = make_http_client({});
  CHECK_FALSE(ask(*http, get(server.url())).why);
  SECTION("GET") {
    CHECK_FALSE(ask(*http, get(server.url())).why);
    CHECK(server.accepted() == 2);
  }
  SECTION("POST") {
    const auto seen = ask(*http, post(server.url(), "b"));
    REQUIRE(seen.why);
    CHECK(seen.why->kind == failure_class::retry);
    CHECK(server.accepted() == 1);
  }
}

TEST_CASE("a new connection that dies is not tried again", "[http]") {
  scripted_server server(
    {[](scripted_peer& peer) { peer.read_request(); }, serve(1)});
  const auto http = make_http_client({});
  CHECK(ask(*http, get(server.url())).why);
  CHECK(server.accepted() == 1);
}

TEST_CASE("a connection is not kept when the server will not have it",
          "[http]") {
  const std::string once[] = {
    "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 1\r\n\r\nx",
    "HTTP/1.0 200 OK\r\ncontent-length: 1\r\n\r\nx",
    "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nxHTTP/1.1 200 OK\r\n",
  };
  for (const auto& bytes : once) {
    CAPTURE(bytes);
    const auto script = [&](scripted_peer& peer) {
      peer.read_request();
      peer.send(bytes);
      peer.wait_for_end();
    };
    scripted_server server({script, script});
    const auto http = make_http_client({});
    CHECK(ask(*http, get(server.url())).body == "x");
    CHECK(ask(*http, get(server.url())).body == "x");
    CHECK(server.accepted() == 2);
  }
}

TEST_CASE("no more connections are kept than allowed", "[http]") {
  scripted_server server({serve(2), serve(2)});
  http_client_options options;
  SECTION("none in all") {
    options.max_kept = 0;
  }
  SECTION("none for an origin") {
    options.max_kept_per_origin = 0;
  }
  const auto http = make_http_client(options);
  CHECK_FALSE(ask(*http, get(server.url())).why);
  CHECK_FALSE(ask(*http, get(server.url())).why);
  CHECK(server.accepted() == 2);
}

TEST_CASE("a finished stream leaves its connection to others", "[http]") {
  std::promise<void> had_enough;
  scripted_server server({[&](scripted_peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
              "4\r\nlast\r\n");
    had_enough.get_future().wait();
    peer.send("0\r\n\r\n");
    peer.read_request();
    peer.send(ok("second"));
  }});
  const auto http = make_http_client({});
  const auto handler = std::make_shared<recorder>(4);
  http->start(get(server.url()), {}, handler);
  CHECK_FALSE(handler->wait_for_end().why);
  had_enough.set_value();

  // Whether the rest was read already is a race that both sides may win.
  const auto limits = http_limits{};
  recorder::seen seen;
  do {
    seen = ask(*http, get(server.url()), limits);
  } while (seen.why);
  CHECK(seen.body == "second");
}
