#include "core/spec/environment.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using pj::parse_repo_url;
using pj::repo_scheme;

namespace {

struct good {
  std::string_view given;
  std::string_view text;
  repo_scheme scheme;
  std::string_view host;
  std::string_view owner;
  std::string_view name;
};

} // namespace

TEST_CASE("every form of the contract's repository URLs is read") {
  const auto row = GENERATE(Catch::Generators::values<good>({
    {"https://github.com/o/r", "https://github.com/o/r", repo_scheme::https,
     "github.com", "o", "r"},
    {"https://github.com/o/r.git", "https://github.com/o/r.git",
     repo_scheme::https, "github.com", "o", "r"},
    {"  https://github.com/o/r.git///\n", "https://github.com/o/r.git",
     repo_scheme::https, "github.com", "o", "r"},
    {"HTTPS://GitHub.COM/Own/Re.po", "https://github.com/Own/Re.po",
     repo_scheme::https, "github.com", "Own", "Re.po"},
    {"https://h:8443/git/o/r.git", "https://h:8443/git/o/r.git",
     repo_scheme::https, "h", "o", "r"},
    {"https://h/r", "https://h/r", repo_scheme::https, "h", "", "r"},
    {"http://127.0.0.1:81/o/r", "http://127.0.0.1:81/o/r", repo_scheme::http,
     "127.0.0.1", "o", "r"},
    {"http://[::1]:81/o/r", "http://[::1]:81/o/r", repo_scheme::http, "[::1]",
     "o", "r"},
    {"http://localhost/o/r", "http://localhost/o/r", repo_scheme::http,
     "localhost", "o", "r"},
    {"git@github.com:o/r.git", "git@github.com:o/r.git", repo_scheme::ssh,
     "github.com", "o", "r"},
    {"git@host:r.git/", "git@host:r.git", repo_scheme::ssh, "host", "", "r"},
    {"git@host:/srv/o/r.git", "git@host:/srv/o/r.git", repo_scheme::ssh, "host",
     "o", "r"},
    {"ssh://git@host:22/o/r.git", "ssh://git@host:22/o/r.git", repo_scheme::ssh,
     "host", "o", "r"},
    {"ssh://host/~me/r", "ssh://host/~me/r", repo_scheme::ssh, "host", "~me",
     "r"},
    {"file:///srv/o/r.git/", "file:///srv/o/r.git", repo_scheme::file, "", "",
     "r"},
    {"file:///home/me/my repo/.git", "file:///home/me/my repo/.git",
     repo_scheme::file, "", "", "my repo"},
  }));
  CAPTURE(row.given);
  const auto url = parse_repo_url(row.given, true);
  REQUIRE(url);
  CHECK(url->text == row.text);
  CHECK(url->scheme == row.scheme);
  CHECK(url->host == row.host);
  CHECK(url->owner == row.owner);
  CHECK(url->name == row.name);
}

