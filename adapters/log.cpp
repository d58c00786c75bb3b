#include "adapters/log.hpp"

#include "adapters/files.hpp"
#include "adapters/terminal/style.hpp"
#include "core/escape.hpp"
#include "core/redactor.hpp"
#include "core/text.hpp"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/dist_sink.h>

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <system_error>

namespace pj {

namespace {

constexpr std::size_t longest_line = 16u << 10;

using output = std::function<void(std::string_view)>;

/// A line in one `write`, so that lines of several processes on one terminal
/// do not mix.
void write_to_stderr(std::string_view line) {
  static const bool colours = look_at_terminal(STDERR_FILENO).colours;
  write_all(STDERR_FILENO, shown_line(line, colours) + '\n');
}

class line_sink final : public spdlog::sinks::base_sink<std::mutex> {
public:
  void set(output to) {
    const std::lock_guard lock(mutex_);
    to_ = std::move(to);
  }

private:
  void sink_it_(const spdlog::details::log_msg& msg) override {
    spdlog::memory_buf_t line;
    formatter_->format(msg, line);
    const std::string_view text(line.data(), line.size());
    to_ ? to_(text) : write_to_stderr(text);
  }

  void flush_() override {}

  output to_;
};

auto pattern(const char* text) {
  return std::make_unique<spdlog::pattern_formatter>(
    text, spdlog::pattern_time_type::utc, "");
}

struct logging {
  std::shared_ptr<line_sink> people = std::make_shared<line_sink>();
  std::shared_ptr<spdlog::sinks::dist_sink_mt> files =
    std::make_shared<spdlog::sinks::dist_sink_mt>();
  spdlog::logger logger{"pj", {people, files}};
  std::shared_mutex guard;
  redactor secrets;

  logging() {
    people->set_formatter(pattern("[pj] %v"));
    people->set_level(spdlog::level::info);
    logger.set_error_handler([](const std::string&) {});
  }
};

/// Never destroyed: threads may log until the process ends.
logging& the_log() {
  static auto* log = new logging;
  return *log;
}

constexpr std::array levels = {spdlog::level::debug, spdlog::level::info,
                               spdlog::level::warn, spdlog::level::err,
                               spdlog::level::off};

auto spdlog_level(log_level level) {
  return levels[static_cast<std::size_t>(level)];
}

std::string_view prefix(log_level level) {
  return level == log_level::error     ? "error: "
         : level == log_level::warning ? "warning: "
                                       : "";
}

} // namespace

std::optional<log_level> log_level_from(std::string_view name) noexcept {
  if (name == "warning")
    return log_level::warning;
  constexpr std::array<std::string_view, 5> names = {"debug", "info", "warn",
                                                     "error", "off"};
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == name)
      return static_cast<log_level>(i);
  return std::nullopt;
}

void set_log_level(log_level least) {
  auto& log = the_log();
  log.people->set_level(spdlog_level(least));
  if (log.files->sinks().empty())
    log.logger.set_level(spdlog_level(least));
}

bool log_shows(log_level level) {
  return the_log().people->should_log(spdlog_level(level));
}

result<done> log_to_file(const std::filesystem::path& path) {
  const int fd =
    ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0)
    return failure{failure_class::fail,
                   failure_code::configuration,
                   "cannot write the log " + escaped(path.string()) + ": " +
                     std::generic_category().message(errno),
                   "",
                   {}};
  ::close(fd);
  auto& log = the_log();
  auto file =
    std::make_shared<spdlog::sinks::basic_file_sink_mt>(path.string());
  file->set_formatter(pattern("%Y-%m-%dT%H:%M:%S.%eZ %v\n"));
  log.files->set_sinks({std::move(file)});
  log.logger.set_level(spdlog::level::debug);
  log.logger.flush_on(spdlog::level::debug);
  return done{};
}

void log_line(log_level level, std::string_view text) noexcept {
  try {
    auto& log = the_log();
    if (level == log_level::off || !log.logger.should_log(spdlog_level(level)))
      return;
    auto line = std::string(prefix(level)) + escaped(redact(text));
    if (line.size() > longest_line)
      line = std::string(clipped(line, longest_line)) + "…";
    log.logger.log(spdlog_level(level), spdlog::string_view_t(line));
  } catch (...) {
    // Out of memory: the line is lost, the work goes on.
  }
}

void set_log_output(output to) {
  the_log().people->set(std::move(to));
}

void add_log_secret(std::string_view secret) {
  const std::unique_lock lock(the_log().guard);
  the_log().secrets.add(secret);
}

std::string redact(std::string_view text) {
  const std::shared_lock lock(the_log().guard);
  return the_log().secrets(text);
}

} // namespace pj
