#pragma once
#include "apps/pj/doctor/finding.hpp"
#include "core/github/pull_request.hpp"
#include "core/llm/models.hpp"
#include "core/llm/wire.hpp"
#include "core/policy/times.hpp"

#include <string_view>

namespace pj {

// What servers' answers mean for a task. Pure, so that they can be tested.

/// The answer to `llm::key_request`. `about` heads the line.
finding judge_key(const llm::endpoint& where, std::string_view model,
                  const result<http_response>& answer,
                  const std::string& about = "model key");

/// Whether the table knows the model, and what it costs.
finding judge_model(const llm::model_entry& model,
                    const std::string& about = "model");

/// The answer to `github::repository_request`. `asked` names the repository;
/// `token` tells what kind it is; nothing is pushed to it in fork mode.
finding judge_rights(const github::pull_request& asked, std::string_view token,
                     const result<http_response>& answer,
                     std::int64_t now_epoch, bool needs_push = true);

/// This machine's clock against an answer's Date; skipped without one.
finding judge_clock(const http_response& answer, wall_time now);

} // namespace pj