TEST_CASE("hostile and broken repository URLs are refused in one line") {
  const auto given = GENERATE(Catch::Generators::values<std::string>({
    "",
    "/",
    "x",
    "github.com/o/r",
    "/srv/repo",
    "C:\\repo",
    "--upload-pack=touch /tmp/x",
    "-oProxyCommand=x",
    "ext::sh -c id",
    "ext::sh%20-c%20id",
    "fd::17",
    "ftp://h/o/r",
    "git://h/o/r",
    "javascript://h/o/r",
    "https://",
    "https:///o/r",
    "https://h",
    "https://h/",
    "https:// h/o/r",
    "https://h/o r",
    "https://h/o/r\n",
    "https://h/../r",
    "https://h/o/..",
    "https://h/./r",
    "https://h//r",
    "https://h/o/r?x=1",
    "https://h/o/r#x",
    "https://h/o/%0ar",
    "https://h/o/%00",
    "https://h/o/%zz",
    "https://h/o/%4",
    "https://h:0/o/r",
    "https://h:65536/o/r",
    "https://h:8x/o/r",
    "https://-h/o/r",
    "https://h..x/o/r",
    "https://h\\x/o/r",
    "https://[::1/o/r",
    "https://[]/o/r",
    "https://h/o/$(id)",
    "https://h/o/r';id;'",
    "https://h/.git",
    "https://h/\xff/r",
    "https://h\xc3\xa4/o/r",
    "ssh://-oProxyCommand=x/r",
    "ssh://-x@h/o/r",
    "ssh://a$b@h/o/r",
    "ssh://h",
    "git@h",
    "git@:o/r",
    "@h:o/r",
    "git@-h:o/r",
    "git@h:",
    "git@h:-x",
    "git@h:../r",
    "git@h:o//r",
    "-x@h:o/r",
    "git@h:o/r;id",
    "file://",
    "file:///",
    "file://h/r",
    "file:r",
    "file:///../r",
    "file:///a\nb",
    "file:///a\x1b[31m",
    "file:///a\xff",
    "file:///a?b",
  }));
  CAPTURE(given);
  const auto url =
    parse_repo_url(given + (given.ends_with('\n') ? "x" : ""), false);
  REQUIRE_FALSE(url);
  const auto& what = url.error().what;
  CAPTURE(what);
  CHECK(url.error().code == pj::failure_code::configuration);
  CHECK(what.find_first_of("\n\x1b") == what.npos);
  CHECK(what.size() < 400);
}

TEST_CASE("a query of a repository URL is not shown, and named") {
  for (const std::string url :
       {"https://host/owner/repo?token=planted",
        "https://host/owner/repo#planted", "git@host:owner/repo?planted",
        "file:///srv/repo?planted", "https://host/owner/re po?planted"}) {
    CAPTURE(url);
    const auto got = parse_repo_url(url, false);
    REQUIRE_FALSE(got);
    CHECK(got.error().what.find("planted") == std::string::npos);
    CHECK(got.error().what.ends_with(
      ": leave out its '?' or '#' and what follows"));
  }
}

TEST_CASE("a repository URL of 127 KiB is refused briefly") {
  const auto url =
    parse_repo_url("https://h/o/" + std::string(127 << 10, 'r'), false);
  REQUIRE_FALSE(url);
  CHECK(url.error().what.size() < 400);
  CHECK(url.error().what.find("2048") != std::string::npos);
}

TEST_CASE("credentials inside a repository URL are refused and not shown") {
  const auto given = GENERATE(
    "https://hunter2secret@h/o/r", "https://user:hunter2secret@h/o/r",
    "https://a@hunter2secret@h/o/r", "ssh://git:hunter2secret@h/o/r",
    "user:hunter2secret@h:o/r", "htps://user:hunter2secret@h/o/r",
    "https://user:hunter2secret@h o/r", "http://x:hunter2secret@localhost/o/r",
    "https://h/o/r?token=hunter2secret", "https://u:hunter2secret@h/o/r?x");
  CAPTURE(given);
  const auto url = parse_repo_url(given, false);
  REQUIRE_FALSE(url);
  CHECK(url.error().what.find("hunter2") == std::string::npos);
}

TEST_CASE("http goes to this machine, elsewhere only without a token") {
  CHECK(parse_repo_url("http://git.example/o/r", false));
  CHECK_FALSE(parse_repo_url("http://git.example/o/r", true));
  CHECK(parse_repo_url("http://127.9.8.7/o/r", true));
  CHECK(parse_repo_url("http://a.localhost/o/r", true));
  const auto fake =
    GENERATE("http://127.0.0.1.evil.example/o/r", "http://127.0.0/o/r",
             "http://localhost.evil.example/o/r", "http://127.0.0.1x/o/r",
             "http://[::2]/o/r", "http://xlocalhost/o/r");
  CAPTURE(fake);
  CHECK_FALSE(parse_repo_url(fake, true));
}
