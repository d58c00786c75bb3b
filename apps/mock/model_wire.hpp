#pragma once
#include "apps/mock/model_request.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace pj::doubles {

/// What the model says to one request.
struct speech {
  dialect speaks = dialect::chat;
  std::string id; ///< unique, without prefix
  std::string model;
  std::string text;
  std::string reasoning;
  std::string refusal;
  std::string stop = "stop"; ///< as in the script
  std::uint64_t input_tokens = 0;
  std::uint64_t output_tokens = 0;
  std::int64_t created = 0; ///< seconds
  bool azure = false;       ///< filter results come first
  bool include_usage = false;
  bool obfuscated = true;
};

/// Writes a speech as the events of one dialect, a piece at a time.
class speaker {
public:
  explicit speaker(std::shared_ptr<const speech> what)
    : speech_(std::move(what)) {}
  virtual ~speaker() = default;

  /// Everything before the text, the reasoning too.
  virtual std::string open() = 0;
  virtual std::string piece(std::string_view text) = 0;

  /// The end and its marker.
  virtual std::string close() = 0;

  /// The service's own error event; the stream ends after it.
  virtual std::string trouble() = 0;

  /// An event that is not JSON.
  std::string nonsense() const;

protected:
  const speech& said() const { return *speech_; }

private:
  std::shared_ptr<const speech> speech_;
};

std::unique_ptr<speaker> make_speaker(std::shared_ptr<const speech> what);

/// The answer to a request without `stream`.
std::string whole_answer(const speech& what);

} // namespace pj::doubles
