#include "adapters/process/sandbox.hpp"

#include "adapters/process/supervised.hpp"
#include "core/text.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>

namespace pj {

namespace {

namespace fs = std::filesystem;

/// A folder as it really is; empty when there is none.
fs::path real_folder(const fs::path& path) {
  std::error_code failed;
  auto real = fs::canonical(path, failed);
  return !failed && fs::is_directory(real, failed) ? real : fs::path{};
}

bool is_below(const fs::path& path, const fs::path& folder) {
  const auto [i, j] =
    std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return i == folder.end();
}

void append(std::vector<std::string>& to, std::vector<std::string> more) {
  std::move(more.begin(), more.end(), std::back_inserter(to));
}

/// Homes, sockets and temporary files of everybody, and what the caller hides.
std::vector<fs::path> hidden_folders(const std::vector<fs::path>& more) {
  std::vector<fs::path> wanted{"/home", "/root", "/run", "/tmp", "/var/tmp"};
  if (const char* home = std::getenv("HOME"))
    wanted.emplace_back(home);
  wanted.insert(wanted.end(), more.begin(), more.end());
  std::vector<fs::path> out;
  for (const auto& path : wanted) {
    auto real = real_folder(path);
    if (!real.empty() && real != "/" &&
        std::find(out.begin(), out.end(), real) == out.end())
      out.push_back(std::move(real));
  }
  return out;
}

std::vector<fs::path> hidden_files(const std::vector<fs::path>& all) {
  std::vector<fs::path> out;
  std::error_code failed;
  for (const auto& path : all)
    if (auto real = fs::canonical(path, failed);
        !failed && !fs::is_directory(real, failed))
      out.push_back(std::move(real));
  return out;
}

/// Tools that people installed below their home (nvm and the like) stay: the
/// folders of PATH, and the `lib` beside them.
std::vector<std::string> tools_below(const std::vector<fs::path>& hidden,
                                     const std::string& path) {
  std::vector<std::string> out;
  for (const auto part : split(path, ':')) {
    const fs::path folder{part};
    const bool covered =
      std::any_of(hidden.begin(), hidden.end(),
                  [&](const fs::path& h) { return is_below(folder, h); });
    if (!covered)
      continue;
    for (const auto& keep : {folder, folder.parent_path() / "lib"})
      if (!real_folder(keep).empty())
        append(out, {"--ro-bind-try", keep.string(), keep.string()});
  }
  return out;
}

} // namespace

sandbox::sandbox(std::string path, const std::vector<fs::path>& hidden)
  : path_(std::move(path)), program_(find_program("bwrap", path_)),
    hidden_(hidden_folders(hidden)), hidden_files_(hidden_files(hidden)) {
  if (program_.empty())
    why_not_ = "bubblewrap is not installed";
  else
    probe();
}

std::vector<std::string> sandbox::setup() const {
  std::vector<std::string> out{program_,
                               "--die-with-parent",
                               "--new-session",
                               "--unshare-pid",
                               "--unshare-ipc",
                               "--unshare-uts",
                               "--unshare-cgroup-try",
                               "--cap-drop",
                               "ALL"};
  if (own_users_)
    out.emplace_back("--unshare-user");
  append(out, {"--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"});
  return out;
}

std::vector<std::string> sandbox::wrap(const std::vector<std::string>& argv,
                                       const fs::path& folder,
                                       const fs::path& scratch,
                                       bool network) const {
  auto out = setup();
  if (!network)
    out.emplace_back("--unshare-net");
  for (const auto& path : hidden_)
    append(out, {"--tmpfs", path.string()});
  for (const auto& path : hidden_files_)
    append(out, {"--ro-bind", "/dev/null", path.string()});
  append(out, {"--bind", scratch.string(), "/tmp"});
  append(out, tools_below(hidden_, path_));
  // Where /etc/resolv.conf may lead to.
  for (const char* path : {"/run/systemd/resolve", "/run/resolvconf"})
    append(out, {"--ro-bind-try", path, path});
  append(out, {"--bind", folder.string(), folder.string(), "--chdir",
               folder.string(), "--"});
  append(out, argv);
  return out;
}

void sandbox::probe() {
  for (const bool own_users : {true, false}) {
    own_users_ = own_users;
    supervised_plan plan;
    plan.argv = setup();
    append(plan.argv, {"--tmpfs", "/tmp", "--", find_program("true", path_)});
    plan.folder = "/";
    plan.timeout = std::chrono::seconds{10};
    plan.in_sandbox = true;
    const auto ended = run_supervised(plan, {});
    if (ended && ended->exit_code == 0)
      return why_not_.clear();
    const auto text = ended ? ended->output : ended.error().what;
    why_not_ = "bubblewrap does not work here: " +
               printable(trimmed(text.substr(0, text.find('\n'))));
  }
}

std::string find_program(const std::string& name, const std::string& path) {
  const auto runs = [](const std::string& file) {
    std::error_code failed;
    return fs::is_regular_file(file, failed) && access(file.c_str(), X_OK) == 0;
  };
  if (name.empty())
    return {};
  if (name.find('/') != name.npos)
    return runs(name) ? name : std::string{};
  for (const auto folder : split(path, ':'))
    if (auto file = std::string(folder) + '/' + name; runs(file))
      return file;
  return {};
}

std::string search_path() {
  constexpr const char* usual =
    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  const char* given = std::getenv("PATH");
  std::string out;
  for (const auto folder : split(given ? given : usual, ':'))
    if (folder.starts_with('/'))
      out += (out.empty() ? "" : ":") + std::string(folder);
  return out.empty() ? usual : out;
}

} // namespace pj
