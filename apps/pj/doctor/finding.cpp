#include "apps/pj/doctor/finding.hpp"

#include "adapters/log.hpp"
#include "adapters/terminal/style.hpp"
#include "core/escape.hpp"
#include "core/json_text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace pj {

namespace {

struct mark {
  std::string_view name;
  std::string_view sign;
  std::string_view ascii;
  style look;
};

constexpr std::array marks = {
  mark{"good", "✓", "ok", style::green},
  mark{"note", "!", "! ", style::yellow},
  mark{"wrong", "✗", "NO", style::red},
  mark{"skipped", "-", "- ", style::dim},
};

constexpr std::size_t widest_about = 14;

const mark& of(verdict how) noexcept {
  return marks[static_cast<std::size_t>(how)];
}

} // namespace

std::string_view to_string(verdict how) noexcept {
  return of(how).name;
}

std::string shown(const finding& what, const finding_style& how) {
  const auto& m = of(what.how);
  auto about = what.about;
  about.resize(std::max(about.size(), widest_about), ' ');
  const auto text = escaped(redact(what.text));
  return styled(how.unicode ? m.sign : m.ascii, m.look, how.colours) + ' ' +
         about + ' ' +
         (what.how == verdict::skipped ? styled(text, style::dim, how.colours)
                                       : text);
}

std::string to_json(const findings& all) {
  using json = nlohmann::ordered_json;
  auto checks = json::array();
  for (const auto& f : all)
    checks.push_back({{"check", f.about},
                      {"result", to_string(f.how)},
                      {"text", escaped(redact(f.text))}});
  return json_text(json{{"ok", is_healthy(all)}, {"checks", checks}});
}

bool is_healthy(const findings& all) noexcept {
  return std::none_of(all.begin(), all.end(),
                      [](const finding& f) { return f.how == verdict::wrong; });
}

} // namespace pj
