#include "adapters/http/proxy.hpp"

#include <catch2/catch_test_macros.hpp>

#include <map>

using namespace pj;

namespace {

proxy_settings from(std::map<std::string, std::string> variables) {
  return proxy_settings_from(
    [&](const char* name) -> std::optional<std::string> {
      const auto found = variables.find(name);
      if (found == variables.end())
        return std::nullopt;
      return found->second;
    });
}

bool is_direct(std::string except, std::string_view host,
               std::uint16_t port = 443) {
  proxy_settings settings;
  settings.for_https = "http://proxy:3128";
  settings.except = std::move(except);
  return !*choose_proxy(settings, true, host, port);
}

} // namespace

TEST_CASE("proxies come from the environment as other tools read it",
          "[http]") {
  CHECK(from({}).for_https.empty());
  CHECK(from({{"HTTPS_PROXY", "a"}}).for_https == "a");
  CHECK(from({{"HTTPS_PROXY", "a"}, {"https_proxy", "b"}}).for_https == "b");
  CHECK(from({{"https_proxy", " "}, {"HTTPS_PROXY", "a"}}).for_https == "a");
  CHECK(from({{"ALL_PROXY", "a"}}).for_http == "a");
  CHECK(from({{"ALL_PROXY", "a"}, {"HTTP_PROXY", "b"}}).for_http == "b");
  CHECK(from({{"HTTP_PROXY", "b"}}).for_https.empty());
  CHECK(from({{"NO_PROXY", "x"}, {"no_proxy", "y"}}).except == "y");
  CHECK(
    from({{"HTTP_PROXY", "b"}, {"REQUEST_METHOD", "GET"}}).for_http.empty());
  CHECK(from({{"http_proxy", "b"}, {"REQUEST_METHOD", "GET"}}).for_http == "b");
}

TEST_CASE("exceptions by name, suffix, port, address and network", "[http]") {
  CHECK_FALSE(is_direct("", "example.com"));
  CHECK(is_direct("*", "example.com"));
  CHECK(is_direct("a.org, example.com", "example.com"));
  CHECK(is_direct("EXAMPLE.com", "api.example.com"));
  CHECK(is_direct(".example.com", "api.example.com"));
  CHECK(is_direct(".example.com", "example.com"));
  CHECK(is_direct("*.example.com", "api.example.com"));
  CHECK_FALSE(is_direct("example.com", "badexample.com"));
  CHECK_FALSE(is_direct("api.example.com", "example.com"));
  CHECK(is_direct("example.com:443", "example.com", 443));
  CHECK_FALSE(is_direct("example.com:8443", "example.com", 443));
  CHECK_FALSE(is_direct("example.com:x", "example.com", 443));
  CHECK(is_direct("10.0.0.0/8", "10.1.2.3"));
  CHECK_FALSE(is_direct("10.0.0.0/8", "11.1.2.3"));
  CHECK_FALSE(is_direct("10.0.0.0/99", "10.1.2.3"));
  CHECK(is_direct("192.0.2.1", "192.0.2.1"));
  CHECK(is_direct("192.0.2.1:443", "192.0.2.1"));
  CHECK_FALSE(is_direct("2.1", "192.0.2.1"));
  CHECK(is_direct("2001:db8::/32", "2001:db8::5"));
  CHECK(is_direct("[2001:db8::5]:443", "2001:db8::5"));
  CHECK(is_direct("2001:db8::5", "2001:db8::5"));
  CHECK_FALSE(is_direct(",,", "example.com"));
}

TEST_CASE("loopback is asked directly unless asked otherwise", "[http]") {
  for (const auto* host : {"localhost", "a.localhost", "127.0.0.1", "127.9.9.9",
                           "::1", "::ffff:127.0.0.1"})
    CHECK(is_direct("", host));
  proxy_settings settings;
  settings.for_http = "proxy";
  settings.loopback_too = true;
  CHECK(*choose_proxy(settings, false, "localhost", 80));
}

TEST_CASE("a proxy URL is read, or refused without repeating its password",
          "[http]") {
  proxy_settings settings;
  settings.for_https = "http://us%40er:p%3Aw@Proxy.example:3128/";
  const auto found = choose_proxy(settings, true, "a.org", 443);
  REQUIRE(*found);
  CHECK((*found)->host == "proxy.example");
  CHECK((*found)->port == 3128);
  CHECK((*found)->authorization == "Basic dXNAZXI6cDp3");
  settings.for_https = "proxy";
  CHECK((*choose_proxy(settings, true, "a.org", 443))->port == 80);
  for (const auto* bad : {"socks5://u:hunter2@p:1", "https://u:hunter2@p:1",
                          "http://", "http://u:hunter2@p:99999",
                          "http://u:hunter2@p:0", "http://u:hunt er2@p"}) {
    CAPTURE(bad);
    settings.for_https = bad;
    const auto usable = settings.validate();
    REQUIRE_FALSE(usable);
    CHECK(usable.error().code == failure_code::configuration);
    CHECK(usable.error().what.find("hunt") == std::string::npos);
    CHECK_FALSE(choose_proxy(settings, true, "a.org", 443));
  }
}
