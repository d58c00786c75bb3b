#pragma once
#include "core/result.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <sys/types.h>

namespace pj::load {

/// What reached the doubles, counted there.
struct counted {
  std::size_t branches = 0;      ///< besides `main`
  std::size_t pull_requests = 0; ///< open or not
  std::size_t answers = 0;       ///< of the model, begun: paid
  std::size_t deliveries = 0;    ///< of events, repeated ones too
  std::size_t events = 0;        ///< different ids
  std::size_t ended_tasks = 0;   ///< whose last event says how they ended
  std::size_t out_of_order = 0;  ///< events after their task's last one
};

/// `pj-mock` as a process of its own, with repositories load/r1, load/r2 … .
/// Ends with this.
class imposter {
public:
  /// Starts it below `folder`, which must exist. Throws `std::runtime_error`
  /// with one line: no pj-mock beside this program, no git.
  /// `program` and `flags` are of pj-mock; empty: the one beside this program.
  imposter(const std::filesystem::path& folder, std::string_view fixtures,
           unsigned repositories, std::uint64_t seed,
           const std::filesystem::path& program = {},
           const std::vector<std::string>& flags = {});
  ~imposter();
  imposter(const imposter&) = delete;
  imposter& operator=(const imposter&) = delete;

  /// Settings of a task by the contract's names, but for the task itself.
  const std::map<std::string, std::string>& environment() const {
    return environment_;
  }

  /// Clone addresses.
  const std::vector<std::string>& repositories() const { return repositories_; }

  /// PEM file of the authority behind its certificates; empty without `--tls`.
  const std::string& authority() const { return authority_; }

  /// Asks the doubles. Fails when they do not answer.
  result<counted> count() const;

private:
  void start(const std::vector<std::string>& argv);
  void read_addresses(const std::string& line);

  std::filesystem::path root_; ///< of the repositories
  pid_t child_ = -1;
  std::map<std::string, std::string> environment_;
  std::vector<std::string> repositories_;
  std::string github_;
  std::string events_;
  std::string authority_;
};

} // namespace pj::load
