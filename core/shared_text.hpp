#pragma once
#include <memory>
#include <string>
#include <string_view>

namespace pj {

/// Text that many hold and nobody changes. Cheap to copy; safe to read from
/// several threads.
class shared_text {
public:
  shared_text() = default;
  shared_text(std::string text)
    : text_(text.empty()
              ? nullptr
              : std::make_shared<const std::string>(std::move(text))) {}
  shared_text(std::string_view text) : shared_text(std::string(text)) {}
  shared_text(const char* text) : shared_text(std::string(text)) {}

  std::string_view view() const noexcept {
    return text_ ? std::string_view(*text_) : std::string_view{};
  }
  operator std::string_view() const noexcept { return view(); }
  bool empty() const noexcept { return !text_; }

  friend bool operator==(const shared_text& a, const shared_text& b) noexcept {
    return a.view() == b.view();
  }

private:
  std::shared_ptr<const std::string> text_; ///< null: empty
};

} // namespace pj
