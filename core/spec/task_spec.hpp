#pragma once
#include "core/github/app_identity.hpp"
#include "core/github/extras.hpp"
#include "core/llm/provider.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace pj {

/// How the repository is reached.
enum class repo_scheme : std::uint8_t { https, http, ssh, file };

/// A checked repository URL. Never holds credentials.
struct repo_url {
  std::string text; ///< as git takes it, without trailing '/'
  repo_scheme scheme = repo_scheme::https;
  std::string host;  ///< lower case; empty for `file`
  std::string owner; ///< empty when the URL does not say it
  std::string name;  ///< without ".git"; empty when the URL does not say it
};

/// What is done about a branch of the task's name on the server whose last
/// commit is not of this task.
enum class branch_conflict : std::uint8_t {
  refuse,  ///< leave it alone; the task fails
  replace, ///< put the commit in its place, if it is as it was found
  update,  ///< start from it, put the commit on top
};

/// One more command to run before the commit.
struct check_spec {
  std::string name;
  std::string command; ///< given to `sh -c`
  bool blocking = true;
  std::chrono::milliseconds timeout{std::chrono::minutes{10}};
};

/// What one task is to do. Checked: every field is usable as it stands. Holds
/// no secret, so it may be journalled and shown.
struct task_spec {
  std::string id;
  std::string prompt;
  repo_url repo;
  std::string branch;
  branch_conflict conflict = branch_conflict::refuse;
  std::string base = "main";
  std::string base_commit;  ///< 40 hex digits: of `base`, start here and
                            ///< nowhere else; empty: at its tip
  std::string github_owner; ///< where the pull request goes
  std::string github_name;
  std::string github_api; ///< without trailing '/'
  provider_id provider = provider_id::openai;
  std::string model;
  std::string model_base_url; ///< without trailing '/'

  /// Asked once when the model cannot answer; empty: none.
  std::string fallback_model;
  provider_id fallback_provider = provider_id::openai;
  std::string fallback_base_url; ///< without trailing '/'

  double max_cost_usd = 0;      ///< of all answers; 0: no bound
  std::uint64_t max_tokens = 0; ///< of all questions and answers; 0: no bound
  std::string author_name = "Pithy Jaunt Bot";
  std::string author_email = "bot@pithy-jaunt.dev";
  std::string title;   ///< commit subject and pull request title
  std::string message; ///< of the commit, without trailer; empty: the title
  github::extras pr_extras;
  std::string pr_template_path; ///< empty: the built-in body
  std::string pr_template;      ///< text of that file
  bool pr_draft = false;
  bool fork = false;       ///< push to a fork instead of the repository
  std::string fork_owner;  ///< organization of the fork; empty: the token's
  std::string webhook_url; ///< empty: events are skipped

  /// Events that failed and are older are given up; 0: never.
  std::chrono::milliseconds webhook_max_age{0};
  std::string workspace = "unknown";
  std::string system_prompt_path; ///< empty: the built-in one
  std::vector<check_spec> checks; ///< besides those the repository calls for
  bool keep_alive = false;
  bool skip_push = false;
  bool skip_pr = false;
  bool dry_run = false; ///< neither commit nor push nor pull request
  bool add_coderabbit = false;
  std::chrono::milliseconds timeout{std::chrono::minutes{25}};
};

/// What must never be stored, logged or handed to a child. Kept apart from
/// `task_spec` on purpose.
struct task_secrets {
  std::string model_key;
  std::string fallback_key;
  std::string github_token; ///< empty when there is an app
  github::app_identity github_app;
  std::string webhook_secret;
};

} // namespace pj
