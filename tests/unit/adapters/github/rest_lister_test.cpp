#include "adapters/github/rest_lister.hpp"
#include "tests/unit/adapters/mock/mock_world.hpp"

#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <fstream>

using namespace pj;
using namespace pj::test;
using batch::source_kind;

namespace {

namespace fs = std::filesystem;

batch::repository_source source(source_kind kind, std::string value) {
  batch::repository_source out;
  out.kind = kind;
  out.value = std::move(value);
  out.at = {"b.yaml", 3, 7};
  return out;
}

struct listing_world : mock_world {
  /// A repository that is the same as acme/hello but for its name.
  fs::path copy(const std::string& name) {
    const auto from = doubles.repository_path("acme/hello");
    const auto to = from.parent_path().parent_path() / (name + ".git");
    fs::create_directories(to.parent_path());
    fs::copy(from, to, fs::copy_options::recursive);
    return to;
  }

  std::unique_ptr<repository_lister> lister(const std::string& token) {
    rest_lister_options o;
    o.api = doubles.urls().github;
    if (!token.empty())
      o.tokens = std::make_shared<fixed_token>(token);
    o.unix_now = [] { return std::int64_t{1'700'000'000}; };
    o.wait = [this](std::chrono::milliseconds time) { waits.push_back(time); };
    return make_rest_lister(http, std::move(o));
  }

  result<std::vector<batch::repository>> list(source_kind kind,
                                              std::string value) {
    return lister(doubles.token())->list(source(kind, std::move(value)));
  }

  std::vector<std::chrono::milliseconds> waits;
};

} // namespace

TEST_CASE("listing: an organization's repositories with what they are") {
  listing_world world;
  std::ofstream(world.copy("acme/old") / "pj-archived") << "";
  const auto all = world.list(source_kind::organization, "acme");
  REQUIRE(all);
  REQUIRE(all->size() == 4);
  const auto& first = (*all)[0];
  CHECK(first.url == world.doubles.repository_url("acme/hello"));
  CHECK(first.default_branch == "main");
  CHECK(first.is_listed);
  CHECK_FALSE(first.is_archived);
  CHECK_FALSE(first.is_fork);
  CHECK(first.at.line == 3);
  CHECK((*all)[1].url.ends_with("/acme/old.git"));
  CHECK((*all)[1].is_archived);
  CHECK(world.list(source_kind::user, "acme")->size() == 4);
}

TEST_CASE("listing: forks are known as such") {
  listing_world world;
  world.send(world.to_github("POST", "/repos/acme/hello/forks",
                             {{"organization", "elsewhere"}}));
  const auto all = world.list(source_kind::organization, "elsewhere");
  REQUIRE(all);
  REQUIRE(all->size() == 1);
  CHECK((*all)[0].is_fork);
}

TEST_CASE("listing: page after page of a hundred") {
  listing_world world;
  for (int i = 0; i < 205; ++i)
    world.copy("big/r" + std::to_string(1'000 + i));
  const auto all = world.list(source_kind::organization, "big");
  REQUIRE(all);
  REQUIRE(all->size() == 205);
  CHECK((*all)[0].url.ends_with("/big/r1000.git"));
  CHECK((*all)[204].url.ends_with("/big/r1204.git"));
  std::size_t pages = 0;
  for (const auto& seen : world.doubles.requests())
    pages += seen.target.find("/orgs/big/repos?per_page=100") == 0 ? 1 : 0;
  CHECK(pages == 3);
}

TEST_CASE("listing: topics and searches") {
  listing_world world;
  std::ofstream(world.copy("acme/web") / "pj-topics") << "node\nweb\n";
  const auto topic = world.list(source_kind::topic, "node");
  REQUIRE(topic);
  REQUIRE(topic->size() == 1);
  CHECK((*topic)[0].url.ends_with("/acme/web.git"));
  CHECK(world.list(source_kind::search, "org:acme hel")->size() == 1);
  CHECK(world.list(source_kind::search, "org:nobody")->empty());
  const auto bad = world.list(source_kind::search, "nonsense:x");
  REQUIRE_FALSE(bad);
  CHECK(bad.error().what.find("(422)") != std::string::npos);
}

TEST_CASE("listing: refusals are one clear line and are not tried again") {
  listing_world world;
  const auto none = world.list(source_kind::organization, "nobody");
  REQUIRE_FALSE(none);
  CHECK(none.error().what.find("nobody") != std::string::npos);
  CHECK(none.error().what.find("404") != std::string::npos);
  const auto wrong =
    world.lister("ghp_wrong")->list(source(source_kind::user, "acme"));
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().what.find("401") != std::string::npos);
  CHECK(wrong.error().what.find("ghp_wrong") == std::string::npos);
  CHECK(world.waits.empty());
}

TEST_CASE("listing: what may pass is waited for, but not for ever") {
  listing_world world;
  world.doubles.add_fault(
    "{face: github, kind: status, status: 502, times: 2}");
  CHECK(world.list(source_kind::user, "acme"));
  CHECK(world.waits.size() == 2);
  world.waits.clear();
  world.doubles.add_fault(
    "{face: github, kind: status, status: 502, times: 99}");
  CHECK_FALSE(world.list(source_kind::user, "acme"));
  CHECK(world.waits.size() == 2);
}
