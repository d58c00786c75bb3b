#pragma once
#include "actors/observer.hpp"
#include "adapters/terminal/screen.hpp"

namespace pj {

/// Shows one task on standard error: its stages, warnings and, on a terminal,
/// the answer as it streams. While it lives, the log goes through it, so that
/// lines and the status line do not mix.
class console final : public observer {
public:
  /// `with_text`: show the model's words on a terminal.
  explicit console(bool with_text);
  ~console() override;

  void stage(const std::string& task, pj::stage now,
             std::string_view what) override;
  void text(const std::string& task, std::string_view piece) override;
  void note(const std::string& task, log_kind kind,
            std::string_view line) override;
  void held(const std::string& task, bool now) override;

  /// What the status line says now; empty: there is none.
  void wait_for(std::string what);

private:
  screen screen_;
  bool with_text_;
};

} // namespace pj
