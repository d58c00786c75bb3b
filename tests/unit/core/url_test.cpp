#include "core/url.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace pj;

TEST_CASE("a URL is taken apart without decoding") {
  const auto url = split_url("HTTPS://me:x@Host.example:8443/a/b%20c?q=1#f");
  REQUIRE(url);
  CHECK(url->scheme == "https");
  CHECK(url->user == "me:x");
  CHECK(url->host == "host.example");
  CHECK(url->port == "8443");
  CHECK(url->path == "/a/b%20c");
  CHECK(url->query == "?q=1#f");
  CHECK(split_url("http://[::1]:80/")->host == "[::1]");
  for (const auto* bad : {"", "host/path", "://x", "http://", "http://-x/",
                          "http://h:0/", "http://h:65536/", "http://h/%0a",
                          "http://h/a b", "http://h/\\x", "http://a..b/"})
    CHECK_FALSE(split_url(bad));
}

TEST_CASE("hosts that can only be this machine") {
  for (const auto* here :
       {"localhost", "x.localhost", "127.0.0.1", "127.9.9.9", "[::1]"})
    CHECK(is_loopback(here));
  for (const auto* away : {"127.0.0.1.example", "localhost.example",
                           "128.0.0.1", "127.0.0", "[::2]", ""})
    CHECK_FALSE(is_loopback(away));
}

TEST_CASE("a URL is shown without what may be secret") {
  CHECK(shown_url("https://me:pw@host/a?token=x") == "https://***@host/a");
  CHECK(shown_url("https://token@host/a#x") == "https://***@host/a");
  CHECK(shown_url("ssh://git@host/a") == "ssh://git@host/a");
  CHECK(shown_url("me:pw@host:\x1b[2J") == "***@host:\\x1b[2J");
}

TEST_CASE("an address whose path may be a key shows its server only") {
  CHECK(shown_origin("https://host:8/planted?planted") == "https://host:8/***");
  CHECK(shown_origin("http://[::1]:80/p") == "http://[::1]:80/***");
  CHECK(shown_origin("https://host") == "https://host");
  CHECK(shown_origin("https://me:pl/anted@host/x") == "https://***");
  CHECK(shown_origin("https://host\\planted") == "https://host/***");
  CHECK(shown_origin("https://host\x1b[2J") == "https://host/***");
  CHECK(shown_origin("host.example/services/planted") == "***");
  CHECK(shown_origin("https:/host/planted") == "***");
  CHECK(shown_origin("").empty());
}

TEST_CASE("an origin is scheme, host and port, as written") {
  CHECK(origin_of("https://api.example:8443/v3/x?y") ==
        "https://api.example:8443");
  CHECK(origin_of("https://host") == "https://host");
  CHECK(origin_of("no url").empty());
  CHECK(origin_of("://x").empty());
}

TEST_CASE("everything but unreserved characters is escaped") {
  CHECK(percent_encoded("a-Z.0_~") == "a-Z.0_~");
  CHECK(percent_encoded("a/b c+\xc3\xa9") == "a%2Fb%20c%2B%C3%A9");
  CHECK(percent_encoded("/", "0123456789abcdef") == "%2f");
}
