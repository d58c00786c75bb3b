#include "apps/pj/doctor/machine.hpp"

#include "adapters/files.hpp"
#include "adapters/process/ctags.hpp"
#include "core/validate/checks.hpp"

#include <unistd.h>

#include <cerrno>
#include <set>
#include <system_error>

namespace pj {

namespace {

namespace fs = std::filesystem;

/// A small mirror and a journal need less; work trees with their dependencies
/// need some hundred MB each.
constexpr std::uintmax_t least_room = 100u << 20;
constexpr std::uintmax_t wanted_room = 1u << 30;

std::string megabytes(std::uintmax_t bytes) {
  return std::to_string(bytes >> 20) + " MB";
}

/// Why nothing can be written there; empty when it can.
std::string why_not_writable(const fs::path& folder) {
  if (auto made = make_private_folder(folder); !made)
    return made.error().what;
  auto name = (folder / "doctor-XXXXXX").string();
  const int fd = ::mkstemp(name.data());
  const bool good = fd >= 0 && write_all(fd, "x");
  const auto why = std::generic_category().message(errno);
  if (fd >= 0) {
    ::close(fd);
    ::unlink(name.c_str());
  }
  return good ? "" : "cannot write to " + folder.string() + ": " + why;
}

finding check_folder(const std::string& about, const fs::path& folder,
                     const char* variable) {
  if (const auto why = why_not_writable(folder); !why.empty())
    return {about, verdict::wrong,
            why + "; make it writable for this user, or set " + variable};
  std::error_code failed;
  const auto room = fs::space(folder, failed).available;
  if (failed)
    return {about, verdict::note,
            folder.string() +
              " can be written, but how much room it has is "
              "not known: " +
              failed.message()};
  const auto text =
    folder.string() + " can be written, " + megabytes(room) + " free";
  if (room >= wanted_room)
    return {about, verdict::good, text};
  return {about, room < least_room ? verdict::wrong : verdict::note,
          text + ": make room, or set " + variable + " to a bigger disk"};
}

std::string joined(const std::set<std::string>& names) {
  std::string out;
  for (const auto& name : names)
    out += (out.empty() ? "" : ", ") + name;
  return out;
}

} // namespace

findings check_folders(const user_folders& folders) {
  return {check_folder("journals", folders.state, "XDG_STATE_HOME"),
          check_folder("git cache", folders.cache, "XDG_CACHE_HOME")};
}

findings check_tools(const std::shared_ptr<process_runner>& process) {
  findings out;
  if (const auto& why = process->why_not(); why.empty())
    out.push_back(
      {"sandbox", verdict::good, "checks of a change run inside bubblewrap"});
  else
    out.push_back({"sandbox", verdict::note,
                   why + ": checks of a change run unprotected; install "
                         "bubblewrap and allow user namespaces, or run pj in "
                         "a container of its own"});
  if (const auto symbols = make_ctags(process); symbols.find)
    out.push_back({"symbols", verdict::good, "universal-ctags finds them"});
  else
    out.push_back({"symbols", verdict::note,
                   symbols.why_not + ": files for the prompt are chosen "
                                     "without them; install universal-ctags"});
  return out;
}

finding check_check_tools(const source_tree& tree,
                          const process_port& process) {
  const std::string about = "its checks";
  const auto planned = plan_checks(tree, {});
  if (!planned)
    return {about, verdict::wrong, planned.error().what};
  std::set<std::string> names;
  std::set<std::string> missing;
  for (const auto& check : *planned) {
    names.insert(check.name);
    if (!process.available(check.argv.front()))
      missing.insert(check.argv.front());
    if (check.needs_node_modules && !process.available("npm"))
      missing.insert("npm");
  }
  if (names.empty())
    return {about, verdict::good, "the repository calls for none"};
  if (missing.empty())
    return {about, verdict::good, joined(names) + ": every program is there"};
  return {about, verdict::note,
          "not in PATH: " + joined(missing) + "; of " + joined(names) +
            " some will not run: install what is missing"};
}

} // namespace pj
