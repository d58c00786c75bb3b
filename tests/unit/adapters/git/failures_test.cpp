#include "tests/unit/adapters/git/stalling_proxy.hpp"
#include "tests/unit/adapters/git/world.hpp"

#include <catch2/matchers/catch_matchers_string.hpp>

using namespace pj;
using namespace pj::test;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("git: a wrong token is said to be wrong, and offered once") {
  world w({"right", false});
  w.seed();
  w.remote.token = "wrong-token";
  const auto f = need_failure(w.fetch());
  CHECK(f.kind == failure_class::fail);
  CHECK(f.code == failure_code::git);
  CHECK_THAT(f.what, ContainsSubstring("refused the token"));
  CHECK_THAT(f.what, !ContainsSubstring("wrong-token"));
  CHECK(w.server.end().size() == 2);
}

TEST_CASE("git: a server that wants a token says so when there is none") {
  world w({"right", false});
  w.seed();
  w.remote.token.clear();
  CHECK_THAT(need_failure(w.fetch()).what, ContainsSubstring("GITHUB_TOKEN"));
}

TEST_CASE("git: an untrusted certificate is refused") {
  world w({"right", true});
  w.seed();
  const git_server other({.token = "", .tls = true});
  w.options.ca_file = other.ca_file();
  const auto f = need_failure(w.fetch());
  CHECK(f.kind == failure_class::fail);
  CHECK(f.code == failure_code::network);
  UNSCOPED_INFO(f.what);
  CHECK_THAT(f.what, ContainsSubstring("not trusted") &&
                       ContainsSubstring("SSL_CERT_FILE"));
}

TEST_CASE("git: a certificate authority that cannot be read is an error") {
  world w({"right", true});
  w.options.ca_file = w.home.path() / "missing.pem";
  const auto f = need_failure(w.fetch());
  CHECK(f.code == failure_code::configuration);
  CHECK_THAT(f.what, ContainsSubstring("missing.pem"));
}

TEST_CASE("git: an unknown host and a closed port may be tried again") {
  world w;
  w.remote.url = "http://no-such-host.invalid/o/r.git";
  auto f = need_failure(w.fetch());
  CHECK(f.kind == failure_class::retry);
  CHECK(f.code == failure_code::network);
  CHECK_THAT(f.what, ContainsSubstring("no-such-host.invalid"));
  w.remote.url = "http://127.0.0.1:1/o/r.git";
  f = need_failure(w.fetch());
  INFO(f.what);
  CHECK(f.kind == failure_class::retry);
  CHECK(f.code == failure_code::network);
}

TEST_CASE("git: a token does not travel in the clear") {
  world w;
  w.remote = {"http://git.invalid/o/r.git", "secret-token"};
  auto f = need_failure(w.fetch());
  CHECK(f.code == failure_code::configuration);
  CHECK_THAT(f.what, ContainsSubstring("https"));
  CHECK_THAT(f.what, !ContainsSubstring("secret-token"));
  w.remote.url = "http://127.0.0.1.evil.invalid/o/r.git";
  CHECK(need_failure(w.fetch()).code == failure_code::configuration);
}

TEST_CASE("git: a repository that is not there") {
  world w({"right", false});
  w.remote.url = w.server.url("o/other");
  auto f = need_failure(w.fetch());
  CHECK(f.kind == failure_class::fail);
  CHECK_THAT(f.what, ContainsSubstring("does not exist") &&
                       ContainsSubstring("o/other"));
  w.remote.url = w.server.file_url("o/other");
  f = need_failure(w.fetch());
  CHECK(f.kind == failure_class::fail);
  CHECK_THAT(f.what, ContainsSubstring("no repository"));
}

TEST_CASE("git: an empty repository") {
  world w;
  CHECK_THAT(need_failure(w.fetch()).what, ContainsSubstring("empty"));
  w.remote.url = w.server.file_url("o/r");
  CHECK_THAT(need_failure(w.fetch()).what, ContainsSubstring("empty"));
}

