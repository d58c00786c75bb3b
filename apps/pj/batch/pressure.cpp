#include "apps/pj/batch/pressure.hpp"

#include "adapters/files.hpp"
#include "adapters/log.hpp"
#include "core/policy/machine_room.hpp"
#include "core/text.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <filesystem>
#include <string>

namespace pj::batch {

namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr std::size_t longest_file = 64u << 10; ///< of those the kernel makes

std::string text_of(const fs::path& file) {
  const auto got = read_whole_file(file, longest_file);
  return got ? *got : std::string();
}

/// The control group that this process is in and all around it (version 2).
std::vector<fs::path> control_groups() {
  const fs::path root = "/sys/fs/cgroup";
  std::vector<fs::path> out;
  const auto own = text_of("/proc/self/cgroup");
  for (const auto line : split(own, '\n'))
    if (line.starts_with("0::/"))
      for (auto at = root / line.substr(4);
           at.native().size() > root.native().size(); at = at.parent_path())
        out.push_back(at);
  out.push_back(root);
  return out;
}

std::optional<std::uint64_t> memory_left() {
  auto out = available_memory(text_of("/proc/meminfo"));
  for (const auto& group : control_groups()) {
    const auto left = pj::memory_left(text_of(group / "memory.max"),
                                      text_of(group / "memory.current"),
                                      text_of(group / "memory.stat"));
    if (left)
      out = std::min(out.value_or(*left), *left);
  }
  return out;
}

/// The limit of open files after it was raised as far as `needed`.
std::optional<std::uint64_t> open_files(std::uint64_t needed) {
  rlimit now{};
  if (::getrlimit(RLIMIT_NOFILE, &now) != 0)
    return std::nullopt;
  auto more = now;
  more.rlim_cur =
    std::min<rlim_t>(std::max<rlim_t>(needed, now.rlim_cur), now.rlim_max);
  return ::setrlimit(RLIMIT_NOFILE, &more) == 0 ? more.rlim_cur : now.rlim_cur;
}

} // namespace

std::size_t fit_to_machine(std::size_t wanted) {
  const machine_room room{open_files(descriptors_for(wanted)), memory_left()};
  const auto out = tasks_that_fit(wanted, room);
  if (out < wanted) {
    const bool files = tasks_that_fit(wanted, {room.open_files, {}}) == out;
    log_line(log_level::warning,
             std::to_string(out) + " tasks are carried at once instead of " +
               std::to_string(wanted) + ": " +
               (files ? "only " + std::to_string(*room.open_files) +
                          " files may be open (ulimit -n)"
                      : "only " + std::to_string(*room.memory_bytes >> 20) +
                          " MiB of memory are left"));
  }
  return out;
}

bool memory_watch::is_short() {
  const auto now = std::chrono::steady_clock::now();
  if (looked_ != decltype(looked_){} && now - looked_ < 1s)
    return short_;
  looked_ = now;
  const auto left = memory_left();
  short_ = left && *left < memory_reserve;
  if (short_ && !std::exchange(told_, true))
    log_line(log_level::warning,
             "only " + std::to_string(*left >> 20) +
               " MiB of memory are left: no task is begun until others have "
               "ended");
  return short_;
}

} // namespace pj::batch
