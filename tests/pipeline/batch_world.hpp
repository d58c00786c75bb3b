#pragma once
#include "world.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace pj::test {

/// A world with `repositories` repositories acme/r1, acme/r2 … and a batch over
/// them.
struct batch_world : world {
  explicit batch_world(int repositories, mock_options o = {})
    : world(std::move(o)) {
    for (const char* name : {"TARGET_REPO", "TASK_ID", "AGENT_PROMPT"})
      environment.erase(name);
    std::ofstream file(spec());
    file << "name: greet\nprompt: Greet the reader in README.md.\n"
            "repositories:\n";
    for (int i = 1; i <= repositories; ++i) {
      const auto name = "acme/r" + std::to_string(i);
      doubles.add_repository(
        name, {{"README.md", "# R" + std::to_string(i) + "\n\nText.\n"}});
      file << "  - " << doubles.repository_url(name) << '\n';
    }
  }

  std::string spec() const { return (folder() / "greet.yaml").string(); }

  /// `pj batch …`
  std::unique_ptr<program> batch(std::vector<std::string> words) const {
    words.insert(words.begin(), {PJ_BINARY_DIR "/pj", "batch"});
    return std::make_unique<program>(words, environment);
  }

  /// The summary of a verb that ends with `code`.
  nlohmann::json summary(std::vector<std::string> words, int code) const {
    words.insert(words.end(), {"--format", "json"});
    const auto x = batch(words)->wait();
    INFO(x.err);
    CHECK(x.code == code);
    return nlohmann::json::parse(x.out);
  }

  /// What tasks did is there once, and every task's end was told last.
  void check_effects(std::size_t succeeded) const {
    CHECK(doubles.pulls().size() == succeeded);
    std::map<std::string, std::vector<std::string>> told;
    for (const auto& e : events())
      told[e["taskId"]].push_back(e["type"]);
    CHECK(told.size() == succeeded);
    for (const auto& [id, types] : told)
      CHECK(types.back() == "task.completed");
  }
};

} // namespace pj::test
