#include "recorder.hpp"
#include "scripted_peer.hpp"
#include "throwaway_ca.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <openssl/ssl.h>
#include <sys/socket.h>

#include <atomic>
#include <future>

using namespace pj;
using namespace pj::test;
using namespace std::chrono_literals;

namespace {

using tls_script = std::function<void(tls_peer&)>;

scripted_server::script secured(throwaway_ca::identity who, tls_script play,
                                int max_version = 0) {
  return [=](scripted_peer& peer) {
    tls_peer secure(peer, who, max_version);
    play(secure);
    peer.wait_for_end();
  };
}

void answer(tls_peer& peer) {
  peer.read_request();
  peer.send(ok("secret"));
}

std::string url(const scripted_server& server, std::string host = "127.0.0.1") {
  return "https://" + host + ":" + std::to_string(server.port()) + "/";
}

std::shared_ptr<http_client> trusting(const throwaway_ca& ca,
                                      http_client_options options = {}) {
  options.tls.system_roots = false;
  options.tls.extra_roots = ca.pem();
  options.look_up = [](const std::string&) -> result<addresses> {
    return addresses{*parse_ip("127.0.0.1")};
  };
  return make_http_client(options);
}

void check_refused(const recorder::seen& seen, std::string_view part) {
  REQUIRE(seen.why);
  CAPTURE(seen.why->what);
  CHECK(seen.why->kind == failure_class::fail);
  CHECK(seen.why->code == failure_code::network);
  CHECK(seen.why->what.find(part) != std::string::npos);
  CHECK(seen.heads == 0);
}

} // namespace

TEST_CASE("a trusted server is spoken to, by address and by name", "[http]") {
  const throwaway_ca ca;
  std::promise<std::string> name;
  scripted_server server({secured(ca.sign({}), answer),
                          secured(ca.sign({"DNS:a.test"}), [&](tls_peer& peer) {
                            name.set_value(peer.server_name());
                            answer(peer);
                          })});
  const auto http = trusting(ca);
  CHECK(ask(*http, get(url(server))).body == "secret");
  CHECK(ask(*http, get(url(server, "a.test"))).body == "secret");
  CHECK(name.get_future().get() == "a.test");
}

TEST_CASE("large bodies pass through TLS both ways, and keep-alive works",
          "[http]") {
  const throwaway_ca ca;
  const std::string big(3'000'000, 'y');
  scripted_server server({secured(ca.sign({}), [&](tls_peer& peer) {
    peer.read_request();
    peer.send(ok(big));
    peer.read_request();
    peer.send(ok("2"));
  })});
  const auto http = trusting(ca);
  CHECK(ask(*http, get(url(server))).body == big);
  CHECK(ask(*http, get(url(server))).body == "2");
  CHECK(server.accepted() == 1);
}

TEST_CASE("a certificate that cannot be trusted ends it in one clear line",
          "[http]") {
  const throwaway_ca ca;
  const throwaway_ca other;
  const auto against = [&](const throwaway_ca::identity& who,
                           const throwaway_ca& trusted,
                           std::string host = "127.0.0.1") {
    scripted_server server({secured(who, answer)});
    return ask(*trusting(trusted), get(url(server, std::move(host))));
  };
  check_refused(against(ca.sign({}), other), "not trusted");
  check_refused(against(ca.sign({"DNS:localhost"}), ca), "for another host");
  check_refused(against(ca.sign({"IP:127.0.0.2"}), ca), "for another host");
  check_refused(against(ca.sign({"DNS:b.test"}), ca, "a.test"),
                "for another host than a.test");
  check_refused(against(ca.sign({"IP:127.0.0.1", -7200, -60}), ca), "expired");
  check_refused(against(ca.sign({"IP:127.0.0.1", 3600, 7200}), ca),
                "not valid yet");
}

TEST_CASE("old versions of TLS are refused", "[http]") {
  const throwaway_ca ca;
  scripted_server server({secured(ca.sign({}), answer, TLS1_1_VERSION),
                          secured(ca.sign({}), answer, TLS1_2_VERSION)});
  const auto http = trusting(ca);
  check_refused(ask(*http, get(url(server))), "TLS handshake failed");
  CHECK(ask(*http, get(url(server))).body == "secret");
}

