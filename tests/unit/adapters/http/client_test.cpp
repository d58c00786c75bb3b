#include "recorder.hpp"
#include "scripted_peer.hpp"

#include <catch2/catch_test_macros.hpp>

#include <future>

using namespace pj;
using namespace pj::test;
using namespace std::chrono_literals;

namespace {

/// A server whose connections all play `script`, and a client.
struct fixture {
  explicit fixture(scripted_server::script script, std::size_t times = 1)
    : server(std::vector<scripted_server::script>(times, std::move(script))) {}

  scripted_server server;
  std::shared_ptr<http_client> http = make_http_client({});
};

/// Answers one request with these bytes and closes.
scripted_server::script answer(std::string bytes) {
  return [bytes](scripted_peer& peer) {
    peer.read_request();
    peer.send(bytes);
  };
}

} // namespace

TEST_CASE("a request is sent whole and the response read whole", "[http]") {
  std::promise<std::string> sent;
  fixture f([&](scripted_peer& peer) {
    sent.set_value(peer.read_request());
    peer.send("HTTP/1.1 201 Created\r\ncontent-length: 5\r\nX-A: 1\r\n"
              "x-a: 2\r\n\r\nhello");
  });
  auto request = post(f.server.url("/a/b?c=d"), "body");
  request.headers = {{"authorization", "Bearer k"}};
  const auto seen = ask(*f.http, request);
  CHECK_FALSE(seen.why);
  CHECK(seen.status == 201);
  CHECK(seen.body == "hello");
  CHECK(find_header(seen.headers, "x-a") == "1");
  const auto text = sent.get_future().get();
  CHECK(text.starts_with("POST /a/b?c=d HTTP/1.1\r\nhost: 127.0.0.1:"));
  CHECK(text.find("\r\nauthorization: Bearer k\r\n") != text.npos);
  CHECK(text.find("\r\nuser-agent: pithy-jaunt\r\n") != text.npos);
  CHECK(text.find("\r\naccept-encoding: identity\r\n") != text.npos);
  CHECK(text.ends_with("\r\ncontent-length: 4\r\n\r\nbody"));
}

TEST_CASE("a large body is sent unharmed", "[http]") {
  const std::string body(3'000'000, 'x');
  std::promise<std::size_t> got;
  fixture f([&](scripted_peer& peer) {
    const auto all = peer.read_request();
    got.set_value(all.size() - all.find("\r\n\r\n") - 4);
    peer.send(ok(""));
  });
  CHECK_FALSE(ask(*f.http, post(f.server.url(), body)).why);
  CHECK(got.get_future().get() == body.size());
}

TEST_CASE("every framing gives the same body", "[http]") {
  const std::string body = "0123456789";
  const std::string head = "HTTP/1.1 200 OK\r\n";
  const std::string framed[] = {
    head + "Content-Length: 10\r\n\r\n" + body,
    head + "Transfer-Encoding: chunked\r\n\r\n3\r\n012\r\n6;x=y\r\n345678\r\n"
           "1\r\n9\r\n0\r\nTrailer: t\r\n\r\n",
    head + "Connection: close\r\n\r\n" + body,
    "HTTP/1.0 200 OK\r\n\r\n" + body,
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n" +
      head + "Content-Length: 10\r\n\r\n" + body,
  };
  for (const auto& bytes : framed) {
    for (const bool trickled : {false, true}) {
      CAPTURE(bytes, trickled);
      fixture f([&](scripted_peer& peer) {
        peer.read_request();
        trickled ? peer.trickle(bytes) : peer.send(bytes);
      });
      const auto seen = ask(*f.http, get(f.server.url()));
      CHECK_FALSE(seen.why);
      CHECK(seen.status == 200);
      CHECK(seen.heads == 1);
      CHECK(seen.ends == 1);
      CHECK(seen.body == body);
      CHECK(find_header(seen.headers, "trailer").empty());
      CHECK(find_header(seen.headers, "link").empty());
    }
  }
}

TEST_CASE("responses without a body end at once", "[http]") {
  for (const auto* status : {"204 No Content", "304 Not Modified"}) {
    fixture f([&](scripted_peer& peer) {
      peer.read_request();
      peer.send("HTTP/1.1 " + std::string(status) +
                "\r\ncontent-length: 7\r\n\r\n");
      peer.wait_for_end();
    });
    CHECK_FALSE(ask(*f.http, get(f.server.url())).why);
  }
  fixture f([](scripted_peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\n");
    peer.wait_for_end();
  });
  auto head = get(f.server.url());
  head.method = "HEAD";
  CHECK_FALSE(ask(*f.http, head).why);
}

TEST_CASE("redirects are answers like any other", "[http]") {
  fixture f(answer("HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\n"
                   "content-length: 0\r\n\r\n"));
  CHECK(ask(*f.http, get(f.server.url())).status == 302);
}

TEST_CASE("chunks that arrive together are handed on together", "[http]") {
  fixture f(answer("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
                   "1\r\na\r\n1\r\nb\r\n1\r\nc\r\n0\r\n\r\n"));
  const auto seen = ask(*f.http, get(f.server.url()));
  CHECK(seen.body == "abc");
  CHECK(seen.pieces == 1);
}

