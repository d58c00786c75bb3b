#include "apps/pj/command_line.hpp"

#include "adapters/log.hpp"

#include <CLI/CLI.hpp>
#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

namespace {

/// What parsing these words says on the log.
struct spoken {
  explicit spoken(std::vector<const char*> words,
                  const pj::settings& environment = {}) {
    pj::set_log_output([this](std::string_view line) { said += line; });
    CLI::App app("test", "pj");
    pj::add_globals(app, environment);
    auto* run = app.add_subcommand("run", "");
    std::string repo;
    run->add_option("--repo", repo);
    run->callback([this] {
      ran = true;
      pj::log_line(pj::log_level::debug, "deep");
      pj::log_line(pj::log_level::info, "usual");
    });
    words.insert(words.begin(), "pj");
    good = pj::parse(app, static_cast<int>(words.size()), words.data());
  }
  ~spoken() {
    pj::set_log_output({});
    pj::set_log_level(pj::log_level::info);
  }

  bool has(std::string_view part) const { return said.find(part) != said.npos; }

  std::string said;
  bool good = false;
  bool ran = false;
};

} // namespace

TEST_CASE("a wrong command line is one line with a hint") {
  const spoken verb({"rnu"});
  CHECK_FALSE(verb.good);
  CHECK(verb.has("no verb rnu; did you mean run? (see pj --help)"));
  const spoken option({"run", "--rpeo", "x"});
  CHECK_FALSE(option.ran);
  CHECK(option.has("--rpeo; did you mean --repo? (see pj run --help)"));
  const spoken word({"run", "two", "words"});
  CHECK(word.has("\"two\" is one word too many"));
  const spoken secret({"run", "--token=planted\x1b"});
  CHECK(secret.has("no option --token"));
  CHECK_FALSE(secret.has("planted"));
}

TEST_CASE("loudness comes from flags, then from PJ_LOG") {
  CHECK(spoken({"run"}).has("usual"));
  CHECK_FALSE(spoken({"run"}).has("deep"));
  CHECK(spoken({"run", "--verbose"}).has("deep"));
  CHECK_FALSE(spoken({"--quiet", "run"}).has("usual"));
  const pj::settings silent{{"PJ_LOG", {"error", "PJ_LOG"}}};
  CHECK_FALSE(spoken({"run"}, silent).has("usual"));
  CHECK(spoken({"-v", "run"}, silent).has("deep"));
  const pj::settings odd{{"PJ_LOG", {"loud", "PJ_LOG"}}};
  const spoken warned({"run"}, odd);
  CHECK(warned.ran);
  CHECK(warned.has("PJ_LOG is \"loud\""));
}