TEST_CASE("a peer that is no TLS server is said to be so", "[http]") {
  const throwaway_ca ca;
  scripted_server server({[](scripted_peer& peer) {
                            peer.read_some();
                            peer.send(ok("plain"));
                            peer.wait_for_end();
                          },
                          [](scripted_peer& peer) { peer.read_some(); }});
  const auto http = trusting(ca);
  check_refused(ask(*http, get(url(server))), "TLS handshake failed");
  const auto cut = ask(*http, get(url(server)));
  REQUIRE(cut.why);
  CHECK(cut.why->kind == failure_class::retry);
}

TEST_CASE("a body without length must end with a TLS close", "[http]") {
  const throwaway_ca ca;
  const bool proper = GENERATE(true, false);
  scripted_server server({[&](scripted_peer& peer) {
    tls_peer secure(peer, ca.sign({}));
    secure.read_request();
    secure.send("HTTP/1.1 200 OK\r\n\r\npart");
    if (proper)
      secure.close();
    shutdown(peer.fd(), SHUT_WR);
    peer.wait_for_end();
  }});
  const auto seen = ask(*trusting(ca), get(url(server)));
  CHECK(seen.body == "part");
  CHECK(seen.why.has_value() == !proper);
}

TEST_CASE("a tunnel through a proxy carries TLS to the server", "[http]") {
  const throwaway_ca ca;
  scripted_server proxy({[&](scripted_peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\n\r\n");
    tls_peer secure(peer, ca.sign({"DNS:a.test"}));
    answer(secure);
    peer.wait_for_end();
  }});
  http_client_options options;
  options.proxy.for_https = "http://127.0.0.1:" + std::to_string(proxy.port());
  options.tls.extra_roots = ca.pem();
  const auto http = make_http_client(options);
  CHECK(ask(*http, get("https://a.test/")).body == "secret");
}

TEST_CASE("trusted certificates that cannot be read are said at once",
          "[http]") {
  http_client_options options;
  options.tls.extra_roots = "not PEM";
  CHECK_THROWS_AS(make_http_client(options), std::invalid_argument);
  const throwaway_ca ca;
  options.tls.extra_roots = ca.pem() + ca.pem();
  CHECK_NOTHROW(make_http_client(options));
  options.tls.extra_roots =
    ca.pem() + "-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----\n";
  CHECK_THROWS_AS(make_http_client(options), std::invalid_argument);
}

TEST_CASE("connections are opened a few at a time", "[http]") {
  const throwaway_ca ca;
  std::promise<void> released;
  std::atomic<bool> first_is_in = false;
  std::atomic<bool> in_order = false;
  scripted_server server({[&](scripted_peer& peer) {
                            released.get_future().wait();
                            first_is_in = true;
                            tls_peer secure(peer, ca.sign({}));
                            answer(secure);
                            peer.wait_for_end();
                          },
                          secured(ca.sign({}), [&](tls_peer& peer) {
                            in_order = first_is_in.load();
                            answer(peer);
                          })});
  http_client_options options;
  options.max_opening_per_origin = 1;
  options.max_kept = 0;
  const auto http = trusting(ca, options);
  const auto first = std::make_shared<recorder>();
  const auto second = std::make_shared<recorder>();
  const auto third = std::make_shared<recorder>();
  http->start(get(url(server)), {}, first);
  http->start(get(url(server)), {}, second);
  http->cancel(http->start(get(url(server)), {}, third));
  const auto cancelled = third->wait_for_end();
  REQUIRE(cancelled.why);
  CHECK(cancelled.why->kind == failure_class::cancelled);
  released.set_value();
  CHECK(first->wait_for_end().body == "secret");
  CHECK(second->wait_for_end().body == "secret");
  CHECK(in_order);
  CHECK(server.accepted() == 2);
}

TEST_CASE("the time to connect begins when others make room", "[http]") {
  const throwaway_ca ca;
  scripted_server server({[](scripted_peer& peer) { peer.wait_for_end(); },
                          secured(ca.sign({}), answer)});
  http_client_options options;
  options.max_opening_per_origin = 1;
  const auto http = trusting(ca, options);
  http_limits limits;
  limits.connect = 1s;
  const auto first = std::make_shared<recorder>();
  const auto second = std::make_shared<recorder>();
  http->start(get(url(server)), limits, first);
  http->start(get(url(server)), limits, second);
  const auto slow = first->wait_for_end();
  REQUIRE(slow.why);
  CHECK(slow.why->what.find("no connection within 1 s") != std::string::npos);
  CHECK(second->wait_for_end().body == "secret");
}
