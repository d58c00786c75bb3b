#pragma once
#include "apps/mock/pull_store.hpp"
#include "apps/mock/recorder.hpp"
#include "apps/mock/webhook_face.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace pj {

/// How a mock is set up. The defaults are what a first try needs.
struct mock_options {
  std::string token;     ///< GitHub and git; empty: a random one
  std::string model_key; ///< empty: a random one
  std::string app_id;    ///< of an installed GitHub App; empty: none
  std::int64_t app_token_seconds = 3600;
  std::string webhook_secret; ///< empty: signatures are not checked
  std::string fixtures;       ///< YAML; docs in `pj-mock --help`
  std::uint64_t seed = 1;     ///< of everything random but the secrets

  std::uint16_t model_port = 0; ///< 0: a free one; the same for the others
  std::uint16_t github_port = 0;
  std::uint16_t webhook_port = 0;
  std::uint16_t git_port = 0;

  std::filesystem::path repositories; ///< `owner/name.git` below; empty:
                                      ///< samples in a temporary folder
  std::vector<std::string> protected_branches;
  bool anonymous_read = false; ///< clone without a token
  bool tls = false;
  std::chrono::milliseconds accept_delay{0}; ///< before each connection
  std::uint64_t github_limit = 1'000'000;    ///< requests per hour
  std::size_t keep_requests = 2'000;         ///< in the request journal
};

/// Where everything is.
struct mock_urls {
  std::string openai; ///< for OPENAI_BASE_URL
  std::string anthropic;
  std::string openrouter;
  std::string github; ///< for GITHUB_API_URL
  std::string webhook;
  std::string events; ///< what arrived there, as JSON
  std::string git;
  std::vector<std::string> repositories; ///< clone addresses
  std::string app_installation;          ///< of the GitHub App; empty: none
  std::filesystem::path app_key;         ///< its private key, PEM
  std::filesystem::path authority;       ///< PEM file; empty without TLS
};

/// The model providers, GitHub, a webhook receiver and a git server, all on
/// 127.0.0.1. Everything is thread-safe. Its temporary folder goes with it.
class mock {
public:
  /// Throws `std::runtime_error`: a port in use, bad fixtures, no git.
  explicit mock(mock_options options = {});
  ~mock();
  mock(const mock&) = delete;
  mock& operator=(const mock&) = delete;

  const mock_urls& urls() const;
  const std::string& token() const;
  const std::string& model_key() const;
  const std::string& app_id() const;

  /// The clone address of `owner/name`.
  std::string repository_url(const std::string& name) const;

  /// The bare repository itself.
  std::filesystem::path repository_path(const std::string& name) const;

  /// Makes one more repository; no files: an empty one.
  void add_repository(const std::string& name,
                      const doubles::sample_files& files);

  /// Adds a rule in YAML, as below `faults:` of a fixture file, or
  /// `answers:`. Throws on a mistake.
  void add_fault(const std::string& yaml);
  void add_answer(const std::string& yaml);

  /// A person merges or closes a pull request; its branch stays.
  void end_pull(const std::string& repository, std::uint64_t number,
                bool merged);

  std::vector<doubles::delivery> events() const;
  std::vector<doubles::pull> pulls() const;
  std::vector<doubles::seen_request> requests() const;
  std::string metrics() const;

private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

/// What start-up prints with `--json`: every address, token and secret.
std::string to_json(const mock& what, const std::string& webhook_secret);

} // namespace pj
