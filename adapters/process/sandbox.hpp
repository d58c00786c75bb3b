#pragma once
#include "adapters/process/port.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace pj {

/// Runs commands inside bubblewrap, if that works on this machine.
class sandbox {
public:
  /// Tries it once (some ten milliseconds). `path` is what commands get as
  /// PATH; no command sees what is in `hidden` (folders and files) or in the
  /// homes.
  sandbox(std::string path, const std::vector<std::filesystem::path>& hidden);

  bool works() const noexcept { return why_not_.empty(); }

  /// One line; empty when it works.
  const std::string& why_not() const noexcept { return why_not_; }

  /// The command line that runs `argv` (argv[0] absolute) in `folder` with
  /// `scratch` as /tmp.
  std::vector<std::string> wrap(const std::vector<std::string>& argv,
                                const std::filesystem::path& folder,
                                const std::filesystem::path& scratch,
                                bool network) const;

private:
  std::vector<std::string> setup() const;
  void probe();

  std::string path_;
  std::string program_; ///< of bubblewrap, absolute
  std::string why_not_;
  bool own_users_ = true;                     ///< a user namespace is made
  std::vector<std::filesystem::path> hidden_; ///< folders
  std::vector<std::filesystem::path> hidden_files_;
};

/// The absolute path of a program looked up in `path` (as in $PATH), or empty.
/// A name with '/' is taken as it stands.
std::string find_program(const std::string& name, const std::string& path);

/// What commands get as PATH: the engine's, absolute folders only.
std::string search_path();

} // namespace pj
