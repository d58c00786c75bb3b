#include "recorder.hpp"
#include "scripted_peer.hpp"

#include <catch2/catch_test_macros.hpp>

#include <future>

using namespace pj;
using namespace pj::test;

namespace {

http_client_options through(const scripted_server& server) {
  http_client_options options;
  options.proxy.for_http = options.proxy.for_https =
    "http://me:hunter2@127.0.0.1:" + std::to_string(server.port());
  return options;
}

/// What a proxy that answers like this makes of an https request.
recorder::seen tunnel_against(std::string answer) {
  scripted_server server({[answer](scripted_peer& peer) {
    peer.read_request();
    peer.send(answer);
    peer.wait_for_end();
  }});
  http_limits limits;
  limits.idle = std::chrono::milliseconds(200);
  limits.connect = std::chrono::milliseconds(500);
  return ask(*make_http_client(through(server)), get("https://a.test/secret"),
             limits);
}

} // namespace

TEST_CASE("plain http goes through a proxy in absolute form", "[http]") {
  std::promise<std::string> sent;
  scripted_server server({[&](scripted_peer& peer) {
    sent.set_value(peer.read_request());
    peer.send(ok("from proxy"));
  }});
  const auto http = make_http_client(through(server));
  const auto seen = ask(*http, get("http://a.test:8080/x?y"));
  CHECK(seen.body == "from proxy");
  const auto text = sent.get_future().get();
  CHECK(text.starts_with("GET http://a.test:8080/x?y HTTP/1.1\r\n"
                         "host: a.test:8080\r\n"));
  CHECK(text.find("\r\nproxy-authorization: Basic bWU6aHVudGVyMg==\r\n") !=
        text.npos);
}

TEST_CASE("https asks the proxy for a tunnel, and nothing else", "[http]") {
  std::promise<std::string> sent;
  scripted_server server({[&](scripted_peer& peer) {
    sent.set_value(peer.read_request());
    peer.send("HTTP/1.1 200 Connection established\r\n\r\n");
    peer.read_some();
    peer.reset();
  }});
  auto request = post("https://a.test/secret", "body");
  request.headers = {{"authorization", "Bearer key"}};
  const auto seen = ask(*make_http_client(through(server)), request);
  REQUIRE(seen.why);
  CHECK(seen.why->kind == failure_class::retry);
  const auto text = sent.get_future().get();
  CHECK(
    text.starts_with("CONNECT a.test:443 HTTP/1.1\r\nhost: a.test:443\r\n"));
  CHECK(text.find("\r\nproxy-authorization: Basic ") != text.npos);
  CHECK(text.find("Bearer") == text.npos);
  CHECK(text.find("secret") == text.npos);
}

TEST_CASE("a proxy that will not is told from one that cannot", "[http]") {
  const auto check = [](std::string answer, failure_class kind,
                        std::string_view part) {
    CAPTURE(answer);
    const auto seen = tunnel_against(answer);
    REQUIRE(seen.why);
    CAPTURE(seen.why->what);
    CHECK(seen.why->kind == kind);
    CHECK(seen.why->what.find(part) != std::string::npos);
    CHECK(seen.why->what.find("hunter2") == std::string::npos);
    CHECK(seen.heads == 0);
  };
  const std::string rest = "content-length: 0\r\n\r\n";
  check("HTTP/1.1 407 Auth\r\n" + rest, failure_class::fail, "password");
  check("HTTP/1.1 403 No\r\n" + rest, failure_class::fail, "not allow");
  check("HTTP/1.1 502 Bad\r\n" + rest, failure_class::retry, "cannot reach");
  check("junk\r\n\r\n", failure_class::retry, "not valid HTTP");
  check("HTTP/1.1 200 OK\r\n\r\nextra", failure_class::retry, "more than");
  check("", failure_class::retry, "no connection within");
}

TEST_CASE("loopback is not sent through the proxy", "[http]") {
  scripted_server proxy({});
  scripted_server server({[](scripted_peer& peer) {
    peer.read_request();
    peer.send(ok("direct"));
  }});
  const auto http = make_http_client(through(proxy));
  CHECK(ask(*http, get(server.url())).body == "direct");
}

TEST_CASE("with only public addresses, the proxy is sent to the checked one",
          "[http]") {
  std::promise<std::string> sent;
  scripted_server server({[&](scripted_peer& peer) {
    sent.set_value(peer.read_request());
    peer.send("HTTP/1.1 200 OK\r\n\r\n");
    peer.read_request();
    peer.send(ok("x"));
  }});
  auto options = through(server);
  options.look_up = [](const std::string& host) -> result<addresses> {
    return addresses{*parse_ip(host == "in.test" ? "10.0.0.1" : "192.0.1.7")};
  };
  const auto http = make_http_client(options);
  http_limits limits;
  limits.public_only = true;
  const auto refused = ask(*http, get("http://in.test/"), limits);
  REQUIRE(refused.why);
  CHECK(refused.why->kind == failure_class::fail);
  CHECK(server.accepted() == 0);
  CHECK(ask(*http, get("http://out.test/"), limits).body == "x");
  CHECK(sent.get_future().get().starts_with("CONNECT 192.0.1.7:80 HTTP/1.1"));
}
