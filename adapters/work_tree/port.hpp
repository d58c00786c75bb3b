#pragma once
#include "adapters/git/port.hpp"
#include "adapters/process/port.hpp"

#include <memory>
#include <stop_token>
#include <string>

namespace pj {

/// A folder with a repository's files in which commands run. Gone with the
/// object, and all that the commands left there. For one thread at a time;
/// paths are relative to it.
class work_tree {
public:
  virtual ~work_tree() = default;

  /// Puts the files of `from`, with `change` (may be null) applied, in the
  /// place of what is there. `kept` (empty: nothing) is moved over from what
  /// was there, unless the files bring one of their own.
  virtual result<done> fill(const snapshot& from, const change_set* change,
                            const std::string& kept, std::stop_token stop) = 0;

  virtual bool has(const std::string& path) const = 0;

  /// A file's text; empty when it is not there or larger than 4 MiB.
  virtual std::string read(const std::string& path) const = 0;

  /// Whether this program is found in PATH.
  virtual bool available(const std::string& program) const = 0;

  /// Runs a command in the folder, whatever `what.folder` says. Fails only
  /// when it could not be started or `stop` ended it.
  virtual result<command_result> run(command what, std::stop_token stop) = 0;
};

/// Makes work trees. Thread-safe.
class work_tree_port {
public:
  virtual ~work_tree_port() = default;

  /// An empty one. Fails (class `fail`, code `internal`) with a line that names
  /// the folder that cannot be made, and the cure.
  virtual result<std::unique_ptr<work_tree>> make() = 0;
};

} // namespace pj