TEST_CASE("git: a missing base") {
  world w;
  w.server.commit("o/r", "trunk", {{"a", "b"}});
  git_in(w.server.folder("o/r"), {"symbolic-ref", "HEAD", "refs/heads/trunk"});
  SECTION("is a failure") {
    const auto f = need_failure(w.fetch("dev"));
    CHECK(f.kind == failure_class::fail);
    CHECK_THAT(f.what, ContainsSubstring("no branch dev"));
  }
  SECTION("falls back to the default branch") {
    const auto s = need_failure(w.fetch("main"));
    const auto t = need(w.fetch("main", true));
    CHECK(t.base == "trunk");
    REQUIRE(t.warnings.size() == 1);
    CHECK_THAT(t.warnings[0], ContainsSubstring("using trunk"));
  }
  SECTION("falls back to master first") {
    const auto master = w.server.commit("o/r", "master", {{"a", "c"}});
    const auto t = need(w.fetch("main", true));
    CHECK(t.base == "master");
    CHECK(t.commit == master);
  }
  SECTION("falls back to where a detached HEAD is") {
    const auto tip = w.server.tip("o/r", "trunk");
    git_in(w.server.folder("o/r"), {"update-ref", "--no-deref", "HEAD", tip});
    CHECK(need(w.fetch("main", true)).base == "trunk");
  }
}

TEST_CASE("git: a hook that says no is quoted") {
  world w;
  w.seed();
  w.server.set_update_hook("o/r", "echo branch is protected >&2; exit 1\n");
  const auto request = commit_on(need(w.fetch()), {add("x", "y")});
  const auto f =
    need_failure(w.engine().push({w.remote, request, "pj/t1", ""}, {}));
  CHECK(f.kind == failure_class::fail);
  CHECK_THAT(f.what, ContainsSubstring("refused branch pj/t1") &&
                       ContainsSubstring("hook declined"));
  CHECK_THAT(f.details, ContainsSubstring("branch is protected"));
  CHECK(w.server.tip("o/r", "pj/t1").empty());
}

TEST_CASE("git: a redirect to another host is not followed") {
  world w({"right", false});
  w.seed();
  const redirecting_server elsewhere("http://localhost:1/o/r.git");
  w.remote.url = elsewhere.url();
  const auto f = need_failure(w.fetch());
  CHECK(f.kind == failure_class::fail);
  CHECK_THAT(f.what, ContainsSubstring("moved to another host"));
}

TEST_CASE("git: a server that stops in the middle is given up") {
  world w;
  w.server.commit("o/r", "main", {{"big", std::string(400'000, 'x')}});
  w.options.server_timeout = std::chrono::milliseconds{300};
  // Incompressible enough to need more than what is let through.
  std::string noise;
  for (unsigned i = 0, x = 1; i < 300'000; ++i)
    noise += static_cast<char>((x = x * 1664525u + 1013904223u) >> 24);
  w.server.commit("o/r", "main", {{"noise", noise}});
  stalling_proxy proxy(w.server.url("o/r"), 100'000);
  w.remote.url = proxy.url();
  const auto f = need_failure(w.fetch());
  CHECK(f.kind == failure_class::retry);
  CHECK(f.code == failure_code::network);
  CHECK_THAT(f.what, ContainsSubstring("did not answer in time"));

  SECTION("and the mirror is good for the next try") {
    proxy.let_all_through();
    CHECK(need(need(w.fetch()).tree->read("noise")) == noise);
  }
}

TEST_CASE("git: a stop ends a stalled transfer as cancelled") {
  world w;
  w.seed();
  w.options.server_timeout = std::chrono::minutes{2};
  stalling_proxy proxy(w.server.url("o/r"), 10);
  std::stop_source stop;
  std::chrono::steady_clock::time_point stopped;
  std::jthread later([&] {
    proxy.wait_for_stall();
    stopped = std::chrono::steady_clock::now();
    stop.request_stop();
  });
  const auto f = need_failure(
    w.engine().fetch({{proxy.url(), ""}, "main", false}, stop.get_token()));
  CHECK(f.kind == failure_class::cancelled);
  later.join();
  CHECK(std::chrono::steady_clock::now() - stopped < std::chrono::seconds{30});
}

TEST_CASE("git: what was stopped before it began does nothing") {
  world w;
  w.seed();
  const auto request = commit_on(need(w.fetch()), {add("x", "y")});
  std::stop_source stop;
  stop.request_stop();
  const auto token = stop.get_token();
  CHECK(need_failure(w.engine().fetch({w.remote, "main", false}, token)).kind ==
        failure_class::cancelled);
  CHECK(
    need_failure(w.engine().push({w.remote, request, "b", ""}, token)).kind ==
    failure_class::cancelled);
  CHECK(need_failure(w.engine().tip(w.remote, "main", token)).kind ==
        failure_class::cancelled);
  CHECK(w.server.end().size() == 3); // those of the first fetch
}
