#include "adapters/task_log.hpp"

#include "adapters/files.hpp"
#include "adapters/log.hpp"
#include "core/escape.hpp"
#include "core/text.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <limits>
#include <system_error>
#include <vector>

namespace pj {

namespace {

constexpr std::size_t longest_text = 4u << 10;

/// No line of ours is longer, whatever JSON makes of its text.
constexpr std::size_t longest_line = 64u << 10;

failure unusable(const std::filesystem::path& path, int error) {
  return configuration_failure(
    "the tasks' log " + escaped(path.string()) +
    " cannot be used: " + std::generic_category().message(error));
}

/// Whether the file ends within a line.
bool is_torn(int fd) {
  char last = '\n';
  const auto end = ::lseek(fd, 0, SEEK_END);
  return end > 0 && ::pread(fd, &last, 1, end - 1) == 1 && last != '\n';
}

std::string fit(std::string_view text) {
  auto out = escaped(redact(text));
  return out.size() <= longest_text
           ? out
           : std::string(clipped(out, longest_text)) + "…";
}

} // namespace

result<std::shared_ptr<task_log>>
task_log::open(const std::filesystem::path& path) {
  const int fd = ::open(
    path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0)
    return unusable(path, errno);
  return std::shared_ptr<task_log>(
    new task_log(fd, path.string(), is_torn(fd)));
}

task_log::~task_log() {
  ::close(fd_);
}

void task_log::add(const std::string& task, log_kind kind, std::string_view tag,
                   std::string_view text) noexcept {
  try {
    const std::lock_guard in_order(mutex_);
    const auto now = std::chrono::floor<std::chrono::milliseconds>(
      std::chrono::system_clock::now());
    write(to_json({now, task, kind, std::string(tag), fit(text)}) + '\n');
  } catch (...) {
    // Out of memory: the line is lost, the work goes on.
  }
}

void task_log::write(std::string line) {
  if (torn_.exchange(false))
    line.insert(line.begin(), '\n');
  if (write_all(fd_, line))
    return;
  torn_ = true;
  const int error = errno;
  if (!told_.exchange(true))
    log_line(log_level::warning, "the tasks' log " + path_ +
                                   " does not take all lines: " +
                                   std::generic_category().message(error) +
                                   "; the tasks go on without");
}

result<done>
read_task_log(const std::filesystem::path& path,
              const std::function<void(const log_entry& x)>& each) {
  std::ifstream file(path);
  if (!file)
    return unusable(path, errno);
  std::vector<char> line(longest_line);
  while (file.good()) {
    file.getline(line.data(), longest_line);
    if (file.fail() && file.gcount() > 0) { // too long to be one of ours
      file.clear();
      file.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
    } else if (const auto entry = log_entry_from_json(line.data())) {
      each(*entry);
    }
  }
  return file.bad() ? result<done>(unusable(path, EIO)) : done{};
}

} // namespace pj
