#pragma once
#include "core/failure.hpp"
#include "core/patch/patch.hpp"

namespace pj {

struct apply_outcome {
  bool written = false;
  bool show_diff = false;
};

/// For people: lines on standard error, a wanted diff on standard output.
void print(const patch::plan& yes, const apply_outcome& outcome);
void print(const patch::refusal& no);
void print(const failure& why);

/// For machines: one JSON object on standard output, nothing else.
void print_json(const patch::plan& yes, const apply_outcome& outcome);
void print_json(const patch::refusal& no);
void print_json(const failure& why);

} // namespace pj
