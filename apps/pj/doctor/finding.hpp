#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace pj {

enum class verdict : std::uint8_t {
  good,
  note,    ///< works, but a person may want to know
  wrong,   ///< a task would fail
  skipped, ///< could not be looked at
};

/// What `pj doctor` found out about one thing.
struct finding {
  std::string about; ///< e.g. "model key"
  verdict how = verdict::good;
  std::string text; ///< one line; with what is wrong, its cure
};

using findings = std::vector<finding>;

/// "good", "note", "wrong" or "skipped".
std::string_view to_string(verdict how) noexcept;

/// How findings are shown to people.
struct finding_style {
  bool colours = false;
  bool unicode = false; ///< else ASCII marks
};

/// "✓ model key      openai accepts OPENAI_API_KEY": one line, without secrets.
std::string shown(const finding& what, const finding_style& how);

/// `{"ok": …, "checks": [{"check": …, "result": …, "text": …}]}`, one line,
/// without secrets.
std::string to_json(const findings& all);

/// Nothing is wrong.
bool is_healthy(const findings& all) noexcept;

} // namespace pj
