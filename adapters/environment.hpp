#pragma once
#include "core/spec/environment.hpp"

#include <filesystem>
#include <string_view>
#include <vector>

namespace pj {

/// Names besides the contract's that are read: the user's folders, proxies,
/// certificates, the log level.
const std::vector<std::string_view>& host_variables();

/// Reads the variables of the contract, the engine's and `host_variables()`;
/// then makes the secrets unreadable: overwritten in the process's environment
/// block, unset, and the process no longer dumpable, so that neither a child
/// nor another program of this user finds them in /proc. Remembers them for
/// `redact`. To be called once, first thing in `main`, before any thread
/// exists.
settings take_environment();

/// Where the user's files are.
struct user_folders {
  std::filesystem::path config; ///< settings: ~/.config/pj
  std::filesystem::path state;  ///< journals: ~/.local/state/pithy-jaunt
  std::filesystem::path cache;  ///< mirrors: ~/.cache/pithy-jaunt
};

/// By the XDG variables, else below HOME, else below the home folder of the
/// user database. Fails (code `configuration`) when none of them says.
result<user_folders> find_user_folders(const settings& environment);

/// Reads a configuration file. `may_be_missing`: then no settings at all.
result<settings> load_settings_file(const std::filesystem::path& path,
                                    bool may_be_missing);

} // namespace pj
