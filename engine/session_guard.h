// How errors of evaluations become events.
#pragma once

#include <utility>

#include "engine/session.h"

namespace aiguillage::engine {

template <typename Work>
bool Session::Guarded(Work work, const std::string& send_id) {
  try {
    work();
    return true;
  } catch (const evaluator::OverBudget& error) {
    RaiseError(error.what(), send_id);
  } catch (const evaluator::Thrown& error) {
    RaiseError(error.what(), send_id);
  }
  return false;
}

}  // namespace aiguillage::engine