TEST_CASE("a handler that has had enough gets its end without a failure",
          "[http]") {
  fixture f([](scripted_peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n12345");
    peer.wait_for_end();
  });
  const auto handler = std::make_shared<recorder>(5);
  f.http->start(get(f.server.url()), {}, handler);
  const auto seen = handler->wait_for_end();
  CHECK_FALSE(seen.why);
  CHECK(seen.body == "12345");
}

TEST_CASE("what cannot be sent is refused before a connection is made",
          "[http]") {
  fixture f(answer(ok("")));
  const auto url = f.server.url();
  const auto refuse = [&](http_request request) {
    const auto seen = ask(*f.http, std::move(request));
    REQUIRE(seen.why);
    CHECK(seen.why->kind == failure_class::fail);
    CHECK(seen.why->code == failure_code::configuration);
    CHECK(seen.ends == 1);
  };
  for (const auto* bad :
       {"", "ftp://127.0.0.1/", "http://", "http:///x", "/x", "http://u:p@h/",
        "http://127.0.0.1:99999/", "http://127.0.0.1:0/", "http://a b/",
        "http://127.0.0.1/\r\nx: y", "http://a%00b/"}) {
    CAPTURE(bad);
    refuse(get(bad));
  }
  for (const http_header& bad :
       {http_header{"a", "b\r\nc: d"}, http_header{"a b", "c"},
        http_header{"", "c"}, http_header{"Content-Length", "5"},
        http_header{"a", std::string("\0", 1)}}) {
    auto request = get(url);
    request.headers = {bad};
    refuse(request);
  }
  auto request = get(url);
  request.method = "GET / HTTP/1.1\r\n";
  refuse(request);
  CHECK(f.server.accepted() == 0);
}

TEST_CASE("cancel ends an exchange at every stage, once", "[http]") {
  fixture f(
    [](scripted_peer& peer) {
      const auto request = peer.read_request();
      if (request.starts_with("GET /stream"))
        peer.send("HTTP/1.1 200 OK\r\n\r\nfirst");
      peer.wait_for_end();
    },
    3);
  SECTION("while streaming") {
    const auto handler = std::make_shared<recorder>();
    const auto op = f.http->start(get(f.server.url("/stream")), {}, handler);
    handler->wait([](const auto& s) { return s.body == "first"; });
    f.http->cancel(op);
    const auto seen = handler->wait_for_end();
    REQUIRE(seen.why);
    CHECK(seen.why->kind == failure_class::cancelled);
    f.http->cancel(op);
  }
  SECTION("right after the start, and twice") {
    const auto handler = std::make_shared<recorder>();
    const auto op = f.http->start(get(f.server.url("/wait")), {}, handler);
    f.http->cancel(op);
    f.http->cancel(op);
    const auto seen = handler->wait_for_end();
    REQUIRE(seen.why);
    CHECK(seen.why->kind == failure_class::cancelled);
    CHECK(seen.heads == 0);
  }
  f.http->cancel(12345);
  f.http->shutdown();
}

TEST_CASE("shutdown ends what is under way, and later starts at once",
          "[http]") {
  fixture f(
    [](scripted_peer& peer) {
      peer.read_request();
      peer.wait_for_end();
    },
    20);
  std::vector<std::shared_ptr<recorder>> all;
  for (int i = 0; i < 20; ++i) {
    all.push_back(std::make_shared<recorder>());
    f.http->start(get(f.server.url()), {}, all.back());
  }
  f.http->shutdown();
  f.http->shutdown();
  all.push_back(std::make_shared<recorder>());
  f.http->start(get(f.server.url()), {}, all.back());
  for (const auto& handler : all) {
    const auto seen = handler->wait([](const auto&) { return true; });
    CHECK(seen.ends == 1);
    REQUIRE(seen.why);
    CHECK(seen.why->kind == failure_class::cancelled);
  }
}

TEST_CASE("the last reference may go away on the I/O thread", "[http]") {
  fixture f(answer(ok("x")));
  std::promise<int> status;
  auto http = std::exchange(f.http, nullptr);
  auto* port = http.get();
  fetch(*port, get(f.server.url()), {},
        [http = std::move(http), &status](result<http_response> got) mutable {
          http.reset();
          status.set_value(got ? got->status : 0);
        });
  CHECK(status.get_future().get() == 200);
}

TEST_CASE("an exchange may start another one from its end", "[http]") {
  fixture f(answer(ok("x")), 2);
  std::promise<std::string> second;
  fetch(*f.http, get(f.server.url()), {}, [&](result<http_response>) {
    fetch(*f.http, get(f.server.url()), {},
          [&](result<http_response> got) { second.set_value(got->body); });
  });
  CHECK(second.get_future().get() == "x");
}

TEST_CASE("a connection can be tried without a word", "[http]") {
  std::promise<std::string> heard;
  fixture f([&](scripted_peer& peer) { heard.set_value(peer.read_some()); });
  http_limits limits;
  limits.connect_only = true;
  const auto seen = ask(*f.http, get(f.server.url()), limits);
  CHECK_FALSE(seen.why);
  CHECK(seen.status == 0);
  CHECK(heard.get_future().get().empty());
  limits.connect = 5s;
  CHECK(ask(*f.http, get("http://127.0.0.1:9/"), limits).why);
}
