#include "adapters/environment.hpp"

#include "adapters/files.hpp"
#include "adapters/log.hpp"
#include "core/spec/settings.hpp"
#include "core/text.hpp"

#include <pwd.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>

namespace pj {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_file = 1u << 20;

void read_into(settings& out, std::string_view name) {
  const auto text = std::string(name);
  if (const char* value = ::getenv(text.c_str()))
    out[text] = {value, text};
}

/// Overwrites the value of every entry of this name. The kernel shows the
/// block of the program's start, and the entries still lie in it.
void overwrite(std::string_view name) {
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    if (text.starts_with(name) && text.substr(name.size()).starts_with('='))
      ::explicit_bzero(*entry + name.size() + 1, text.size() - name.size() - 1);
  }
}

void hide(std::string_view name) {
  overwrite(name);
  ::unsetenv(std::string(name).c_str());
}

/// An absolute path or nothing: the XDG rules ignore relative ones.
fs::path absolute_path(const settings& from, std::string_view name) {
  const auto found = from.find(name);
  const fs::path path =
    found == from.end() ? std::string_view() : trimmed(found->second.value);
  return path.is_absolute() ? path : fs::path();
}

fs::path home_folder(const settings& from) {
  if (auto home = absolute_path(from, "HOME"); !home.empty())
    return home;
  std::array<char, 16384> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  ::getpwuid_r(::geteuid(), &entry, buffer.data(), buffer.size(), &found);
  return found == nullptr ? fs::path() : fs::path(found->pw_dir);
}

} // namespace

const std::vector<std::string_view>& host_variables() {
  static const std::vector<std::string_view> names = {
    "HOME",          "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME",
    "HTTP_PROXY",    "HTTPS_PROXY",     "ALL_PROXY",      "NO_PROXY",
    "http_proxy",    "https_proxy",     "all_proxy",      "no_proxy",
    "SSL_CERT_FILE", "SSL_CERT_DIR",    "PJ_LOG",
  };
  return names;
}

settings take_environment() {
  settings out;
  for (const auto* names :
       {&contract_variables(), &engine_variables(), &host_variables()})
    for (auto name : *names)
      read_into(out, name);
  for (auto name : contract_variables())
    if (is_secret_variable(name)) {
      if (const auto found = out.find(name); found != out.end())
        add_log_secret(trimmed(found->second.value));
      hide(name);
    }
  hide("WEBHOOK_URL"); // many receivers know their senders by it alone
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  return out;
}

result<user_folders> find_user_folders(const settings& environment) {
  const auto home = home_folder(environment);
  bool lost = false;
  const auto folder = [&](std::string_view name, const char* below) {
    auto path = absolute_path(environment, name);
    lost = lost || (path.empty() && home.empty());
    return path.empty() ? home / below : path;
  };
  user_folders out{folder("XDG_CONFIG_HOME", ".config") / "pj",
                   folder("XDG_STATE_HOME", ".local/state") / "pithy-jaunt",
                   folder("XDG_CACHE_HOME", ".cache") / "pithy-jaunt"};
  if (lost)
    return failure{failure_class::fail,
                   failure_code::configuration,
                   "HOME is not set and this user has no home folder: set "
                   "HOME, or XDG_CONFIG_HOME, XDG_STATE_HOME and "
                   "XDG_CACHE_HOME, to absolute paths",
                   "",
                   {}};
  return out;
}

result<settings> load_settings_file(const fs::path& path, bool may_be_missing) {
  std::error_code error;
  if (may_be_missing && !fs::exists(path, error))
    return settings();
  auto text = read_whole_file(path, longest_file);
  if (!text)
    return std::move(text).error();
  return read_settings_file(*text, path.string(), is_private_file(path));
}

} // namespace pj
