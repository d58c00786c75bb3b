#pragma once
#include "actors/validation.hpp"
#include "adapters/process/port.hpp"
#include "core/validate/checks.hpp"

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <variant>

namespace pj {

/// Whether there is something at `path` that this process may see.
bool is_there(const std::filesystem::path& path) noexcept;

/// Why a check could not be run; one line.
struct not_runnable {
  std::string why;
};

/// A checked-out folder in which checks are run. Installs what they need once,
/// before the first that needs it.
class work_tree {
public:
  work_tree(std::filesystem::path folder, process_port& process,
            const validation_options& options)
    : folder_(std::move(folder)), process_(process), options_(options) {}

  /// Fails only when `stop` ended it.
  result<std::variant<command_result, not_runnable>>
  run(const planned_check& check, std::stop_token stop);

private:
  result<std::string> install(std::stop_token stop);
  result<std::string> trouble_before(const planned_check& check,
                                     std::stop_token stop);
  result<command_result> call(const std::vector<std::string>& argv,
                              std::chrono::milliseconds timeout,
                              std::stop_token stop);

  std::filesystem::path folder_;
  process_port& process_;
  const validation_options& options_;

  /// Set once tried: empty, or why the dependencies are not there.
  std::optional<std::string> installed_;
};

} // namespace pj
