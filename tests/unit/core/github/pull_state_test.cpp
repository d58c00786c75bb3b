#include "core/github/pull_state.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

using namespace pj;
using namespace pj::github;
using nlohmann::json;

namespace {

const std::string tip(40, 'a');

json usual() {
  return {
    {"number", 7},
    {"html_url", "https://github.test/acme/shop/pull/7"},
    {"title", "T"},
    {"state", "open"},
    {"draft", false},
    {"merged", false},
    {"mergeable", true},
    {"mergeable_state", "clean"},
    {"head",
     {{"ref", "pj/t"}, {"sha", tip}, {"repo", {{"full_name", "acme/shop"}}}}},
    {"base", {{"ref", "main"}}}};
}

pull_state state(const json& change = json::object()) {
  auto body = usual();
  body.update(change);
  return *read_pull_state({200, {}, body.dump()});
}

const pull_place place{"https://api.test", "acme", "shop", 7, {}, {}};

} // namespace

TEST_CASE("a pull request is read as it stands") {
  CHECK(state().at == pull_standing::open);
  CHECK(state({{"draft", true}}).at == pull_standing::draft);
  CHECK(state({{"state", "closed"}}).at == pull_standing::closed);
  CHECK(state({{"state", "closed"}, {"merged", true}}).at ==
        pull_standing::merged);
  CHECK(state().head_repository == "acme/shop");
  CHECK(state({{"head", {{"ref", "x"}, {"sha", tip}, {"repo", nullptr}}}})
          .head_repository.empty());
  CHECK_FALSE(read_pull_state({200, {}, "[]"}));
  CHECK_FALSE(read_pull_state({200, {}, "<html>"}));
}

TEST_CASE("only what can be merged is merged") {
  CHECK(merge_obstacle(state(), tip).empty());
  CHECK(merge_obstacle(state({{"mergeable_state", "has_hooks"}}), tip).empty());
  for (const auto* word : {"dirty", "blocked", "behind", "unstable"}) {
    INFO(word);
    CHECK_FALSE(
      merge_obstacle(state({{"mergeable_state", word}}), tip).empty());
  }
  CHECK_FALSE(merge_obstacle(state({{"draft", true}}), tip).empty());
  CHECK_FALSE(merge_obstacle(state({{"state", "closed"}}), tip).empty());
  CHECK_FALSE(merge_obstacle(state(), std::string(40, 'b')).empty());
  CHECK_FALSE(merge_obstacle(
                state({{"mergeable", false}, {"mergeable_state", "new"}}), tip)
                .empty());
}

TEST_CASE("what GitHub has not worked out is no obstacle yet") {
  const auto x =
    state({{"mergeable", nullptr}, {"mergeable_state", "unknown"}});
  CHECK(merge_obstacle(x, tip).empty());
  CHECK(is_being_worked_out(x));
  CHECK(readiness(x) == "not known yet");
  CHECK_FALSE(is_being_worked_out(state()));
}

TEST_CASE("a merge names the commit it is for") {
  const auto r = merge_request(place, merge_method::squash, tip);
  CHECK(r.method == "PUT");
  CHECK(r.url == "https://api.test/repos/acme/shop/pulls/7/merge");
  const json wanted = {{"merge_method", "squash"}, {"sha", tip}};
  CHECK(json::parse(*r.body) == wanted);
}

TEST_CASE("a branch is deleted in its own repository") {
  auto x = state();
  x.head_repository = "jane/shop";
  x.head = "pj/a b";
  CHECK(delete_head_request(place, x).url ==
        "https://api.test/repos/jane/shop/git/refs/heads%2Fpj%2Fa%20b");
  CHECK(head_request(place, x).url ==
        "https://api.test/repos/jane/shop/git/ref/heads%2Fpj%2Fa%20b");
  CHECK(read_head({404, {}, "{}"})->empty());
  CHECK(*read_head({200, {}, R"({"object":{"sha":"abc"}})"}) == "abc");
  CHECK_FALSE(read_head({200, {}, "[]"}));
}

TEST_CASE("refused merges say why, and only some may succeed later") {
  const errand what{"acme/shop", "merge a pull request of", {}, true, {}};
  const auto moved = merge_refusal(
    what, {409, {}, R"({"message":"Head branch was modified."})"}, 0);
  CHECK(moved.kind == failure_class::fail);
  CHECK(moved.what.find("somebody pushed") != std::string::npos);
  const auto no =
    merge_refusal(what, {405, {}, R"({"message":"2 of 2 required"})"}, 0);
  CHECK(no.kind == failure_class::fail);
  CHECK(no.what.find("2 of 2 required") != std::string::npos);
  CHECK(merge_refusal(what,
                      {405,
                       {},
                       R"({"message":"Base branch was modified. Review and )"
                       R"(try the merge again."})"},
                      0)
          .kind == failure_class::retry);
}

TEST_CASE("the number is in the address") {
  CHECK(number_in("https://github.test/acme/shop/pull/12") == 12);
  for (const auto* none : {"", "https://github.test/acme/shop",
                           "https://github.test/acme/shop/pull/",
                           "https://github.test/a/b/pull/1x",
                           "https://github.test/a/b/pull/99999999999999999999"})
    CHECK(number_in(none) == 0);
}
