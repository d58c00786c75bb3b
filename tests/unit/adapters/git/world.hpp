#pragma once
#include "adapters/git/libgit2_git.hpp"
#include "tests/support/git_server.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

namespace pj::test {

/// A server with one repository, `o/r`, and an engine with a cache of its own.
struct world {
  explicit world(const git_server::options& how = {}) : server(how) {
    remote = {server.url("o/r"), how.token};
    options.cache = home.path() / "cache";
    options.listing_age = {}; // each call looks at the server
    options.ca_file = how.tls ? server.ca_file() : "";
    server.create("o/r");
  }

  /// Three files on `main`; gives the commit.
  std::string seed() {
    return server.commit("o/r", "main",
                         {{"README.md", "hello\n"},
                          {"src/a.txt", "one\ntwo\n"},
                          {"run.sh", "#!/bin/sh\n", "100755"}});
  }

  git_port& engine() {
    if (!engine_)
      engine_ = make_git(options);
    return *engine_;
  }

  /// The next call meets what the last engine left on disk.
  void end_engine() { engine_.reset(); }

  result<snapshot> fetch(const std::string& base = "main",
                         bool may_fall_back = false) {
    return engine().fetch({remote, base, may_fall_back}, {});
  }

  scratch_folder home;
  git_server server;
  git_remote_spec remote;
  git_options options;

private:
  std::shared_ptr<git_port> engine_;
};

/// The value, or a failed test that says why there is none.
template <class T>
T need(result<T> got) {
  if (!got)
    FAIL(got.error().what);
  return *std::move(got);
}

/// The failure, or a failed test when there is none.
template <class T>
failure need_failure(const result<T>& got) {
  REQUIRE_FALSE(got);
  CHECK(got.error().what.find('\n') == std::string::npos);
  return got.error();
}

inline commit_request commit_on(snapshot parent,
                                std::vector<file_change> files) {
  auto change = std::make_shared<change_set>();
  change->files = std::move(files);
  return {.parent = std::move(parent),
          .change = std::move(change),
          .message = "Pithy Jaunt: t1\n\nPithy-Jaunt-Task: t1\n",
          .author_name = "Pithy Jaunt Bot",
          .author_email = "bot@pithy-jaunt.dev",
          .when =
            std::chrono::sys_seconds{std::chrono::seconds{1'800'000'000}}};
}

inline file_change add(std::string path, std::string content,
                       file_mode mode = file_mode::regular) {
  return {change_kind::add, std::move(path), "", mode, std::move(content), ""};
}

inline file_change modify(std::string path, std::string content,
                          file_mode mode = file_mode::regular) {
  return {
    change_kind::modify, std::move(path), "", mode, std::move(content), ""};
}

inline file_change removal(std::string path) {
  return {change_kind::remove, std::move(path), "", file_mode::regular, "", ""};
}

inline file_change rename(std::string from, std::string to, std::string content,
                          file_mode mode = file_mode::regular) {
  return {change_kind::rename, std::move(to),
          std::move(from),     mode,
          std::move(content),  ""};
}

} // namespace pj::test
