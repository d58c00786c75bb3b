#pragma once
#include "adapters/executor.hpp"
#include "apps/mock/playbook.hpp"
#include "apps/mock/recorder.hpp"

#include <memory>
#include <optional>
#include <string>

namespace pj::doubles {

/// A request on its way to a face.
struct call {
  server_request request;
  std::shared_ptr<responder> answer;
  std::optional<fault> trouble; ///< for the face itself to act out

  bool suffers(fault_kind kind) const {
    return trouble && trouble->kind == kind;
  }
};

/// What every face may use.
struct backstage {
  std::shared_ptr<recorder> journal;
  std::shared_ptr<playbook> book;
  std::shared_ptr<executor> workers; ///< for what blocks
};

/// One port of the mock: keeps the journal, plays faults, then serves.
class face {
public:
  face(std::string name, backstage tools)
    : name_(std::move(name)), tools_(std::move(tools)) {}
  virtual ~face() = default;

  /// On the I/O thread.
  void handle(server_request request, std::shared_ptr<responder> answer);

  const std::string& name() const { return name_; }

protected:
  virtual void serve(call what) = 0;

  /// The body of an error answer as the real service would write it.
  virtual std::string error_body(const server_request& request, int status) = 0;

  const backstage& tools() const { return tools_; }

private:
  void play(call what);

  std::string name_;
  backstage tools_;
};

/// The path without its query.
std::string_view path_of(std::string_view target);

/// A value of the query, decoded; empty when absent.
std::string query_value(std::string_view target, std::string_view name);

/// Percent-encoding undone; broken escapes stay as they are.
std::string percent_decoded(std::string_view text);

void reply_json(responder& answer, int status, std::string body,
                http_headers more = {});

} // namespace pj::doubles
