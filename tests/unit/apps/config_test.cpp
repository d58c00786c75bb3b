#include "apps/pj/config.hpp"
#include "apps/pj/task_options.hpp"
#include "tests/unit/scratch_folder.hpp"

#include "core/text.hpp"

#include <CLI/CLI.hpp>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <fstream>

namespace {

pj::shown_setting row(const std::vector<pj::shown_setting>& rows,
                      std::string_view name) {
  const auto found = std::find_if(rows.begin(), rows.end(),
                                  [&](auto& r) { return r.name == name; });
  REQUIRE(found != rows.end());
  return *found;
}

pj::task_options parsed(std::vector<const char*> words) {
  CLI::App app;
  pj::task_options out;
  pj::add_task_flags(app, out);
  words.insert(words.begin(), "pj");
  app.parse(static_cast<int>(words.size()), words.data());
  return out;
}

} // namespace

TEST_CASE("settings are shown with their source, secrets masked") {
  const auto rows = pj::shown_settings({
    {"TASK_ID", {"t", "TASK_ID"}},
    {"MODEL_PROVIDER", {"anthropic", "/c.yaml:3"}},
    {"ANTHROPIC_API_KEY", {"planted-key", "ANTHROPIC_API_KEY"}},
    {"TARGET_REPO", {"https://u:planted@h/o/r?t=planted", "--repo"}},
    {"WEBHOOK_URL", {"https://h:8/hook/planted", "WEBHOOK_URL"}},
    {"https_proxy", {"http://u:planted@p:1", "https_proxy"}},
    {"AGENT_PROMPT", {"a\nb\x1b[2J" + std::string(999, 'x'), "--prompt"}},
  });
  CHECK(row(rows, "TASK_ID").value == "t");
  CHECK(row(rows, "TASK_ID").source == "environment");
  CHECK(row(rows, "MODEL_PROVIDER").source == "/c.yaml:3");
  CHECK(row(rows, "ANTHROPIC_API_KEY").value == "***");
  CHECK(row(rows, "OPENAI_API_KEY").source == "not set");
  CHECK(row(rows, "BASE_BRANCH").value == "main");
  CHECK(row(rows, "BASE_BRANCH").source == "default");
  CHECK(row(rows, "MODEL").value.starts_with("claude"));
  CHECK(row(rows, "PJ_CACHE_MAX_GB").value == "20");
  CHECK(row(rows, "PJ_CACHE_MAX_DAYS").source == "default");
  CHECK(row(rows, "WEBHOOK_URL").value == "https://h:8/***");
  CHECK(row(rows, "AGENT_PROMPT").value.starts_with("a\\nb\\x1b[2Jxxx"));
  CHECK(row(rows, "AGENT_PROMPT").value.size() < 80);
  for (const auto& r : rows) {
    CAPTURE(r.name);
    CHECK(r.value.find("planted") == r.value.npos);
  }
}

TEST_CASE("flags are settings by the contract's names") {
  const auto o = parsed({"--repo", "https://h/o/r", "--task-id=t", "--dry-run",
                         "--skip-pr", "--timeout-minutes", "0.5"});
  CHECK(o.flags.at("TARGET_REPO").value == "https://h/o/r");
  CHECK(o.flags.at("TARGET_REPO").source == "--repo");
  CHECK(o.flags.at("TASK_ID").value == "t");
  CHECK(o.flags.at("DRY_RUN").value == "true");
  CHECK(o.flags.at("SKIP_PR_CREATION").value == "true");
  CHECK(o.flags.at("TASK_TIMEOUT_MINUTES").value == "0.5");
  CHECK(o.flags.size() == 5);
  CHECK_THROWS_AS(parsed({"--prompt", "a", "--prompt-file", "b"}),
                  CLI::ExcludesError);
}

TEST_CASE("every setting of a task that is no secret has a flag") {
  CLI::App app;
  pj::task_options out;
  pj::add_task_flags(app, out);
  const auto help = app.get_options().size();
  const auto& names = pj::contract_variables();
  const auto open = std::count_if(names.begin(), names.end(), [](auto name) {
    return !pj::is_secret_variable(name);
  });
  // --help, --prompt-file, --config and --dry-run besides.
  CHECK(help ==
        static_cast<std::size_t>(open) + pj::further_settings().size() + 4);
}

TEST_CASE("the help shows groups, variables and defaults in 80 columns") {
  CLI::App app;
  pj::task_options out;
  pj::add_task_flags(app, out);
  const auto help = app.help();
  INFO(help);
  const auto has = [&](std::string_view part) {
    return help.find(part) != help.npos;
  };
  for (const auto* group : {"Task", "Model", "GitHub", "Webhook", "Behaviour"})
    CHECK(has("\n" + std::string(group) + ":\n"));
  for (const auto name : pj::contract_variables())
    if (!pj::is_secret_variable(name)) {
      CAPTURE(name);
      CHECK(has("[" + std::string(name)));
    }
  for (const auto name : pj::further_settings())
    CHECK(has("[" + pj::lowered(name) + "]"));
  CHECK(has("[BASE_BRANCH: main]"));
  CHECK(has("[MODEL: gpt-4o]"));
  for (const auto line : pj::split(help, '\n'))
    CHECK(line.size() <= 80);
}

TEST_CASE("flags, environment, named file and own file, in this order") {
  const pj::test::scratch_folder folder;
  std::filesystem::create_directories(folder / ".config/pj");
  std::ofstream(folder / ".config/pj/config.yaml")
    << "model: own\nbase_branch: own\npr_title: own\nworkspace_id: own\n";
  std::ofstream(folder / "named.yaml")
    << "model: named\nbase_branch: named\npr_title: named\n";
  std::ofstream(folder / "prompt") << "do it\n";
  const pj::settings environment = {{"HOME", {folder.path().string(), "HOME"}},
                                    {"MODEL", {"env", "MODEL"}},
                                    {"BASE_BRANCH", {"env", "BASE_BRANCH"}},
                                    {"AGENT_PROMPT", {"env", "AGENT_PROMPT"}}};
  pj::task_options o;
  o.flags["MODEL"] = {"flag", "--model"};
  o.config_file = (folder / "named.yaml").string();
  o.prompt_file = (folder / "prompt").string();
  const auto got = pj::settings_in_force(o, environment);
  REQUIRE(got);
  CHECK(got->at("MODEL").value == "flag");
  CHECK(got->at("BASE_BRANCH").value == "env");
  CHECK(got->at("PR_TITLE").value == "named");
  CHECK(got->at("WORKSPACE_ID").value == "own");
  CHECK(got->at("AGENT_PROMPT").value == "do it\n");
  CHECK(got->at("AGENT_PROMPT").source == "--prompt-file");
  std::ofstream(folder / "empty") << " \n";
  o.prompt_file = (folder / "empty").string();
  const auto empty = pj::settings_in_force(o, environment);
  REQUIRE_FALSE(empty);
  CHECK(empty.error().what.find("is empty") != std::string::npos);
  CHECK_THROWS_AS(parsed({"--prompt-file", ""}), CLI::ValidationError);
  o.prompt_file = (folder / "none").string();
  CHECK_FALSE(pj::settings_in_force(o, environment));
  o.prompt_file.clear();
  o.config_file = (folder / "none").string();
  CHECK_FALSE(pj::settings_in_force(o, environment));
}
