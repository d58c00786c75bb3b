#include "recorder.hpp"
#include "scripted_peer.hpp"

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <future>

using namespace pj;
using namespace pj::test;
using namespace std::chrono_literals;

namespace {

void answer(scripted_peer& peer) {
  peer.read_request();
  peer.send("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 1\r\n"
            "\r\nx");
}

http_client_options with(resolver::look_up_function look_up) {
  http_client_options options;
  options.look_up = std::move(look_up);
  return options;
}

std::string url_for(const scripted_server& server, std::string_view host) {
  return "http://" + std::string(host) + ":" + std::to_string(server.port());
}

} // namespace

TEST_CASE("a name is looked up, kept, and its addresses tried in turn",
          "[http]") {
  scripted_server server({answer, answer});
  std::atomic<int> asked = 0;
  const auto http =
    make_http_client(with([&](const std::string&) -> result<addresses> {
      ++asked;
      return addresses{*parse_ip("127.77.0.1"), *parse_ip("127.0.0.1")};
    }));
  CHECK(ask(*http, get(url_for(server, "a.test"))).body == "x");
  CHECK(ask(*http, get(url_for(server, "A.test"))).body == "x");
  CHECK(asked == 1);
}

TEST_CASE("localhost resolves here", "[http]") {
  const auto found = look_up("localhost");
  REQUIRE(found);
  for (const auto& address : *found)
    CHECK(why_not_public(address) == "loopback");
}

TEST_CASE("a name that does not resolve is worth another try", "[http]") {
  const auto http =
    make_http_client(with([](const std::string& host) -> result<addresses> {
      return failure{failure_class::retry,
                     failure_code::network,
                     "the name " + host + " cannot be resolved",
                     {},
                     {}};
    }));
  const auto seen = ask(*http, get("http://gone.test/"));
  REQUIRE(seen.why);
  CHECK(seen.why->kind == failure_class::retry);
  CHECK(seen.why->what ==
        "http://gone.test: the name gone.test cannot be resolved");
}

TEST_CASE("a look-up that hangs holds up nothing but its own exchange",
          "[http]") {
  scripted_server server({answer});
  const auto release = std::make_shared<std::promise<void>>();
  const auto released = release->get_future().share();
  const auto http =
    make_http_client(with([=](const std::string& host) -> result<addresses> {
      if (host == "slow.test")
        released.wait();
      return addresses{*parse_ip("127.0.0.1")};
    }));
  const auto stuck = std::make_shared<recorder>();
  const auto op = http->start(get(url_for(server, "slow.test")), {}, stuck);
  CHECK(ask(*http, get(url_for(server, "fast.test"))).body == "x");
  SECTION("the bound on connecting ends it") {
    http_limits limits;
    limits.connect = 50ms;
    const auto seen = ask(*http, get(url_for(server, "slow.test")), limits);
    REQUIRE(seen.why);
    CHECK(seen.why->what.find("no connection within 50 ms") !=
          std::string::npos);
    http->shutdown();
  }
  SECTION("cancel ends it") {
    http->cancel(op);
  }
  SECTION("shutdown ends it") {
    http->shutdown();
  }
  CHECK(stuck->wait_for_end().why->kind == failure_class::cancelled);
  release->set_value();
}

TEST_CASE("only public addresses are asked where that is wanted", "[http]") {
  scripted_server server({answer});
  const auto http =
    make_http_client(with([](const std::string& host) -> result<addresses> {
      if (host == "mixed.test")
        return addresses{*parse_ip("1.1.1.1"), *parse_ip("127.0.0.1")};
      return addresses{*parse_ip("127.0.0.1")};
    }));
  http_limits limits;
  limits.public_only = true;
  for (const auto* host : {"inside.test", "mixed.test", "127.0.0.1", "[::1]",
                           "[::ffff:127.0.0.1]", "localhost"}) {
    CAPTURE(host);
    const auto seen = ask(*http, get(url_for(server, host)), limits);
    REQUIRE(seen.why);
    CHECK(seen.why->kind == failure_class::fail);
    CHECK(seen.why->what.find("loopback") != std::string::npos);
  }
  CHECK(server.accepted() == 0);

  // A connection that was made without the check is not lent to one with it.
  CHECK_FALSE(ask(*http, get(url_for(server, "127.0.0.1"))).why);
  CHECK(ask(*http, get(url_for(server, "127.0.0.1")), limits).why);
}
