#include "adapters/log.hpp"

#include "core/escape.hpp"
#include "core/redactor.hpp"
#include "core/text.hpp"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>

#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <mutex>
#include <shared_mutex>

namespace pj {

namespace {

constexpr std::size_t longest_line = 16u << 10;

using output = std::function<void(std::string_view)>;

/// Whole lines in one `write`, so that lines of several processes on one
/// terminal do not mix.
void write_to_stderr(std::string_view line) {
  std::string bytes(line);
  bytes += '\n';
  std::string_view rest = bytes;
  while (!rest.empty()) {
    const auto n = ::write(STDERR_FILENO, rest.data(), rest.size());
    if (n < 0 && errno != EINTR)
      return;
    rest.remove_prefix(n < 0 ? 0 : static_cast<std::size_t>(n));
  }
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

struct logging {
  std::shared_ptr<line_sink> sink = std::make_shared<line_sink>();
  spdlog::logger logger{"pj", sink};
  std::shared_mutex guard;
  redactor secrets;

  logging() {
    sink->set_formatter(std::make_unique<spdlog::pattern_formatter>(
      "[pj] %v", spdlog::pattern_time_type::local, ""));
    logger.set_level(spdlog::level::info);
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
  the_log().logger.set_level(spdlog_level(least));
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
  the_log().sink->set(std::move(to));
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
