#pragma once
#include "actors/validation.hpp"
#include "adapters/work_tree/port.hpp"
#include "core/validate/checks.hpp"

#include <optional>
#include <stop_token>
#include <string>
#include <variant>

namespace pj {

/// Where npm and its kin put what they install.
inline constexpr const char* packages_folder = "node_modules";

/// Why a check could not be run; one line.
struct not_runnable {
  std::string why;
};

/// Runs checks in a filled work tree. Installs what they need once, before the
/// first that needs it.
class check_runner {
public:
  check_runner(work_tree& place, const validation_options& options)
    : place_(place), options_(options) {}

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

  work_tree& place_;
  const validation_options& options_;

  /// Set once tried: empty, or why the dependencies are not there.
  std::optional<std::string> installed_;
};

} // namespace pj
