#pragma once
#include "core/result.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace pj {

enum class log_level : std::uint8_t { debug, info, warning, error, off };

/// Exact, lower case: "debug", "info", "warn" or "warning", "error", "off".
std::optional<log_level> log_level_from(std::string_view name) noexcept;

/// Lines below this level are not written. `info` until said otherwise.
void set_log_level(log_level least);

/// Whether lines of this level are written.
bool log_shows(log_level level);

/// Writes one line for people, "[pj] …", to stderr. Thread-safe, never throws.
/// Secrets are replaced, control characters escaped, long lines cut at 16 KiB.
/// Warnings and errors say so in front, on a terminal in colour too.
void log_line(log_level level, std::string_view text) noexcept;

/// Writes every line from now on, also those below the level, with its time to
/// this file (mode 0600), after what is there. Lines that the disk does not
/// take are lost.
result<done> log_to_file(const std::filesystem::path& path);

/// Where lines go instead of stderr; gets them finished, without a newline.
/// An empty function goes back to stderr. Called under a lock: must be quick
/// and must not log.
void set_log_output(std::function<void(std::string_view line)> output);

/// Remembers a secret for `redact` and for every line written from now on.
void add_log_secret(std::string_view secret);

/// The text without the remembered secrets. For events, errors and results
/// that leave the process by other ways than the log.
std::string redact(std::string_view text);

} // namespace pj
