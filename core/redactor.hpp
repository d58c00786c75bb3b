#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace pj {

/// Replaces known secrets wherever they occur in a text: as they are, in
/// base64 (also as part of `user:secret`, as basic authentication sends it),
/// URL-encoded and as JSON writes them. Values under 6 bytes are not taken:
/// replacing them would garble every text.
class redactor {
public:
  /// Adds a secret. Known ones and too short ones change nothing.
  void add(std::string_view secret);

  /// The text with "***" in place of every secret.
  std::string operator()(std::string_view text) const;

  bool empty() const noexcept { return needles_.empty(); }

private:
  void add_form(std::string form);

  std::vector<std::string> needles_; ///< longest first
};

} // namespace pj
