#pragma once
#include "apps/mock/playbook.hpp"

#include <functional>
#include <memory>

namespace pj::doubles {

/// Tells when the answer's status is known.
std::shared_ptr<responder> watched(std::shared_ptr<responder> inner,
                                   std::function<void(int status)> answered);

/// Whether `bent` acts this fault out.
bool bends(fault_kind kind) noexcept;

/// Makes the answer go wrong as the fault says.
std::shared_ptr<responder> bent(std::shared_ptr<responder> inner, fault how,
                                std::shared_ptr<playbook> book);

} // namespace pj::doubles
