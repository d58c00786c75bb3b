#pragma once
#include "core/patch/patch.hpp"

#include <string_view>

namespace pj {

/// One line for people, on standard error, with the program's mark in front.
void say(std::string_view text);

struct apply_outcome {
  bool written = false;
  bool show_diff = false;
};

/// For people: lines on standard error, a wanted diff on standard output.
/// Colours only on a terminal and without NO_COLOR.
void print(const patch::plan& yes, const apply_outcome& outcome);
void print(const patch::refusal& no);

/// For machines: one JSON object on standard output, nothing else.
void print_json(const patch::plan& yes, const apply_outcome& outcome);
void print_json(const patch::refusal& no);

} // namespace pj
